/* The distributions that a value may have: their parts, moments and quantiles. A value is in the unit of its key. All
 * results have the same bits on every machine, because they reach the kernels. */
#ifndef ZEM_DISTRIBUTION_H
#define ZEM_DISTRIBUTION_H

#include "scenario/scenario.h"

#define ZEM_FORM_PARTS 4

/* One row of the table of distributions: the word for it, and its parts in the order of the members first to fourth of
 * struct zem_value. */
struct zem_distribution_form {
    const char *word; /* such as "normal" */
    size_t part_count;
    enum zem_part part[ZEM_FORM_PARTS];
};

extern const struct zem_distribution_form zem_distribution_forms[ZEM_DISTRIBUTIONS];

/* The name of every part, by enum zem_part; that of ZEM_PART_VALUE is empty. */
extern const char *const zem_part_names[ZEM_PARTS];

/* Finds a part by its name. False if there is none. */
bool zem_part_find(const char *name, enum zem_part *part);

/* Returns the place of a part in a value, or NULL if its distribution has no such part. ZEM_PART_VALUE is the first
 * part of a constant, and a constant is also the mean of a normal distribution without width. */
double *zem_value_part(struct zem_value *value, enum zem_part part);

/* Makes a constant of a value. */
void zem_value_fix(struct zem_value *value, double constant);

/* Whether a key may have any distribution: it is a number of an engagement, its target, interceptor or seeker. */
bool zem_key_disperses(const struct zem_key_info *info);

/* Whether the value of a key may be an expression (formula.h): of these numbers, and of a few keys that follow from
 * them. The keys that plan a run may not. */
bool zem_key_takes_formula(const struct zem_key_info *info);

/* The mean of a value and of its square; those of a constant are the value itself and its square. */
double zem_distribution_mean(const struct zem_value *value);
double zem_distribution_mean_square(const struct zem_value *value);

/* The smallest and the largest value that can be drawn; infinite for an unbounded tail. */
void zem_distribution_support(const struct zem_value *value, double *low, double *high);

/* The value that belongs to the lower tail probability u, 0 < u < 1, and to the standard normal z. Both give the same
 * value for u = P(Z < z). A constant is returned as it is. */
double zem_distribution_from_uniform(const struct zem_value *value, double u);
double zem_distribution_from_normal(const struct zem_value *value, double z);

/* Writes why no trial, or not every trial, could have this value: its parts contradict each other, or its support
 * breaks the rule of the key. Returns false, with text[size] untouched, if it is sound. */
bool zem_value_fault(const struct zem_key_info *info, const struct zem_value *value, char *text, size_t size);

#endif
