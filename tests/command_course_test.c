/* The command over a step in which it meets a limit or ends (kernels/command_course.h), compared with integrals in
 * closed form. */
#include "kernels/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static struct command_course course_of(double start, double middle, double end, double limit, double stop)
{
    const struct command demanded[3] = {{(float)start, 0.0f}, {(float)middle, 0.0f}, {(float)end, 0.0f}};
    return course_project(demanded, (float)limit, (float)stop);
}

/* Return the integral and the double integral, over a step of unit duration, of the parabola through three values. */
static double integral(const struct command_course *c)
{
    return ((double)c->node[0].y + 4.0 * (double)c->node[1].y + (double)c->node[2].y) / 6.0;
}
static double double_integral(const struct command_course *c)
{
    return ((double)c->node[0].y + 2.0 * (double)c->node[1].y) / 6.0;
}

/* Returns the integral over a step of u^2 times the parabola. Simpson's rule is not exact for it, so that the
 * coefficients of the parabola are written out. */
static double second_moment(const struct command_course *c)
{
    const double a = (double)c->node[0].y, b = -3.0 * a + 4.0 * (double)c->node[1].y - (double)c->node[2].y,
                 d = 2.0 * a - 4.0 * (double)c->node[1].y + 2.0 * (double)c->node[2].y;
    return a / 3.0 + b / 4.0 + d / 5.0;
}

static void a_command_without_kink_is_its_own_projection(void **state)
{
    (void)state;
    const struct command_course c = course_of(3.0, -1.0, 2.0, 1e15, 1.0);
    printf("%.9g %.9g %.9g\n", (double)c.node[0].y, (double)c.node[1].y, (double)c.node[2].y);
    /* Two Gauss points integrate polynomials up to the third degree exactly in each part of the step. The curvature of
     * the projection is an integral of the fourth degree. Its error changes the values by 0.07 % of 14, the coefficient
     * of u^2 of this parabola. */
    assert_true(fabs((double)c.node[0].y - 3.0) < 0.01 && fabs((double)c.node[1].y + 1.0) < 0.01
                && fabs((double)c.node[2].y - 2.0) < 0.01 && (double)fabsf(c.share) < 1e-6);
}

/* A ramp 2u is cut at the limit 1; its integrals are in closed form below. The kink at u = 1/2 lies where two of the
 * four parts of a step meet, so that every part is smooth and the samples are exact. */
static void a_ramp_is_cut_at_the_limit(void **state)
{
    (void)state;
    const struct command_course c = course_of(0.0, 1.0, 2.0, 1.0, 1.0);
    /* The command c is 2u for u < 1/2 and 1 beyond. Integrals of c, u c and u^2 c. */
    const double first = 0.25 + 0.5, late = 2.0 / 24.0 + 3.0 / 8.0, square = 2.0 / 64.0 + 7.0 / 24.0;
    printf("%.9g %.9g %.9g share %.9g\n", integral(&c), double_integral(&c), second_moment(&c), (double)c.share);
    assert_true(fabs(integral(&c) - first) < 1e-6 && fabs(double_integral(&c) - (first - late)) < 1e-6
                && fabs(second_moment(&c) - square) < 1e-6 && fabs((double)c.share - 0.5) < 1e-6
                && fabs((double)c.size - first) < 1e-6);
}

/* A kink inside a part of the step, of width 1/4. The integral is off by at most (slope 2) (1/4)^2 / 8. */
static void a_kink_inside_a_part_is_located_to_the_part(void **state)
{
    (void)state;
    const double limit = 0.7, u = 0.35;
    const struct command_course c = course_of(0.0, 1.0, 2.0, limit, 1.0);
    printf("%.9g, exact %.9g\n", integral(&c), u * u + (1.0 - u) * limit);
    assert_true(fabs(integral(&c) - (u * u + (1.0 - u) * limit)) < 2.0 / 16.0 / 8.0);
}

/* A constant command that ends at any fraction f of the step has its exact moments: the integral f, that of u is f^2/2
 * and that of u^2 is f^3/3. */
static void a_command_that_ends_keeps_its_moments(void **state)
{
    (void)state;
    for (double f = 0.0; f <= 1.0; f += 0.0625) {
        const struct command_course c = course_of(1.0, 1.0, 1.0, 1e15, f);
        assert_true(fabs(integral(&c) - f) < 2e-6 && fabs(double_integral(&c) - (f - 0.5 * f * f)) < 2e-6
                    && fabs(second_moment(&c) - f * f * f / 3.0) < 2e-6 && fabs((double)c.share - (1.0 - f)) < 2e-6);
    }
}

/* The values of a command at start, middle and end of a step tell where it has its kink only if noise changes the
 * command by less than a quarter of its steady change over the step, which is 2 here. */
