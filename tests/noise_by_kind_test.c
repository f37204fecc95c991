/* The noise of single kinds, step by step. The mean of the noise over a step is a standard normal that is the sum of
 * the kinds' parts. The sign of its slope belongs to one kind, with a probability equal to the share of this kind in
 * the density of the noise.
 *
 * Counts and sums over STEPS steps have limits of 4.5 standard deviations, which are stated with them. There are fewer
 * than 20, so that one of 7,000 seeds fails somewhere by chance. The seed is fixed. */
#define ZEM_LANES 1
#define ZEM_DRAW_EXCHANGE "device/native/draw_exchange.h"
#define ZEM_NOISE_SOURCE "device/native/noise_by_kind.h"
#define ZEM_NOISE_SAMPLED_BY_SOURCE
#include "kernels/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { STEPS = 20000 };
#define RANGE 1000.0f

/* Glint makes three tenths of the noise's density at the distance RANGE, semiactive noise the rest. */
static const struct cell_parameters two_kinds = {.glint = 3.0e-2f, .semiactive_noise = 7.0e-14f};
#define GLINT (1u << ZEM_SOURCE_NOISE)
#define SEMIACTIVE (1u << (ZEM_SOURCE_NOISE + 2))

static struct noise noise_at(const struct cell_parameters *cell, u32 exchanged, u32 step)
{
    const struct address address = {.trial_low = 5u, .seed_low = 77u, .exchanged = exchanged};
    static struct noise_source source;
    if (step == 0u)
        source = noise_source_begin(&address);
    noise_source_place(&source, cell, RANGE, 1.0f / RANGE);
    return noise_next(&source, &address, step);
}

/* The noise of all steps in the two channels: the mean over each step, and the sign bit of its slope. */
struct series {
    float mean[STEPS][2];
    u32 sign[STEPS][2];
};

static void fill(struct series *s, const struct cell_parameters *cell, u32 exchanged)
{
    for (u32 k = 0; k < STEPS; k++) {
        const struct noise now = noise_at(cell, exchanged, k);
        s->mean[k][0] = now.mean_y;
        s->mean[k][1] = now.mean_z;
        s->sign[k][0] = now.signs & 1u;
        s->sign[k][1] = now.signs >> 1 & 1u;
    }
}

static struct series own, partner, glint, semiactive;

static int fill_all(void **state)
{
    (void)state;
    fill(&own, &two_kinds, 0u);
    fill(&partner, &two_kinds, GLINT | SEMIACTIVE);
    fill(&glint, &two_kinds, GLINT);
    fill(&semiactive, &two_kinds, SEMIACTIVE);
    return 0;
}

static void assert_within(double found, double right, double deviation)
{
    if (!(fabs(found - right) <= 4.5 * deviation))
        fail_msg("%g, expected %g +- %g", found, right, deviation);
}

/* Returns the mean of the products of the step means of `a` and `b`, over all steps and both channels. */
static double product(const struct series *a, const struct series *b)
{
    double sum = 0;
    for (int k = 0; k < STEPS; k++)
        for (int c = 0; c < 2; c++)
            sum += (double)a->mean[k][c] * (double)b->mean[k][c] / (2.0 * STEPS);
    return sum;
}

static void the_mean_is_a_standard_normal_that_adds_up(void **state)
{
    (void)state;
    assert_within(product(&own, &own), 1, sqrt(2 / (2.0 * STEPS)));
    assert_within(product(&own, &partner), 0, sqrt(1 / (2.0 * STEPS)));
    assert_within(product(&own, &glint), 0.7, sqrt((1 + 0.7 * 0.7) / (2.0 * STEPS)));
    assert_within(product(&own, &semiactive), 0.3, sqrt((1 + 0.3 * 0.3) / (2.0 * STEPS)));
    for (int k = 0; k < STEPS; k++)
        for (int c = 0; c < 2; c++) {
            const double changes = (double)glint.mean[k][c] + (double)semiactive.mean[k][c] - (double)own.mean[k][c];
            assert_true(fabs(changes - (double)partner.mean[k][c]) < 1e-5); /* numbers of up to 6 are rounded */
        }
}

/* Returns in which fraction of the steps and channels the slopes of `a` and `b` have different signs. */
static double flipped(const struct series *a, const struct series *b)
{
    double sum = 0;
    for (int k = 0; k < STEPS; k++)
        for (int c = 0; c < 2; c++)
            sum += a->sign[k][c] != b->sign[k][c];
    return sum / (2.0 * STEPS);
}

/* An exchange of a kind changes the sign of the slope only in steps where the sign belongs to that kind, and there with
 * the probability one half. */
static void the_slope_belongs_to_a_kind_by_its_share(void **state)
{
    (void)state;
    assert_within(flipped(&own, &glint), 0.15, sqrt(0.15 * 0.85 / (2.0 * STEPS)));
    assert_within(flipped(&own, &semiactive), 0.35, sqrt(0.35 * 0.65 / (2.0 * STEPS)));
    assert_within(flipped(&own, &partner), 0.5, sqrt(0.25 / (2.0 * STEPS)));
    assert_within(flipped(&glint, &semiactive), 0.5, sqrt(0.25 / (2.0 * STEPS)));
    for (int k = 0; k < STEPS; k++)
        for (int c = 0; c < 2; c++)
            assert_true(glint.sign[k][c] == own.sign[k][c] || semiactive.sign[k][c] == own.sign[k][c]);
    double negative = 0;
    for (int k = 0; k < STEPS; k++)
        negative += own.sign[k][0] / (double)STEPS;
    assert_within(negative, 0.5, sqrt(0.25 / STEPS));
}

/* A single kind of noise has the draws of kernels/seeker.h, and with an exchange those of the partner trial. */
static void one_kind_alone_has_the_draws_of_the_trial_or_of_its_partner(void **state)
{
    (void)state;
    const struct cell_parameters one_kind = {.semiactive_noise = 1.0e-12f};
    const struct address address = {.trial_low = 5u, .seed_low = 77u};
    struct noise_block block = noise_block_begin(&address);
    for (u32 k = 0; k < 100; k++) {
        const struct noise right = noise_take(&block, &address, k), now = noise_at(&one_kind, 0u, k);
        assert_true(now.mean_y == right.mean_y && now.mean_z == right.mean_z && now.signs == right.signs);
    }
    block = noise_block_begin(&address);
    for (u32 k = 0; k < 100; k++) {
        const struct address other = {.trial_low = 5u, .seed_low = 77u, .shot = ZEM_PARTNER};
        const struct noise right = noise_take(&block, &other, k), now = noise_at(&one_kind, SEMIACTIVE, k);
        assert_true(now.mean_y == right.mean_y && now.signs == right.signs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_is_a_standard_normal_that_adds_up),
        cmocka_unit_test(the_slope_belongs_to_a_kind_by_its_share),
        cmocka_unit_test(one_kind_alone_has_the_draws_of_the_trial_or_of_its_partner),
    };
    return cmocka_run_group_tests(tests, fill_all, NULL);
}
