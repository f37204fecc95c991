/* Reads groups of correlated keys, and checks and factors their matrices. The kernels use draws that are made with the
 * factor, so it is computed with + - * / and sqrt, which give the same bits on every machine. No library is used for
 * it. */
#include "scenario/correlation.h"

#include "base/number.h"
#include "base/suggestion.h"
#include "scenario/distribution.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pivot of the Cholesky method with at most this magnitude counts as zero. Rounding errors are up to this large for a
 * matrix of up to sixteen rows whose numbers were written with twelve digits. */
#define PIVOT_ZERO 1e-9

bool zem_correlation_factor(size_t count, const double *matrix, double *factor)
{
    memset(factor, 0, count * count * sizeof *factor);
    for (size_t column = 0; column < count; column++) {
        double pivot = matrix[column * count + column];
        for (size_t k = 0; k < column; k++)
            pivot -= factor[column * count + k] * factor[column * count + k];
        if (pivot < -PIVOT_ZERO)
            return false;
        const double root = pivot > PIVOT_ZERO ? sqrt(pivot) : 0.0;
        factor[column * count + column] = root;
        for (size_t row = column + 1; row < count; row++) {
            double rest = matrix[row * count + column];
            for (size_t k = 0; k < column; k++)
                rest -= factor[row * count + k] * factor[column * count + k];
            /* If the pivot is zero, the key of this column follows from earlier keys. The rest of its column must then
             * be zero; otherwise the matrix has a negative eigenvalue. */
            if (!(root > 0.0) && fabs(rest) > sqrt(PIVOT_ZERO))
                return false;
            factor[row * count + column] = root > 0.0 ? rest / root : 0.0;
        }
    }
    return true;
}

/* Rotates rows and columns p and q of a symmetric matrix so that its element (p, q) becomes zero. */
static void rotate(size_t count, double *a, size_t p, size_t q)
{
    const double off = a[p * count + q];
    if (!(fabs(off) > 0.0))
        return;
    const double theta = (a[q * count + q] - a[p * count + p]) / (2.0 * off);
    const double t = (theta >= 0.0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1.0));
    const double c = 1.0 / sqrt(t * t + 1.0), s = t * c;
    for (size_t k = 0; k < count; k++) {
        const double kp = a[k * count + p], kq = a[k * count + q];
        a[k * count + p] = c * kp - s * kq;
        a[k * count + q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < count; k++) {
        const double pk = a[p * count + k], qk = a[q * count + k];
        a[p * count + k] = c * pk - s * qk;
        a[q * count + k] = s * pk + c * qk;
    }
}

double zem_correlation_smallest_eigenvalue(size_t count, const double *matrix)
{
    double a[ZEM_CORRELATED_KEYS_MAX * ZEM_CORRELATED_KEYS_MAX];
    memcpy(a, matrix, count * count * sizeof *a);
    for (int sweep = 0; sweep < 30; sweep++)
        for (size_t p = 0; p < count; p++)
            for (size_t q = p + 1; q < count; q++)
                rotate(count, a, p, q);
    double least = a[0];
    for (size_t k = 1; k < count; k++)
        least = fmin(least, a[k * count + k]);
    return least;
}

/* ---- reading ---- */

/* A group of correlated keys while it is being read: its YAML node, the nodes of its keys and of its matrix or single
 * coefficient, and the keys and the elements of the matrix that were read from them. */
struct draft {
    struct zem_reading *reading;
    const struct zem_yaml_node *node, *keys, *matrix, *coefficient;
    size_t count;
    enum zem_key key[ZEM_CORRELATED_KEYS_MAX];
    double value[ZEM_CORRELATED_KEYS_MAX * ZEM_CORRELATED_KEYS_MAX];
};

