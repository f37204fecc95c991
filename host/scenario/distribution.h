/* The distributions that a value may have: their parts, moments and quantiles. A part is a parameter of a distribution,
 * such as its mean or its sigma. Values are in the unit in which the key is stored (SI). All results have the same bits
 * on every machine, because the kernels use them. */
#ifndef ZEM_DISTRIBUTION_H
#define ZEM_DISTRIBUTION_H

#include "scenario/scenario.h"

#define ZEM_FORM_PARTS 4

/* One row of the table of distributions: the name of a distribution, and its parts, such as mean and sigma, in the
 * order of the members first to fourth of struct zem_value. */
struct zem_distribution_form {
    const char *word; /* such as "normal" */
    size_t part_count;
    enum zem_part part[ZEM_FORM_PARTS];
};

extern const struct zem_distribution_form zem_distribution_forms[ZEM_DISTRIBUTIONS];

/* The names of the parts of distributions, such as "sigma". The index is enum zem_part; the name of ZEM_PART_VALUE is
 * empty. */
extern const char *const zem_part_names[ZEM_PARTS];

/* Finds a part of a distribution by its name, such as "sigma". Returns false if there is none. */
bool zem_part_find(const char *name, enum zem_part *part);

/* Returns a pointer to a part of a value, such as its sigma, or NULL if its distribution has no such part. Of a
 * constant, ZEM_PART_VALUE and ZEM_PART_MEAN are both the number itself. */
double *zem_value_part(struct zem_value *value, enum zem_part part);

/* Replaces a value by a constant. */
void zem_value_fix(struct zem_value *value, double constant);

/* Whether a key may have a distribution. This is so for the numbers of the sections engagement, target, interceptor and
 * seeker. */
bool zem_key_disperses(const struct zem_key_info *info);

/* Whether the value of a key may be an expression (formula.h). This is so for the keys that may have a distribution,
 * and for salvo.spacing, run.step and run.step_ratio. */
bool zem_key_takes_formula(const struct zem_key_info *info);

/* The mean of a value, and the mean of its square. A constant has itself as the mean. */
double zem_distribution_mean(const struct zem_value *value);
double zem_distribution_mean_square(const struct zem_value *value);

/* Writes the smallest and the largest value that can be drawn. They are infinite if the distribution has no end. */
void zem_distribution_support(const struct zem_value *value, double *low, double *high);

/* Quantile functions. The first returns the value below which the probability is u, 0 < u < 1. The second returns the
 * same value for u = P(Z < z), where Z is standard normal. A constant is returned as it is. */
double zem_distribution_from_uniform(const struct zem_value *value, double u);
double zem_distribution_from_normal(const struct zem_value *value, double z);

/* Checks a value: its parts must not contradict each other, and every number that can be drawn must keep the rule of
 * the key. Returns true and writes the mistake to text[size] if the value is wrong. Returns false and leaves `text`
 * unchanged if it is right. */
bool zem_value_fault(const struct zem_key_info *info, const struct zem_value *value, char *text, size_t size);

#endif
