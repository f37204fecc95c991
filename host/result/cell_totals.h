/* Counts, means and the deviation that follow from the integer totals of one cell. The variables of result_variables.c
 * are computed from them. Nothing else of a result is read here. */
#ifndef ZEM_CELL_TOTALS_H
#define ZEM_CELL_TOTALS_H

#include "result/result.h"

/* Numbers of hit radii and of shots in a salvo; they are the same for all cells. */
size_t zem_radius_count(const struct zem_result *result);
size_t zem_shot_count(const struct zem_result *result);

/* Trials that were counted in a cell, and those of them that passed the target, so that they have a miss distance. */
uint64_t zem_trial_count(const struct zem_result *result, uint64_t cell);
uint64_t zem_passed_count(const struct zem_result *result, uint64_t cell);

/* Salvos in which this shot (from 0) hit within the radius, and salvos with exactly this number of hits. For salvos of
 * several shots. */
uint64_t zem_shot_hits(const struct zem_result *result, uint64_t cell, size_t radius, size_t shot);
uint64_t zem_salvos_with_hits(const struct zem_result *result, uint64_t cell, size_t radius, size_t hits);

/* The confidence of the intervals of a cell, which differs between cells if it is a sweep axis. */
double zem_cell_confidence(const struct zem_result *result, uint64_t cell);

/* The mean over the trials that passed of the sum that begins at `word`, such as ZEM_TALLY_MISS, in SI units; NaN
 * without such trials. */
double zem_mean_of_passed(const struct zem_result *result, uint64_t cell, size_t word);

/* The standard deviation of the miss distance over the trials that passed, in m; NaN without such trials. */
double zem_miss_deviation(const struct zem_result *result, uint64_t cell);

#endif
