/* The test of whether cells differ: how often it takes chance for a difference, and that it finds differences. Limits
 * are five standard deviations of a binomial count, which chance exceeds once in three million runs. The seeds were
 * chosen before any result was seen. */
#include "base/homogeneity.h"

#include "counted_results.h"

#define REPLICAS 60
#define LEVEL 0.05

/* Surfaces with the same probability p in all cells. The number of trials goes from `first` in the first cell to `last`
 * in the last, by equal factors. */
static const struct surface {
    size_t cells;
    double first, last, p;
} surfaces[] = {
    {2, 50, 50, 0.3},       {2, 20, 20000, 0.01}, {3, 1000, 1000, 0.999}, {10, 2000, 2000, 0.434},
    {10, 100, 1e6, 0.001},  {100, 30, 30, 0.02},  {100, 10, 1e5, 0.5},    {400, 1000, 1000, 0.001},
    {400, 200, 5000, 0.95}, {1000, 5, 5, 0.3},    {21000, 5, 60, 0.1},
};

static void fill(const struct surface *surface, struct zem_proportion *cell, uint64_t *random)
{
    for (size_t i = 0; i < surface->cells; i++) {
        const double part = (double)i / (double)(surface->cells - 1);
        cell[i].trials = (uint64_t)rint(surface->first * pow(surface->last / surface->first, part));
        cell[i].hits = counted_binomial(cell[i].trials, surface->p, random);
    }
}

static void noise_seldom_differs(void **state)
{
    (void)state;
    uint64_t random = 3;
    struct zem_proportion *cell = malloc(21000 * sizeof *cell);
    for (size_t k = 0; k < sizeof surfaces / sizeof *surfaces; k++) {
        const int replicas = surfaces[k].cells >= 1000 ? 20 : REPLICAS;
        int differ = 0;
        for (int i = 0; i < replicas; i++) {
            fill(&surfaces[k], cell, &random);
            differ += zem_homogeneity_chance(cell, surfaces[k].cells, false) <= LEVEL;
            assert_true(i > 5 || zem_homogeneity_chance(cell, surfaces[k].cells, true) > 1e-4);
        }
        if (differ > replicas * LEVEL + 5 * sqrt(replicas * LEVEL))
            fail_msg("surface %zu differs %d times of %d", k, differ, replicas);
    }
    free(cell);
}

/* Two kinds of differences: p rises over the cells by four standard deviations of a cell, and a single cell is far from
 * all others. */
static void differences_are_found(void **state)
{
    (void)state;
    uint64_t random = 4;
    struct zem_proportion cell[500];
    for (size_t cells = 50; cells <= 500; cells *= 10) {
        for (size_t i = 0; i < cells; i++)
            cell[i] =
                (struct zem_proportion){counted_binomial(1000, 0.3 + 0.06 * (double)i / (double)cells, &random), 1000};
        assert_true(zem_homogeneity_chance(cell, cells, false) < LEVEL);
        for (size_t i = 0; i < cells; i++)
            cell[i].hits = counted_binomial(1000, i == 7 ? 0.4 : 0.3, &random);
        assert_true(zem_homogeneity_chance(cell, cells, false) < LEVEL);
        assert_true(zem_homogeneity_chance(cell, cells, true) < LEVEL);
    }
}

/* A table far beyond chance has the p-value that 1,999 random tables would give if none reached it, which is the least
 * possible. It needs no random tables: with them, the thousand repetitions would take an hour. */
static void a_table_far_beyond_chance_needs_no_random_tables(void **state)
{
    (void)state;
    const size_t cells = 20000;
    uint64_t random = 6;
    struct zem_proportion *cell = malloc(cells * sizeof *cell);
    for (size_t i = 0; i < cells; i++)
        cell[i] = (struct zem_proportion){counted_binomial(16, (double)i / (double)cells, &random), 16};
    for (int i = 0; i < 1000; i++)
        assert_true(zem_homogeneity_chance(cell, cells, false) <= 2.0 / 2000);
    free(cell);
}

/* The program computes p-values by a formula (Dawson's mean and variance of the chi-square) for many cells, and from
 * random tables with the same totals for fewer. 20,001 cells by the formula and their first 19,999 by tables must
 * agree, because they are nearly the same. The counts are fixed by the seed, so that only the tables are random. */
static void the_formula_for_many_cells_agrees_with_tables(void **state)
{
    (void)state;
    const size_t many = 20001;
    uint64_t random = 5;
    struct zem_proportion *cell = malloc(many * sizeof *cell);
    for (int i = 0; i < 3; i++) {
        const double spread = 0.004 * i; /* a little more than chance, so that p-values cover a range */
        for (size_t k = 0; k < many; k++)
            cell[k] = (struct zem_proportion){counted_binomial(30 + k % 41, 0.15 + spread * (k % 2 ? 1 : -1), &random),
                                              30 + k % 41};
        const double formula = zem_homogeneity_chance(cell, many, false),
                     drawn = zem_homogeneity_chance(cell, many - 2, false);
        /* If 20 random tables differ more than the observed one, their number has a deviation of 22 %. The two cells
         * that are left out matter less. */
        if (!(fabs(log(formula / drawn)) < 5 * 0.22 + 0.1) && (formula > 0.01 || drawn > 0.02))
            fail_msg("%g by the formula, %g by tables", formula, drawn);
    }
    free(cell);
}

static void what_cannot_differ_does_not(void **state)
{
    (void)state;
    const struct zem_proportion none[3] = {{0, 0}, {5, 10}, {0, 0}}, zero[3] = {{0, 10}, {0, 10}, {0, 10}},
                                all[2] = {{10, 10}, {20, 20}};
    assert_true(zem_homogeneity_chance(none, 3, false) == 1);
    assert_true(zem_homogeneity_chance(zero, 3, false) == 1);
    assert_true(zem_homogeneity_chance(all, 2, true) == 1);
    assert_true(zem_homogeneity_chance(NULL, 0, false) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_seldom_differs),
        cmocka_unit_test(differences_are_found),
        cmocka_unit_test(a_table_far_beyond_chance_needs_no_random_tables),
        cmocka_unit_test(the_formula_for_many_cells_agrees_with_tables),
        cmocka_unit_test(what_cannot_differ_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
