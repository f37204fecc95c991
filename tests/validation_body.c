/* Point-mass kinematics: the atmosphere, collisions without guidance, agreement with the linear kinematics head-on,
 * true proportional navigation in three dimensions, flights in the air compared with two bodies in double precision,
 * and the outcomes of trials. */
#include "validation.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include "cell/ballistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PART "Three dimensions and the air"

/* ---------------------------------------------------------------- air */

/* U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562), table I: geometric altitude in km, density in kg/m3. */
static const double noaa[14][2] = {{0, 1.2250},     {5, 7.3643e-1},  {10, 4.1351e-1}, {11, 3.6480e-1}, {15, 1.9476e-1},
                                   {20, 8.8910e-2}, {25, 4.0084e-2}, {30, 1.8410e-2}, {40, 3.9957e-3}, {50, 1.0269e-3},
                                   {60, 3.0968e-4}, {70, 8.2829e-5}, {80, 1.8458e-5}, {86, 6.958e-6}};

void air_density_is_the_standard_one(void **state)
{
    (void)state;
    double host_table = 0.0, kernel_table = 0.0, host = 0.0, kernel = 0.0;
    for (int k = 0; k < 14; k++) {
        host_table = larger(host_table, fabs(zem_air_density(1000.0 * noaa[k][0]) / noaa[k][1] - 1.0));
        kernel_table = larger(kernel_table, fabs(air_density((float)(1000.0 * noaa[k][0])) / noaa[k][1] - 1.0));
    }
    for (double altitude = -1000.0; altitude < 86000.0; altitude += 7.3) {
        const float rounded = (float)altitude;
        host = larger(host, fabs(zem_air_density(altitude) / standard_density(altitude) - 1.0));
        kernel = larger(kernel, fabs(air_density(rounded) / standard_density(rounded) - 1.0));
    }
    const struct row table = {.part = PART,
                              .formula = "published density, 14 altitudes from 0 to 86 km",
                              .source = "NOAA-S/T 76-1562, table I",
                              .unit = "relative",
                              .limit = 1e-4};
    const struct row formula = {.part = PART,
                                .formula = "hydrostatic integration of the temperature profile",
                                .source = "NOAA-S/T 76-1562, eqs. 23, 33, 42",
                                .unit = "relative",
                                .limit = 3e-6};
    struct row row = table;
    row.claim = "air density of the host, published table";
    row.measured = host_table;
    row_add(row);
    row.claim = "air density of the kernels, published table";
    row.measured = kernel_table;
    row_add(row);
    row = formula;
    row.claim = "air density of the kernels, -1 to 86 km";
    row.measured = kernel;
    row_add(row);
    row.claim = "air density of the host, -1 to 86 km";
    row.measured = host;
    row.limit = 1e-9;
    row_add(row);
    rows_check();
}

/* ---------------------------------------------------------------- scenes */

static double value(const struct flown *flown, enum zem_key key)
{
    return flown->scenario.value[key].present ? flown->scenario.value[key].first : 0.0;
}

/* Returns the scene of a scenario without random quantities. Positions and velocities at the start come from the cell
 * that the program derived, everything else from the scenario. */