static void a_command_tells_its_kink_where_noise_is_small(void **state)
{
    (void)state;
    const struct command up[3] = {{0.0f, 0.0f}, {0.0f, 1.0f}, {0.0f, 2.0f}}, still[3] = {{0}};
    assert_true(any_lane(course_is_smooth(up, 0.0f)) && any_lane(course_is_smooth(up, 0.49f)));
    assert_false(any_lane(course_is_smooth(up, 0.51f)));
    assert_false(any_lane(course_is_smooth(still, 0.0f)));
}

/* In the middle of a step a random walk has half of the variance of the step. The two Runge-Kutta states there only see
 * its mean z, of variance 1, and its slope s = +-1: (z - sqrt(3) s)/2 and z/2. The additions ZEM_ASIDE_... give both
 * the right variance. */
static void the_noise_in_the_middle_of_a_step_has_its_variance(void **state)
{
    (void)state;
    const double early = (double)ZEM_ASIDE_EARLY - 0.5 * sqrt(3.0), late = (double)ZEM_ASIDE_LATE;
    assert_true(fabs(0.25 + early * early - 0.5) < 1e-7 && fabs(0.25 + late * late - 0.5) < 1e-7);
    /* both states get the same random number, that of one walk */
    assert_true(fabs(early - late) < 1e-7);
}

/* A command of magnitude 1 + u has spent f + f^2/2 at u = f. With that as the budget it must end at f. */
static void the_end_is_where_the_integral_reaches_the_budget(void **state)
{
    (void)state;
    const struct command flown[3] = {{0.6f, -0.8f}, {0.9f, -1.2f}, {1.2f, -1.6f}};
    for (double f = 0.0; f <= 1.0; f += 0.125) {
        const double end = (double)course_end(flown, (float)(f + 0.5 * f * f));
        assert_true(fabs(end - f) < 1e-6);
    }
}

/* A command u - c reverses at u = c, and its magnitude has the integral (c^2 + (1 - c)^2)/2. Simpson's rule is off by
 * up to 0.083. In a part of width w that has the kink, two Gauss points are off by at most w^2 (2 - sqrt(3))/6, which
 * is 0.0028 in a quarter. The end of the budget is off by that over the magnitude there, 0.25. */
static void a_command_that_reverses_spends_its_budget_in_both_directions(void **state)
{
    (void)state;
    for (double c = 0.0; c <= 1.0; c += 0.03125) {
        const struct command flown[3] = {{(float)-c, 0.0f}, {(float)(0.5 - c), 0.0f}, {(float)(1.0 - c), 0.0f}};
        const double whole = 0.5 * (c * c + (1.0 - c) * (1.0 - c));
        assert_true(fabs((double)course_size(flown, 1.0f) - whole) < 0.0028);
        if (c > 0.75)
            continue;
        const double spent = 0.5 * (c * c + 0.0625), end = (double)course_end(flown, (float)spent);
        assert_true(fabs(end - (c + 0.25)) < 0.0028 / 0.25);
        assert_true(any_lane(course_turns(flown)) == (c > 0.0 && c < 1.0 && c != 0.5));
    }
}

static void a_command_has_a_kink_where_it_crosses_the_limit(void **state)
{
    (void)state;
    const struct command up[3] = {{0.0f, 0.0f}, {1.0f, 0.0f}, {2.0f, 0.0f}},
                         over[3] = {{2.0f, 0.0f}, {2.0f, 1.0f}, {2.0f, 2.0f}},
                         turned[3] = {{2.0f, 0.0f}, {2.0f, 0.0f}, {-2.0f, 0.0f}};
    const mask none[3] = {0, 0, 0}, late[3] = {0, 0, 1}, all[3] = {1, 1, 1};
    assert_false(any_lane(course_has_kink(up, none)));
    assert_true(any_lane(course_has_kink(up, late)));
    assert_false(any_lane(course_has_kink(over, all)));
    assert_true(any_lane(course_has_kink(turned, all)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_without_kink_is_its_own_projection),
        cmocka_unit_test(a_ramp_is_cut_at_the_limit),
        cmocka_unit_test(a_kink_inside_a_part_is_located_to_the_part),
        cmocka_unit_test(a_command_that_ends_keeps_its_moments),
        cmocka_unit_test(a_command_tells_its_kink_where_noise_is_small),
        cmocka_unit_test(the_noise_in_the_middle_of_a_step_has_its_variance),
        cmocka_unit_test(the_end_is_where_the_integral_reaches_the_budget),
        cmocka_unit_test(a_command_that_reverses_spends_its_budget_in_both_directions),
        cmocka_unit_test(a_command_has_a_kink_where_it_crosses_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
