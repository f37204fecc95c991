/* Matrices of correlated groups: the triangular factor and the smallest eigenvalue of matrices whose spectrum is known,
 * and what the reader says of matrices that are no correlations. */
#include "scenario/correlation.h"
#include "scenario_reading.h"

#include <math.h>

enum { N = 6 };

/* Makes the matrix with 1 on the diagonal and r elsewhere, whose eigenvalues are 1 - r and 1 + (n - 1) r. */
static void equal(double r, double matrix[N * N])
{
    for (int i = 0; i < N * N; i++)
        matrix[i] = i % (N + 1) == 0 ? 1.0 : r;
}

static void the_factor_gives_the_matrix(void **state)
{
    (void)state;
    const double coefficients[] = {0.0, 0.3, 0.95, 1.0, -0.15, -0.2};
    double matrix[N * N], factor[N * N];
    for (size_t c = 0; c < sizeof coefficients / sizeof *coefficients; c++) {
        equal(coefficients[c], matrix);
        assert_true(zem_correlation_factor(N, matrix, factor));
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                double sum = 0.0;
                for (int k = 0; k < N; k++)
                    sum += factor[i * N + k] * factor[j * N + k];
                assert_true(fabs(sum - matrix[i * N + j]) < 1e-9); /* the program takes pivots below 1e-9 as zero */
                assert_true(j <= i || factor[i * N + j] == 0.0);
            }
    }
}

static void the_smallest_eigenvalue_is_known(void **state)
{
    (void)state;
    double matrix[N * N];
    for (double r = -0.9; r <= 1.0; r += 0.1) {
        equal(r, matrix);
        assert_true(fabs(zem_correlation_smallest_eigenvalue(N, matrix) - fmin(1.0 - r, 1.0 + (N - 1) * r)) < 1e-13);
        double factor[N * N];
        assert_int_equal(zem_correlation_factor(N, matrix, factor), fmin(1.0 - r, 1.0 + (N - 1) * r) > -1e-9);
    }
    const double pair[] = {1.0, -0.6, -0.6, 1.0};
    assert_true(fabs(zem_correlation_smallest_eigenvalue(2, pair) - 0.4) < 1e-15);
}

static const char dispersed[] =
    "zem: 1\n"
    "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\n"
    "interceptor: {speed: 2 km/s, displacement_y: {mean: 0 m, sigma: 1 m}, displacement_z: {from: 0 m, to: 1 m},\n"
    "  heading_error_y: {mean: 0 degree, sigma: 1 degree}}\n"
    "scoring: {hit_radius: 1 m}\n"
    "run: {trials: 100}\n";

#define KEYS2 "keys: [interceptor.displacement_y, interceptor.displacement_z]"
#define KEYS3 "keys: [interceptor.displacement_y, interceptor.displacement_z, interceptor.heading_error_y]"

static void groups_are_read(void **state)
{
    (void)state;
    const char *both[] = {"correlations=[{" KEYS2 ", coefficient: -0.25}]",
                          "correlations=[{" KEYS2 ", matrix: [[1, -0.25], [-0.25, 1]]}]"};
    for (int i = 0; i < 2; i++) {
        struct reading reading;
        reading_begin(&reading, dispersed, sizeof dispersed - 1, &both[i], 1);
        assert_int_equal(reading.status, 0);
        assert_int_equal(reading.scenario.correlation_count, 1);
        const struct zem_correlation *group = &reading.scenario.correlation[0];
        assert_true(group->count == 2 && group->key[1] == ZEM_KEY_DISPLACEMENT_Z && group->matrix[2] == -0.25);
        assert_true(reading.scenario.resolution.by_trial && reading.scenario.resolution.drawn[ZEM_KEY_DISPLACEMENT_Y]
                    && !reading.scenario.resolution.drawn[ZEM_KEY_HEADING_ERROR_Y]);
        reading_end(&reading);
    }
}

static void wrong_groups_are_refused(void **state)
{
    (void)state;
    const char *cases[][2] = {
        {"correlations=5", "a list of groups"},
        {"correlations=[7]", "a group is"},
        {"correlations=[{" KEYS2 "}]", "needs a matrix"},
        {"correlations=[{" KEYS2 ", coeficient: 0.5}]", "did you mean \"coefficient\"?"},
        {"correlations=[{" KEYS2 ", coefficient: 1.5}]", "between -1 and 1"},
        {"correlations=[{" KEYS2 ", coefficient: 0.5 m}]", "a pure number has no unit"},
        {"correlations=[{" KEYS3 ", coefficient: 0.5}]", "a row for every key"},
        {"correlations=[{" KEYS2 ", matrix: [[1, 0.5]]}]", "a list of 2 rows of 2 numbers"},
        {"correlations=[{" KEYS2 ", matrix: [[1, 0.5], [0.5]]}]", "a list of 2 rows of 2 numbers"},
        {"correlations=[{" KEYS2 ", matrix: [[0.9, 0.5], [0.5, 1]]}]", "interceptor.displacement_y with itself is 1"},
        {"correlations=[{" KEYS2 ", matrix: [[1, 0.5], [0.4, 1]]}]", "not symmetric: interceptor.displacement_z with"},
        {"correlations=[{" KEYS3 ", matrix: [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]}]",
         "smallest eigenvalue of the matrix is -0.8"},
        {"correlations=[{keys: [interceptor.displacement_y], matrix: [[1]]}]", "2 to 16 keys"},
        {"correlations=[{keys: [interceptor.displacement_y, interceptor.speed], coefficient: 0}]", "does not vary"},
        {"correlations=[{keys: [interceptor.displacement_y, interceptor.displacment_z], coefficient: 0}]",
         "did you mean \"interceptor.displacement_z\"?"},
        {"correlations=[{keys: [interceptor.displacement_y, interceptor.displacement_y], coefficient: 0}]",
         "stands in one group once"},
        {"correlations=[{" KEYS2 ", coefficient: 0}, {" KEYS3 ", matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}]",
         "stands in one group once"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        char text[1024] = "";
        reading_begin(&reading, dispersed, sizeof dispersed - 1, &cases[i][0], 1);
        assert_int_equal(reading.status, ZEM_BAD_INPUT);
        zem_diagnostics_format(&reading.diagnostics, 0, text, sizeof text);
        if (strstr(text, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], text);
        reading_end(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_factor_gives_the_matrix),
        cmocka_unit_test(the_smallest_eigenvalue_is_known),
        cmocka_unit_test(groups_are_read),
        cmocka_unit_test(wrong_groups_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