static struct scene scene_of(const struct flown *flown, const struct cell_parameters *cell)
{
    struct scene s;
    memset(&s, 0, sizeof s);
    for (int k = 0; k < 3; k++) {
        s.target_velocity[k] = (double)cell->target_velocity_high[k] + (double)cell->target_velocity_low[k];
        s.interceptor_velocity[k] =
            (double)cell->interceptor_velocity_high[k] + (double)cell->interceptor_velocity_low[k];
        s.target_position[k] = k == 2 ? (double)cell->target_altitude : 0.0;
        s.interceptor_position[k] =
            s.target_position[k] - ((double)cell->position_high[k] + (double)cell->position_low[k]);
        s.channel_y[k] = cell->channel_y[k];
    }
    s.heading[0] = value(flown, ZEM_KEY_HEADING_ERROR_Y);
    s.heading[1] = value(flown, ZEM_KEY_HEADING_ERROR_Z);
    s.displacement[0] = value(flown, ZEM_KEY_DISPLACEMENT_Y);
    s.displacement[1] = value(flown, ZEM_KEY_DISPLACEMENT_Z);
    s.maneuver = (enum reference_maneuver)value(flown, ZEM_KEY_MANEUVER);
    s.level = value(flown, ZEM_KEY_TARGET_ACCELERATION);
    s.period = value(flown, ZEM_KEY_PERIOD);
    s.phase = value(flown, ZEM_KEY_PHASE);
    s.start = value(flown, ZEM_KEY_MANEUVER_START);
    s.roll = value(flown, ZEM_KEY_ROLL);
    s.target_beta = value(flown, ZEM_KEY_TARGET_BALLISTIC_COEFFICIENT);
    s.interceptor_beta = value(flown, ZEM_KEY_INTERCEPTOR_BALLISTIC_COEFFICIENT);
    s.lift_to_drag = value(flown, ZEM_KEY_LIFT_TO_DRAG);
    s.aerodynamic_limit = value(flown, ZEM_KEY_AERODYNAMIC_LIMIT);
    s.acquisition_range = value(flown, ZEM_KEY_ACQUISITION_RANGE);
    s.reference_dynamic_pressure = value(flown, ZEM_KEY_REFERENCE_DYNAMIC_PRESSURE);
    s.loop = (struct loop){.law = (enum reference_law)value(flown, ZEM_KEY_GUIDANCE),
                           .gain = value(flown, ZEM_KEY_NAVIGATION_GAIN),
                           .seeker_lag = value(flown, ZEM_KEY_SEEKER_LAG),
                           .filter_lag = value(flown, ZEM_KEY_FILTER_LAG),
                           .autopilot_lag = value(flown, ZEM_KEY_AUTOPILOT_LAG),
                           .stages = (int)value(flown, ZEM_KEY_AUTOPILOT_ORDER),
                           .acceleration_limit = value(flown, ZEM_KEY_ACCELERATION_LIMIT),
                           .divert_limit = value(flown, ZEM_KEY_DIVERT_LIMIT),
                           .blind_time = value(flown, ZEM_KEY_BLIND_TIME),
                           .perfect = value(flown, ZEM_KEY_ESTIMATOR) > 0.0};
    return s;
}

#define SCENARIO \
    "engagement: {kinematics: point-mass, flight_time: 5 s, intercept_altitude: 18 km}\n" \
    "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, %s}\n" \
    "interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, heading: 150 degree, %s}\n" \
    "seeker: {%s}\nscoring: {hit_radius: [1 m]}\n" \
    "sweep: [{parameter: %s}]\nrun: {trials: 1%s}\n"

/* ---------------------------------------------------------------- no guidance */

struct collision_case {
    const char *name, *target, *interceptor;
    double limit; /* of the miss, m */
};

static void collision_check(const struct collision_case *c)
{
    static const char program[] = "nominal geometry", reference[] = "two bodies in double precision";
    struct flown flown;
    char name[96];
    double miss = 0.0, reference_miss = 0.0, altitude = 0.0, speed = 0.0, time = 0.0;
    fly(&flown, SCENARIO, c->target, c->interceptor, "blind_time: 1 ms",
        "engagement.intercept_altitude, from: 12 km, to: 40 km, points: 8", "");
    for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
        struct ready ready = ready_derive(&flown.scenario, cell);
        const struct scene scene = scene_of(&flown, &ready.cell);
        const struct scene_record r = scene_fly(&scene);
        miss = larger(miss, cell_miss_mean(&flown, cell));
        time = larger(time, fabs(cell_sum_mean(&flown, cell, ZEM_TALLY_FLIGHT_TIME) - 5.0));
        reference_miss = larger(reference_miss, r.miss);
        altitude = larger(altitude, fabs(r.altitude - axis_value(&flown, 0, cell)));
        speed = larger(speed, larger(fabs(r.target_speed - 2500.0), fabs(r.interceptor_speed - 2000.0)));
        free(ready.steps);
    }
    snprintf(name, sizeof name, "no guidance, no errors, %s", c->name);
    named_row(PART, name, ", 12 to 40 km: miss", "0", program, "m", miss, c->limit);
    named_row(PART, name, ": flight time", "tF", program, "s", time, 1e-5);
    snprintf(name, sizeof name, "the start of homing, flown in double precision, %s", c->name);
    named_row(PART, name, ": miss", "0", reference, "m", reference_miss, 1e-3);
    named_row(PART, "the same, altitude of the collision, ", c->name, "intercept_altitude", reference, "m", altitude,
              5e-3);
    named_row(PART, "the same, speeds at the collision, ", c->name, "speed", reference, "m/s", speed, 1e-3);
    flown_free(&flown);
}

/* Two bodies without guidance and without errors must collide, so that the miss is an error of the program. The host
 * flies the nominal geometry backward in double precision, the kernels fly it forward in single precision with
 * compensated sums. The limits allow for the rounding of the increments, 6e-8 of a step's path of a few hundred metres,
 * over a hundred steps, and with drag for the error of its quadrature. */
