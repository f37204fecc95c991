/* Counts, means and the deviation of the miss that follow from the integer totals of one cell. The variables of
 * result_variables.c are computed from them. */
#ifndef ZEM_CELL_TOTALS_H
#define ZEM_CELL_TOTALS_H

#include "result/result.h"

/* Numbers of hit radii and of shots in a salvo; they are the same for all cells. */
size_t zem_radius_count(const struct zem_result *result);
size_t zem_shot_count(const struct zem_result *result);

/* The number of trials counted in a cell, and the number of trials that passed the target and so have a miss
 * distance. */
uint64_t zem_trial_count(const struct zem_result *result, uint64_t cell);
uint64_t zem_passed_count(const struct zem_result *result, uint64_t cell);

/* The number of salvos in which shot `shot`, counted from 0, hit within the hit radius with the index `radius`; and the
 * number of salvos with exactly `hits` hits within it. Both need salvos of at least two shots. */
uint64_t zem_shot_hits(const struct zem_result *result, uint64_t cell, size_t radius, size_t shot);
uint64_t zem_salvos_with_hits(const struct zem_result *result, uint64_t cell, size_t radius, size_t hits);

/* The confidence of the intervals of a cell. It differs between cells if the confidence is a sweep axis. */
double zem_cell_confidence(const struct zem_result *result, uint64_t cell);

/* The mean of a quantity over the trials that passed the target, in SI units. `word` is the first of the two words of
 * the tally that hold the sum of the quantity, such as ZEM_TALLY_MISS. NaN if no trial passed. */
double zem_mean_of_passed(const struct zem_result *result, uint64_t cell, size_t word);

/* The standard deviation of the miss distance over the trials that passed, in m; NaN without such trials. */
double zem_miss_deviation(const struct zem_result *result, uint64_t cell);

#endif
