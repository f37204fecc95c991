/* Expressions: their values, the units of what they compute, and the messages about those that mean nothing. */
#include "scenario/formula.h"
#include "scenario/grid.h"
#include "scenario_reading.h"

#include <math.h>

static const char base[] = "zem: 1\n"
                           "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\n"
                           "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, autopilot_lag: 0.4 s, autopilot_order: 2}\n"
                           "scoring: {hit_radius: 1 m}\n"
                           "run: {trials: 100}\n";

/* Returns the value of a key in cell 0 when one override is given. */
static double value_of(const char *override, enum zem_key key)
{
    struct reading reading;
    struct zem_value value[ZEM_KEY_COUNT];
    char text[1024] = "";
    reading_begin(&reading, base, sizeof base - 1, &override, 1);
    if (reading.status != 0)
        zem_diagnostics_format(&reading.diagnostics, 0, text, sizeof text);
    if (reading.status != 0)
        fail_msg("%s: %s", override, text);
    zem_grid_values(&reading.scenario, 0, value);
    reading_end(&reading);
    return value[key].first;
}

static void expressions_have_their_values(void **state)
{
    (void)state;
    const struct {
        const char *text;
        double value; /* s */
    } cases[] = {
        {"=interceptor.seeker_lag", 0.1},
        {"=2*interceptor.autopilot_lag + 0.1 s", 0.9},
        {"= 2 * ( interceptor.autopilot_lag + 100 ms )", 1.0},
        {"=interceptor.autopilot_lag - interceptor.seeker_lag - 0.1 s", 0.2},
        {"=interceptor.autopilot_lag/interceptor.autopilot_order/2", 0.1},
        {"=1 km / engagement.closing_speed", 0.25},
        {"=100 m/interceptor.speed*4", 0.2},
        {"=0.05 s/interceptor.seeker_lag*1 s", 0.5},
        {"=-(-3)*0.1 s", 0.3},
        {"=1e-1 s*1.5e+0", 0.15},
        {"=6 m/s2 * 1 s2 / 10 m/s / 3", 0.2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char override[200];
        snprintf(override, sizeof override, "interceptor.filter_lag=%s", cases[i].text);
        const double value = value_of(override, ZEM_KEY_FILTER_LAG);
        if (!(fabs(value - cases[i].value) <= 4e-16))
            fail_msg("%s is %.17g s", cases[i].text, value);
    }
}

static void expressions_are_refused_with_a_reason(void **state)
{
    (void)state;
    const char *cases[][2] = {
        {"=", "a number or a key is missing"},
        {"=0.1 s +", "a number or a key is missing"},
        {"=(0.1 s", "closing parenthesis"},
        {"=0.1 s)", "is not understood"},
        {"=0.1 s 0.2 s", "is not understood"},
        {"=0.1s", "a blank belongs"},
        {"=0.1 sec_", "unknown unit"},
        {"=1,5 s", "cannot be read"},
        {"=0.1", "a pure number where a time is needed"},
        {"=0.1 m", "a length where a time is needed"},
        {"=interceptor.speed", "a speed where a time is needed"},
        {"=0.1 s + 0.1 m", "adds a time and a length"},
        {"=0.1 s - 1", "subtracts a time and a pure number"},
        {"=1/(1 Hz)*1 radian", "where a time is needed"},
        {"=interceptor.sekeer_lag", "did you mean \"interceptor.seeker_lag\"?"},
        {"=interceptor.guidance", "has words as values"},
        {"=interceptor.filter_lag", "takes its own key"},
        {"=interceptor.divert_limit/(1 m/s2)", "interceptor.divert_limit has no value"},
        {"=interceptor.seeker_lag.sigma", "interceptor.seeker_lag has no part sigma"},
        {"=0.1 s - interceptor.autopilot_lag", "must not be negative"},
        {"=0.1 s/(interceptor.autopilot_lag - 0.4 s)*1 s", "must be a finite number"},
        {"=((((((((((((((((((0.1 s))))))))))))))))))", "nested too deeply"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        char override[200], text[1024] = "";
        const char *overrides[] = {override};
        snprintf(override, sizeof override, "interceptor.filter_lag=\"%s\"", cases[i][0]);
        reading_begin(&reading, base, sizeof base - 1, overrides, 1);
        zem_diagnostics_format(&reading.diagnostics, 0, text, sizeof text);
        if (reading.status != ZEM_BAD_INPUT || strstr(text, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], text);
        reading_end(&reading);
    }
}

static void expressions_stand_where_they_can_be_computed(void **state)
{
    (void)state;
    const char *cases[][2] = {
        {"run.trials==5", "an expression cannot stand here"},
        {"run.precision==0.1*0.1", "an expression cannot stand here"},
        {"interceptor.autopilot_order==2", "an expression cannot stand here"},
        {"scoring.hit_radius==1 m", "an expression cannot stand here"},
        {"target.roll={values: [=1 radian]}", "cannot stand in a list"},
        {"sweep=[{parameter: interceptor.speed, values: [=1 km/s]}]", "an expression cannot stand here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        char text[1024] = "";
        reading_begin(&reading, base, sizeof base - 1, &cases[i][0], 1);
        zem_diagnostics_format(&reading.diagnostics, 0, text, sizeof text);
        if (reading.status != ZEM_BAD_INPUT || strstr(text, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], text);
        reading_end(&reading);
    }
    assert_true(fabs(value_of("run.step==0.1*interceptor.autopilot_lag", ZEM_KEY_STEP) - 0.04) < 1e-17);
}

/* Two keys whose proportion is limited are compared cell by cell and trial by trial. An expression that follows a sweep
 * or a draw is refused only if the proportion is wrong in some cell or trial. */
static void followers_are_compared_with_what_they_follow(void **state)
{
    (void)state;
    static const char *const sampled = "interceptor.seeker_lag=0 s",
                             *const times = "sweep=[{parameter: engagement.flight_time, values: [0.2 s, 3 s]}]";
    static const struct {
        const char *overrides[5], *refused; /* message of the refusal; NULL: not refused */
    } cases[] = {
        {{times, "seeker.blind_time==0.9*engagement.flight_time"}, NULL},
        {{times, "seeker.blind_time==1.0*engagement.flight_time"}, "must be shorter than engagement.flight_time"},
        {{times, "seeker.blind_time=0.3 s"}, "must be shorter than engagement.flight_time"},
        {{times, "run.step==0.5*engagement.flight_time"}, NULL},
        {{times, "run.step==1.01*engagement.flight_time"}, "must not be longer than engagement.flight_time"},
        {{times, sampled, "seeker.sample_interval==engagement.flight_time/4000"}, NULL},
        {{times, sampled, "seeker.sample_interval==engagement.flight_time/5001"}, "at least a five-thousandth"},
        {{times, "target.maneuver=telegraph", "target.switching_rate==9990/engagement.flight_time"}, NULL},
        {{times, "target.maneuver=telegraph", "target.switching_rate==10010/engagement.flight_time"}, "ten thousand"},
        {{"seeker.sample_interval={from: 10 ms, to: 20 ms}", sampled,
          "seeker.sample_delay==14.9*seeker.sample_interval"},
         NULL},
        {{"seeker.sample_interval={from: 10 ms, to: 20 ms}", sampled,
          "seeker.sample_delay==15.1*seeker.sample_interval"},
         "must be at most 15 times seeker.sample_interval"},
        {{"seeker.sample_interval={from: 10 ms, to: 20 ms}", sampled,
          "seeker.sample_delay==30*seeker.sample_interval - 295 ms"},
         "must be at most 15 times seeker.sample_interval"}, /* 20 ms have a delay of 305 ms, beyond 15 times the
                                                                interval */
        {{"seeker.sample_interval={from: 10 ms, to: 20 ms}", sampled, "seeker.sample_delay=160 ms"},
         "must be at most 15 times seeker.sample_interval"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        char text[1024] = "";
        size_t count = 0;
        while (cases[i].overrides[count] != NULL)
            count++;
        reading_begin(&reading, base, sizeof base - 1, cases[i].overrides, count);
        if (reading.diagnostics.count > 0)
            zem_diagnostics_format(&reading.diagnostics, 0, text, sizeof text);
        if (cases[i].refused == NULL ? reading.status != ZEM_OK
                                     : reading.status != ZEM_BAD_INPUT || strstr(text, cases[i].refused) == NULL)
            fail_msg("case %zu, %s: %s", i, cases[i].overrides[1], text);
        reading_end(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_have_their_values),
        cmocka_unit_test(expressions_are_refused_with_a_reason),
        cmocka_unit_test(expressions_stand_where_they_can_be_computed),
        cmocka_unit_test(followers_are_compared_with_what_they_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