void unguided_bodies_collide(void **state)
{
    (void)state;
    static const struct collision_case cases[2] = {
        {"without drag", "maneuver: none", "guidance: none", 0.002},
        {"with drag", "ballistic_coefficient: 5000 kg/m2", "guidance: none, ballistic_coefficient: 8000 kg/m2", 0.02}};
    for (int k = 0; k < 2; k++)
        collision_check(&cases[k]);
    rows_check();
}

/* Bodies without guidance fly thousands of steps through tens of kilometres. A range of 100 km has an ulp of 8 mm, so
 * that sums without compensation would be decimetres off. The limit allows for the rounding of the relative velocity in
 * the frame, 6e-8 of 4.4 km/s over 30 s, which is 8 mm. */
void compensated_sums_stay_exact(void **state)
{
    (void)state;
    struct flown flown;
    double miss = 0.0;
    fly(&flown, SCENARIO, "maneuver: none", "guidance: none", "blind_time: 1 ms",
        "engagement.flight_time, from: 20 s, to: 30 s, points: 4}, {parameter: engagement.intercept_altitude, values: "
        "[60 km]",
        ", step: 5 ms");
    for (uint64_t cell = 0; cell < flown.result.cells; cell++)
        miss = larger(miss, cell_miss_mean(&flown, cell));
    row_add((struct row){.part = PART,
                         .claim = "no guidance, no errors, 20 to 30 s in steps of 5 ms: miss",
                         .formula = "0",
                         .source = "nominal geometry",
                         .unit = "m",
                         .measured = miss,
                         .limit = 0.02});
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- the linear limit */

/* Head-on the point-mass miss must equal the linear closed form e^-x P(x) nT T^2, x = tF/T, to 0.5 % of its peak. The
 * target flies 3 km/s and turns with 30 m/s2, the interceptor flies 2 km/s with one lag of 0.5 s. `forms` has the
 * coefficients of P(x)/x^2 for N' = 3, 4 and 5. */
void point_mass_reproduces_linear(void **state)
{
    (void)state;
    static const double forms[3][3] = {{0.5, 0.0, 0.0}, {0.5, -1.0 / 6.0, 0.0}, {0.5, -1.0 / 3.0, 1.0 / 24.0}};
    struct flown flown;
    char claim[128];
    fly(&flown, "engagement: {kinematics: point-mass, flight_time: 1 s, intercept_altitude: 60 km}\n"
                "target: {speed: 3 km/s, flight_path_angle: 0 degree, maneuver: step, acceleration: 30 m/s2}\n"
                "interceptor: {speed: 2 km/s, flight_path_angle: 0 degree, autopilot_lag: 0.5 s}\nseeker: {blind_time: "
                "10 us}\nscoring: {hit_radius: [1 m]}\n"
                "sweep: [{parameter: interceptor.navigation_gain, values: [3, 4, 5]}, {parameter: "
                "engagement.flight_time, from: 0.5 s, to: 3 s, points: 51}]\nrun: {trials: 1}\n");
    for (size_t gain = 0; gain < 3; gain++) {
        double worst = 0.0, peak = 0.0;
        for (size_t k = 0; k < 51; k++) {
            const double x = axis_value(&flown, 1, gain * 51 + k) / 0.5;
            const double expected =
                fabs(30.0 * 0.25 * exp(-x) * x * x * (forms[gain][0] + x * (forms[gain][1] + x * forms[gain][2])));
            peak = larger(peak, expected);
            worst = larger(worst, fabs(cell_miss_mean(&flown, gain * 51 + k) - expected));
        }
        snprintf(claim, sizeof claim, "point-mass, head-on, step, N' = %zu", gain + 3);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "the linear closed form",
                             .source = "Zarchan, TSMG",
                             .unit = "% of the peak",
                             .measured = 100.0 * worst / peak,
                             .limit = 0.5});
    }
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- true proportional navigation */

struct relative {
    double r[3], v[3];
};

static struct relative relative_of(const struct bodies *b)
{
    const struct precise *p = &b->position, *t = &b->target_velocity, *i = &b->interceptor_velocity;
    return (struct relative){{(double)p->high.x + p->low.x, (double)p->high.y + p->low.y, (double)p->high.z + p->low.z},
                             {(double)t->high.x - i->high.x + t->low.x - i->low.x,
                              (double)t->high.y - i->high.y + t->low.y - i->low.y,
                              (double)t->high.z - i->high.z + t->low.z - i->low.z}};
}