static bool draft_fill(struct draft *draft)
{
    static const char *const names[] = {"keys", "matrix", "coefficient"};
    const struct zem_yaml_node **const places[] = {&draft->keys, &draft->matrix, &draft->coefficient};
    bool good = true;
    for (const struct zem_yaml_node *child = draft->node->first; child != NULL; child = child->next) {
        size_t i = 0;
        while (i < 3 && strcmp(child->key, names[i]) != 0)
            i++;
        if (i < 3) {
            *places[i] = child;
            continue;
        }
        const char *near = zem_suggestion_nearest(child->key, names, 3);
        zem_diagnostics_add(
            draft->reading->diagnostics, ZEM_MISTAKE, child->key_line, child->key_column, "correlations",
            "unknown part \"%.40s\" of a group, which has keys, and a matrix or a coefficient%s%s%s", child->key,
            near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
        good = false;
    }
    return good;
}

/* Whether a key varies from trial to trial: it has a distribution in the file, or an axis sweeps its sigma. */
static bool is_random(const struct zem_scenario *scenario, enum zem_key key)
{
    bool random = scenario->value[key].distribution != ZEM_CONSTANT;
    for (size_t i = 0; i < scenario->axis_count; i++)
        random = random || (scenario->axis[i].key == key && scenario->axis[i].part == ZEM_PART_SIGMA);
    return random;
}

static bool key_read(struct draft *draft, const struct zem_yaml_node *node)
{
    struct zem_reading *reading = draft->reading;
    struct zem_scenario *scenario = reading->scenario;
    char near[96];
    const enum zem_key key =
        node->kind == ZEM_YAML_SCALAR && !node->null ? zem_key_find(node->text, node->length) : ZEM_KEY_COUNT;
    if (key == ZEM_KEY_COUNT) {
        const char *point = node->kind == ZEM_YAML_SCALAR ? strchr(node->text, '.') : NULL;
        zem_key_suggestion("", point != NULL ? point + 1 : "", near, sizeof near);
        zem_reading_mistake(reading, node, "correlations", "unknown key%s%s%s; a key is written section.name",
                            near[0] != '\0' ? "; did you mean \"" : "", near, near[0] != '\0' ? "\"?" : "");
        return false;
    }
    if (!is_random(scenario, key)) {
        if (!reading->bad[key])
            zem_reading_mistake(reading, node, "correlations",
                                "this key does not vary from trial to trial; give it a distribution, such as {mean: , "
                                "sigma: }, or take it out of the group");
        return false;
    }
    bool twice = false;
    for (size_t i = 0; i < draft->count; i++)
        twice = twice || draft->key[i] == key;
    for (size_t g = 0; g < scenario->correlation_count; g++)
        for (size_t i = 0; i < scenario->correlation[g].count; i++)
            twice = twice || scenario->correlation[g].key[i] == key;
    if (twice) {
        zem_reading_mistake(reading, node, "correlations",
                            "a key stands in one group once; put all that are correlated with it into that group");
        return false;
    }
    draft->key[draft->count++] = key;
    return true;
}

static bool keys_read(struct draft *draft)
{
    bool good = true;
    if (draft->keys == NULL || draft->keys->kind != ZEM_YAML_SEQUENCE || draft->keys->count < 2
        || draft->keys->count > ZEM_CORRELATED_KEYS_MAX) {
        zem_reading_mistake(draft->reading, draft->keys != NULL ? draft->keys : draft->node, "correlations",
                            "a group needs keys, a list of 2 to %d keys", ZEM_CORRELATED_KEYS_MAX);
        return false;
    }
    for (const struct zem_yaml_node *node = draft->keys->first; node != NULL; node = node->next)
        good = key_read(draft, node) && good;
    return good;
}

/* Reads one coefficient, from -1 to 1. */
static bool coefficient_read(struct draft *draft, const struct zem_yaml_node *node, double *coefficient)
{
    static const struct zem_key_info info = {
        .section = "correlations", .name = "matrix", .kind = ZEM_NUMBER, .unit = "1", .rule = ZEM_RULE_ANY};
    struct zem_measure measure;
    if (!zem_measure_read(draft->reading, &info, ZEM_PART_VALUE, "correlations", node, &measure))
        return false;
    if (fabs(measure.si) > 1.0) {
        zem_reading_mistake(draft->reading, node, "correlations", "a correlation lies between -1 and 1");
        return false;
    }
    *coefficient = measure.si;
    return true;
}

static bool rows_read(struct draft *draft)
{
    const size_t n = draft->count;
    bool good = true;
    size_t row = 0;
    bool shaped = draft->matrix->kind == ZEM_YAML_SEQUENCE && draft->matrix->count == n;
    for (const struct zem_yaml_node *node = draft->matrix->first; shaped && node != NULL; node = node->next)
        shaped = node->kind == ZEM_YAML_SEQUENCE && node->count == n;
    if (!shaped) {
        zem_reading_mistake(draft->reading, draft->matrix, "correlations",
                            "the matrix of %zu keys is a list of %zu rows of %zu numbers, such as [[1, 0.5], [0.5, 1]]",
                            n, n, n);
        return false;
    }
    for (const struct zem_yaml_node *node = draft->matrix->first; node != NULL; node = node->next, row++) {
        size_t column = 0;
        for (const struct zem_yaml_node *item = node->first; item != NULL; item = item->next, column++)
            good = coefficient_read(draft, item, &draft->value[row * n + column]) && good;
    }
    return good;
}

/* Checks the diagonal, the symmetry and the definiteness of the matrix. */
static bool matrix_check(struct draft *draft, double *factor)
{
    const size_t n = draft->count;
    const struct zem_yaml_node *node = draft->matrix != NULL ? draft->matrix : draft->coefficient;
    char first[96], second[96];
    for (size_t row = 0; row < n; row++)
        for (size_t column = 0; column <= row; column++) {
            const double value = draft->value[row * n + column], other = draft->value[column * n + row];
            zem_key_path(draft->key[row], first, sizeof first);
            zem_key_path(draft->key[column], second, sizeof second);
            if (row == column && value != 1.0) {
                zem_reading_mistake(draft->reading, node, "correlations",
                                    "the correlation of %s with itself is 1, and the diagonal has %g", first, value);
                return false;
            }
            if (value != other) {
                zem_reading_mistake(draft->reading, node, "correlations",
                                    "the matrix is not symmetric: %s with %s has %g, the other way round %g", first,
                                    second, value, other);
                return false;
            }
        }
    if (zem_correlation_factor(n, draft->value, factor))
        return true;
    zem_reading_mistake(draft->reading, node, "correlations",
                        "no random numbers have these correlations: the smallest eigenvalue of the matrix is %.4g, and "
                        "none may be negative; bring the coefficients nearer to 0",
                        zem_correlation_smallest_eigenvalue(n, draft->value));
    return false;
}

static bool matrix_read(struct draft *draft)
{
    if (draft->matrix != NULL && draft->coefficient == NULL)
        return rows_read(draft);
    if (draft->matrix == NULL && draft->coefficient != NULL && draft->count == 2) {
        draft->value[0] = draft->value[3] = 1.0;
        if (!coefficient_read(draft, draft->coefficient, &draft->value[1]))
            return false;
        draft->value[2] = draft->value[1];
        return true;
    }
    zem_reading_mistake(draft->reading, draft->node, "correlations",
                        "a group needs a matrix with a row for every key, or a coefficient if it has two keys");
    return false;
}

static void group_keep(const struct draft *draft, const double *factor)
{
    struct zem_scenario *scenario = draft->reading->scenario;
    const size_t squares = draft->count * draft->count;
    struct zem_correlation group = {.line = draft->node->line,
                                    .column = draft->node->column,
                                    .count = draft->count,
                                    .key = malloc(draft->count * sizeof *group.key),
                                    .matrix = malloc(squares * sizeof *group.matrix),
                                    .factor = malloc(squares * sizeof *group.factor)};
    struct zem_correlation *all =
        realloc(scenario->correlation, (scenario->correlation_count + 1) * sizeof *scenario->correlation);
    if (all != NULL)
        scenario->correlation = all;
    if (all == NULL || group.key == NULL || group.matrix == NULL || group.factor == NULL) {
        draft->reading->out_of_memory = true;
        free(group.key);
        free(group.matrix);
        free(group.factor);
        return;
    }
    memcpy(group.key, draft->key, draft->count * sizeof *group.key);
    memcpy(group.matrix, draft->value, squares * sizeof *group.matrix);
    memcpy(group.factor, factor, squares * sizeof *group.factor);
    scenario->correlation[scenario->correlation_count++] = group;
}

void zem_correlations_read(struct zem_reading *reading, const struct zem_yaml_node *node)
{
    if (node == NULL || node->null)
        return;
    if (node->kind != ZEM_YAML_SEQUENCE) {
        zem_reading_mistake(reading, node, "correlations",
                            "a list of groups is needed, such as [{keys: [interceptor.displacement_y, "
                            "interceptor.displacement_z], coefficient: 0.5}]");
        return;
    }
    for (const struct zem_yaml_node *child = node->first; child != NULL; child = child->next) {
        struct draft draft = {.reading = reading, .node = child};
        double factor[ZEM_CORRELATED_KEYS_MAX * ZEM_CORRELATED_KEYS_MAX];
        if (child->kind != ZEM_YAML_MAPPING) {
            zem_reading_mistake(reading, child, "correlations", "a group is {keys: [ ], matrix: [ ]}");
            continue;
        }
        if (draft_fill(&draft) && keys_read(&draft) && matrix_read(&draft) && matrix_check(&draft, factor))
            group_keep(&draft, factor);
    }
}

void zem_correlations_free(struct zem_scenario *scenario)
{
    for (size_t i = 0; i < scenario->correlation_count; i++) {
        free(scenario->correlation[i].key);
        free(scenario->correlation[i].matrix);
        free(scenario->correlation[i].factor);
    }
    free(scenario->correlation);
}
