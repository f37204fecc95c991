/* A step that is cut into parts where the target's acceleration jumps (kernels/step_parts.h), compared with double
 * integrals of the acceleration. */
#include "kernels/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define STEP 0.25f

/* Flies one step against a target without guidance. The acceleration of the target jumps at `start`, s; the
 * displacement is its double integral. */
static struct engagement flown(feature_set feature, float start)
{
    static struct cell_parameters cell;
    cell = (struct cell_parameters){.features = feature, .switching_rate = 1.0f};
    struct engagement e = {.address = {0}};
    struct loop_input whole = {.step = STEP, .time = {1.0f, 1.0f + 0.5f * STEP, 1.0f + STEP}};
    const struct jump_input jump = {0.6f, -0.8f, 0.0f};
    struct target target = {.level = 10.0f, .start = start, .sign = 1.0f, .next_reversal = start};
    e.homing.y = e.homing.z = channel_zero();
    for (int k = 0; k < 3; k++) {
        whole.sight[k].inverse_range = 1e-4f;
        whole.sight[k].closing_rate = 0.5f;
        whole.sight[k].closing_speed = 4000.0f;
    }
    loop_input_unmeasured(&whole);
    engagement_parts(&cell, &e, &target, &whole, &jump);
    return e;
}

static void a_step_maneuver_acts_from_its_start(void **state)
{
    (void)state;
    for (double after = 0.0; after <= 0.25; after += 0.03125) {
        const struct engagement e = flown(ZEM_FEATURE_STEP, (float)(1.25 - after));
        const double velocity = 10.0 * after, position = 5.0 * after * after;
        printf("%g: %.9g %.9g\n", after, (double)e.homing.y.velocity, (double)e.homing.y.position);
        /* The limits allow a few roundings of the time, 1.25 s, and of the result. */
        assert_true(fabs((double)e.homing.y.velocity - 0.6 * velocity) < 3e-6
                    && fabs((double)e.homing.z.velocity + 0.8 * velocity) < 3e-6
                    && fabs((double)e.homing.y.position - 0.6 * position) < 1e-6
                    && fabs((double)e.homing.z.position + 0.8 * position) < 1e-6);
    }
}

/* A telegraph that reverses once in the step has the velocity v = level (time before - time after). The second reversal
 * is far ahead. */
static void a_telegraph_reverses_where_it_does(void **state)
{
    (void)state;
    const struct engagement none = flown(ZEM_FEATURE_TELEGRAPH, 9.0f);
    assert_true(fabs((double)none.homing.y.velocity - 0.6 * 10.0 * 0.25) < 3e-6);
    const struct engagement once = flown(ZEM_FEATURE_TELEGRAPH, 1.0625f);
    printf("%.9g %.9g\n", (double)once.homing.y.velocity, (double)once.homing.y.position);
    /* It reverses 1/16 s into the step. The interval to the next reversal is 1 s on average and longer than the step
     * for this address. */
    assert_true(fabs((double)once.homing.y.velocity - 6.0 * (0.0625 - 0.1875)) < 3e-6);
    const double first = 3.0 * 0.0625 * 0.0625, then = 6.0 * 0.0625 * 0.1875 - 3.0 * 0.1875 * 0.1875;
    assert_true(fabs((double)once.homing.y.position - (first + then)) < 1e-6);
}

/* The inputs of a part of a step lie on the parabola through the three inputs of the whole step. */
static void a_part_has_the_values_of_the_parabola(void **state)
{
    (void)state;
    const struct step_part part = {.at = {0.5f, 0.75f, 1.0f}, .whole = 0},
                           whole = {.at = {0.0f, 0.5f, 1.0f}, .whole = 1};
    real node[3] = {1.0f, 2.0f, 5.0f}, kept[3] = {0.1f, 0.7f, 0.2f}; /* `node` has the parabola 1 + 4 u^2 */
    part_nodes(&part, node);
    part_nodes(&whole, kept);
    assert_true(fabs((double)node[0] - 2.0) < 1e-6 && fabs((double)node[1] - 3.25) < 1e-6
                && fabs((double)node[2] - 5.0) < 1e-6);
    assert_true(kept[0] == 0.1f && kept[1] == 0.7f && kept[2] == 0.2f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_maneuver_acts_from_its_start),
        cmocka_unit_test(a_telegraph_reverses_where_it_does),
        cmocka_unit_test(a_part_has_the_values_of_the_parabola),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