static double sight_range(const struct bodies *b)
{
    const struct relative a = relative_of(b);
    return sqrt(a.r[0] * a.r[0] + a.r[1] * a.r[1] + a.r[2] * a.r[2]);
}

/* Returns the rate at which the line of sight turns, r x v over r^2, rad/s. */
static double sight_turning(const struct bodies *b)
{
    const struct relative a = relative_of(b);
    double square = 0.0;
    for (int k = 0; k < 3; k++) {
        const double c = a.r[k] * a.v[(k + 1) % 3] - a.r[(k + 1) % 3] * a.v[k];
        square += c * c;
    }
    return sqrt(square) / pow(sight_range(b), 2.0);
}

/* The command is nc = N' Vc lambda', normal to the line of sight. Without lag, limit and maneuver, and with the same
 * gravity on both bodies, the rate w of the line of sight in three dimensions obeys R w' + 2 R' w = N' R' w. The
 * solution w = w0 (R/R0)^(N'-2) is compared with the flight. */
void true_proportional_navigation_holds_in_three_dimensions(void **state)
{
    (void)state;
    struct flown flown;
    char claim[128];
    read_only(&flown, SCENARIO, "maneuver: none", "heading_error_y: 1.5 degree, heading_error_z: -1 degree",
              "blind_time: 1 ms", "interceptor.navigation_gain, values: [3, 4, 5, 3.5]", "");
    for (uint64_t k = 0; k < 4; k++) {
        struct ready ready = ready_derive(&flown.scenario, k);
        struct engagement e;
        double first_rate = 0.0, first_range = 0.0, worst = 0.0, final_miss;
        const double gain = axis_value(&flown, 0, k);
        const struct handover handover = engagement_begin(&ready.cell, ready_address(&ready, 0, 0), &e);
        bodies_begin(&ready.cell, &handover, &e);
        while (e.flying) {
            real step;
            const double range = sight_range(&e.bodies), rate = sight_turning(&e.bodies);
            if (first_range == 0.0) {
                first_rate = rate;
                first_range = range;
            }
            if (range > 400.0) /* 0.1 s to go; nearer, rounded velocities turn the line of sight as much */
                worst = larger(worst, fabs(rate - first_rate * pow(range / first_range, gain - 2.0)) / first_rate);
            engagement_classify(&ready.cell, &e, &step);
            if (e.flying)
                engagement_advance_point_mass(&ready.cell, &e, step);
        }
        final_miss = engagement_finish_point_mass(&ready.cell, &e).miss;
        snprintf(claim, sizeof claim, "true proportional navigation, N' = %g: line-of-sight rate", gain);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "|w| = |w0| (R/R0)^(N'-2)",
                             .source = "Shneydor, Missile Guidance and Pursuit, ch. 5",
                             .unit = "% of the first",
                             .measured = 100.0 * worst,
                             .limit = 0.1});
        snprintf(claim, sizeof claim, "true proportional navigation, N' = %g: miss", gain);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "0",
                             .source = "the rate vanishes with the range",
                             .unit = "m",
                             .measured = final_miss,
                             .limit = 0.001});
        free(ready.steps);
    }
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- flights in the air */

#define AIR_TARGET "ballistic_coefficient: 5000 kg/m2, lift_to_drag: 0.8, "
#define AIR_INTERCEPTOR \
    "ballistic_coefficient: 8000 kg/m2, heading_error_y: 0.4 degree, heading_error_z: -0.3 degree, displacement_y: " \
    "20 m, displacement_z: -10 m, seeker_lag: 0.1 s, autopilot_lag: 0.3 s, autopilot_order: 3, "
#define ALTITUDES "engagement.intercept_altitude, from: 10 km, to: 34 km, points: 13"

static const struct scene_case {
    const char *claim, *target, *interceptor, *seeker, *sweep;
    double limit; /* limit of the difference in miss, % of the largest miss */
} scene_cases[] = {
    {"pn, weave, no air", "maneuver: weave, acceleration: 60 m/s2, period: 1.7 s, phase: 40 degree, roll: 70 degree",
     "heading_error_y: 0.4 degree, heading_error_z: -0.3 degree, navigation_gain: 3.5, autopilot_lag: 0.4 s",
     "blind_time: 1 ms", "engagement.flight_time, from: 2 s, to: 6 s, points: 9", 0.5},
    {"pn, step from 1 s, drag on both",
     "ballistic_coefficient: 3000 kg/m2, maneuver: step, acceleration: 40 m/s2, start: 1 s, roll: -50 degree",
     AIR_INTERCEPTOR "filter_lag: 0.1 s", "blind_time: 1 ms", ALTITUDES, 0.5},
    {"pn, weave, lift limit of the target",
     AIR_TARGET "maneuver: weave, acceleration: 12 gravity, period: 2 s, roll: 30 degree",
     AIR_INTERCEPTOR "guidance: pn", "blind_time: 1 ms", ALTITUDES, 1.0},
    {"pn, spiral, lift limit of the target",
     AIR_TARGET "maneuver: spiral, acceleration: 12 gravity, period: 1.5 s, roll: 30 degree, phase: 80 degree",
     AIR_INTERCEPTOR "guidance: pn", "blind_time: 1 ms", ALTITUDES, 1.0},
    {"pn, step, lift limit of the target", AIR_TARGET "maneuver: step, acceleration: -12 gravity, roll: 30 degree",
     AIR_INTERCEPTOR "guidance: pn", "blind_time: 1 ms", ALTITUDES, 1.0},
    {"pn, weave, aerodynamic and constant limits of the interceptor",
     AIR_TARGET "maneuver: weave, acceleration: 6 gravity, period: 2 s, roll: 30 degree",
     AIR_INTERCEPTOR
     "aerodynamic_limit: 20 gravity, reference_dynamic_pressure: 120 kPa, acceleration_limit: 15 gravity",
     "blind_time: 1 ms", ALTITUDES, 1.0},
    {"apn, spiral, drag on both", AIR_TARGET "maneuver: spiral, acceleration: 4 gravity, period: 2 s",
     AIR_INTERCEPTOR "guidance: apn, navigation_gain: 3", "blind_time: 1 ms", ALTITUDES, 1.0},
    {"ogl, true line-of-sight rate, weave, 8 gravity limit",
     AIR_TARGET "maneuver: weave, acceleration: 4 gravity, period: 2 s",
     AIR_INTERCEPTOR "guidance: ogl, acceleration_limit: 8 gravity", "blind_time: 1 ms, estimator: perfect", ALTITUDES,
     1.0},
    {"pn, blind for the last 200 ms, weave", "maneuver: weave, acceleration: 60 m/s2, period: 1.7 s, roll: 70 degree",
     "heading_error_y: 0.4 degree, navigation_gain: 4, autopilot_lag: 0.4 s", "blind_time: 200 ms",
     "engagement.flight_time, from: 2 s, to: 6 s, points: 9", 1.0},
    {"pn, divert budget of 20 to 140 m/s", "maneuver: weave, acceleration: 40 m/s2, period: 1.7 s, roll: 70 degree",
     "heading_error_y: 0.4 degree, navigation_gain: 4, autopilot_lag: 0.3 s, acceleration_limit: 80 m/s2",
     "blind_time: 1 ms", "interceptor.divert_limit, from: 20 m/s, to: 140 m/s, points: 13", 2.0},
    {"pn, acquisition at 2 to 14 km, weave, drag on both",
     AIR_TARGET "maneuver: weave, acceleration: 4 gravity, period: 2 s, roll: 30 degree",
     AIR_INTERCEPTOR "filter_lag: 0.1 s", "blind_time: 1 ms",
     "seeker.acquisition_range, from: 2 km, to: 14 km, points: 7", 0.5},
};

static void scene_check(const struct scene_case *c)
{
    struct flown flown;
    double worst = 0.0, peak = 0.0, time = 0.0, divert = 0.0, saturated = 0.0;
    char claim[128];
    fly(&flown, SCENARIO, c->target, c->interceptor, c->seeker, c->sweep, "");
    const enum zem_key swept = flown.scenario.axis[0].key;
    for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
        struct ready ready = ready_derive(&flown.scenario, cell);
        flown.scenario.value[swept].first = axis_value(&flown, 0, cell);
        flown.scenario.value[swept].present = true;
        const struct scene scene = scene_of(&flown, &ready.cell);
        const struct scene_record r = scene_fly(&scene);
        worst = larger(worst, fabs(cell_miss_mean(&flown, cell) - r.miss));
        peak = larger(peak, r.miss);
        time = larger(time, fabs(cell_sum_mean(&flown, cell, ZEM_TALLY_FLIGHT_TIME) - r.flight_time));
        divert = larger(divert, 100.0 * fabs(cell_sum_mean(&flown, cell, ZEM_TALLY_DIVERT) / r.divert - 1.0));
        saturated = larger(saturated, fabs(cell_sum_mean(&flown, cell, ZEM_TALLY_SATURATED_TIME) - r.saturated_time));
        free(ready.steps);
    }
    const struct row row = {
        .part = PART, .claim = claim, .formula = "two bodies in double precision", .source = "derived in the test"};
    struct row part = row;
    snprintf(claim, sizeof claim, "%s: miss", c->claim);
    part.unit = "% of the largest";
    part.measured = 100.0 * worst / peak;
    part.limit = c->limit;
    row_add(part);
    snprintf(claim, sizeof claim, "%s: flight time", c->claim);
    part.unit = "s";
    part.measured = time;
    part.limit = 5e-4;
    row_add(part);
    snprintf(claim, sizeof claim, "%s: divert", c->claim);
    part.unit = "%";
    part.measured = divert;
    part.limit = 1.0;
    row_add(part);
    snprintf(claim, sizeof claim, "%s: time at the limit", c->claim);
    part.unit = "s";
    part.measured = saturated;
    part.limit = 0.15;
    row_add(part);
    flown_free(&flown);
}

void bodies_in_the_air_follow_the_reference(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof scene_cases / sizeof *scene_cases; k++)
        scene_check(&scene_cases[k]);
    rows_check();
}

/* ---------------------------------------------------------------- outcomes */

static void outcome_row(const char *claim, const char *formula, enum zem_outcome outcome, const char *engagement,
                        const char *target, const char *interceptor)
{
    struct flown flown;
    fly(&flown,
        "engagement: {kinematics: %s}\ntarget: {%s}\ninterceptor: {%s}\nseeker: {blind_time: 1 ms}\nscoring: "
        "{hit_radius: [1 km]}\nrun: {trials: 100}\n",
        engagement, target, interceptor);
    const double counted = (double)cell_word(&flown, 0, ZEM_TALLY_OUTCOME + (size_t)outcome),
                 hits = cell_hit_fraction(&flown, 0, 0);
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = formula,
                         .source = "definition",
                         .unit = "trials of 100 that end otherwise",
                         .measured = 100.0 - counted + (outcome == ZEM_OUTCOME_PASSED ? 0.0 : 100.0 * hits),
                         .limit = 0.0});
    flown_free(&flown);
}

void outcomes_are_told_apart(void **state)
{
    (void)state;
    outcome_row("outcome: passed", "closest approach reached", ZEM_OUTCOME_PASSED,
                "point-mass, flight_time: 3 s, intercept_altitude: 20 km", "speed: 1 km/s, flight_path_angle: 0 degree",
                "speed: 1 km/s, flight_path_angle: 0 degree");
    outcome_row("outcome: not closing, heading error of 180 degree in a tail chase", "Vc <= 0 at start of homing",
                ZEM_OUTCOME_NOT_CLOSING, "point-mass, flight_time: 3 s, intercept_altitude: 20 km",
                "speed: 500 m/s, flight_path_angle: 0 degree",
                "speed: 1 km/s, flight_path_angle: 0 degree, heading: 0 degree, heading_error_y: 180 degree");
    outcome_row(
        "outcome: ground, target pulled down 200 m above it", "altitude <= 0", ZEM_OUTCOME_GROUND,
        "point-mass, flight_time: 3 s, intercept_altitude: 200 m",
        "speed: 1 km/s, flight_path_angle: -20 degree, maneuver: step, acceleration: 200 m/s2, roll: -90 degree",
        "speed: 1 km/s, flight_path_angle: 0 degree, guidance: none");
    /* At the side of a target that flies away, a high gain removes the drift and leaves 10 m/s to close 3 km. */
    outcome_row("outcome: time limit, 3 km beside a tail chase", "t >= 2 tF", ZEM_OUTCOME_TIME_LIMIT,
                "point-mass, flight_time: 3 s, intercept_altitude: 20 km", "speed: 1 km/s, flight_path_angle: 0 degree",
                "speed: 1.1 km/s, flight_path_angle: 0 degree, heading: 0 degree, navigation_gain: 300, "
                "displacement_y: 3 km, acceleration_limit: 500 m/s2");
    outcome_row("outcome: not finite, a displacement of 1e12 m", "miss >= 1e9 m", ZEM_OUTCOME_NOT_FINITE,
                "linear, flight_time: 3 s, closing_speed: 4 km/s", "maneuver: none",
                "speed: 2 km/s, displacement_y: 1e12 m, guidance: none");
    rows_check();
}
