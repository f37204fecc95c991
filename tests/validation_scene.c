/* Flies two bodies in three dimensions in double precision, with gravity, drag, a lift limit and true proportional
 * navigation with all lags and limits. Directions are vectors here; the program has angles in a frame that follows the
 * line of sight. See validation_reference.h. */
#include "validation_reference.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- vectors */

static double dot(const double a[3], const double b[3]) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

static void cross(const double a[3], const double b[3], double out[3])
{
    const double c[3] = {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    memcpy(out, c, sizeof c);
}

/* Writes a + s b into `out`. */
static void combine(const double a[3], double s, const double b[3], double out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = a[k] + s * b[k];
}

static void unit(const double a[3], double out[3])
{
    const double size = sqrt(dot(a, a));
    for (int k = 0; k < 3; k++)
        out[k] = a[k] / size;
}

/* Writes the part of `a` that is normal to the unit vector `direction`. */
static void normal_part(const double a[3], const double direction[3], double out[3])
{
    combine(a, -dot(a, direction), direction, out);
}

/* ---------------------------------------------------------------- air */

double standard_density(double altitude)
{
    static const double base[] = {0.0,     11000.0, 20000.0, 32000.0,
                                  47000.0, 51000.0, 71000.0, 84852.0};                 /* geopotential m, table 4 */
    static const double lapse[] = {-0.0065, 0.0, 0.001, 0.0028, 0.0, -0.0028, -0.002}; /* K/m */
    const double gas = 8314.32 / 28.9644, height = 6356766.0 * altitude / (6356766.0 + altitude);
    double temperature = 288.15, pressure = 101325.0;
    for (int k = 0; k < 7; k++) {
        const double top = height < base[k + 1] ? height : base[k + 1], rise = top - base[k];
        if (lapse[k] == 0.0)
            pressure *= exp(-GRAVITY * rise / (gas * temperature));
        else
            pressure *= pow(temperature / (temperature + lapse[k] * rise), GRAVITY / (gas * lapse[k]));
        temperature += lapse[k] * rise;
        if (height < base[k + 1])
            break;
    }
    return pressure / (gas * temperature);
}

/* ---------------------------------------------------------------- flight */

struct scene_state {
    double target_position[3], target_velocity[3], interceptor_position[3], interceptor_velocity[3];
    double tracker[3]; /* unit vector in which the tracker points */
    double filter[3];  /* filtered rate of the line of sight, rad/s */
    double stage[STAGES_MAX][3];
    double held[3]; /* command while the seeker is blind */
    double divert, saturated_time;
};
enum { SCENE_STATES = sizeof(struct scene_state) / sizeof(double) };

struct scene_flight {
    const struct scene *scene;
    bool blind;
    bool waiting; /* the seeker has not acquired the target yet */
    double command[3];
};

/* The line of sight: its unit vector, the rate of change of this vector, the range and the closing speed. */
struct sight_line {
    double direction[3], rate[3], range, closing_speed;
};

static struct sight_line sight_of(const struct scene_state *s)
{
    struct sight_line line;
    double r[3], v[3];
    combine(s->target_position, -1.0, s->interceptor_position, r);
    combine(s->target_velocity, -1.0, s->interceptor_velocity, v);
    line.range = sqrt(dot(r, r));
    unit(r, line.direction);
    line.closing_speed = -dot(v, line.direction);
    normal_part(v, line.direction, line.rate);
    for (int k = 0; k < 3; k++)
        line.rate[k] /= line.range;
    return line;
}

static double speed_squared(const double v[3]) { return dot(v, v); }

/* Writes the acceleration by gravity and by drag, m/s2. `beta` is the ballistic coefficient; 0 means no drag. */
static void body_force(const double position[3], const double velocity[3], double beta, double force[3])
{
    const double fall[3] = {0.0, 0.0, -GRAVITY};
    const double drag = beta > 0.0 ? 0.5 * standard_density(position[2]) * sqrt(speed_squared(velocity)) / beta : 0.0;
    combine(fall, -drag, velocity, force);
}

/* Writes the acceleration of the target's maneuver, which is normal to its velocity. The roll turns it from the
 * direction of channel y towards the second normal. The lift limit bounds its size. */
static void maneuver_of(const struct scene *scene, const struct scene_state *s, double time, double out[3])
{
    double along[3], normal1[3], normal2[3];
    unit(s->target_velocity, along);
    normal_part(scene->channel_y, along, normal1);
    unit(normal1, normal1);
    cross(normal1, along, normal2);
    const double limit = scene->lift_to_drag > 0.0 ? scene->lift_to_drag * 0.5 * standard_density(s->target_position[2])
                                                         * speed_squared(s->target_velocity) / scene->target_beta
                                                   : INFINITY;
    const double angle = TURN * time / scene->period + scene->phase;
    double first = 0.0, second = 0.0;
    if (scene->maneuver == MANEUVER_STEP && time >= scene->start)
        first = scene->level;
    if (scene->maneuver == MANEUVER_WEAVE)
        first = scene->level * sin(angle);
    if (scene->maneuver == MANEUVER_SPIRAL) {
        first = scene->level * cos(angle);
        second = scene->level * sin(angle);
    }
    const double size = hypot(first, second), share = size > limit ? limit / size : 1.0;
    for (int k = 0; k < 3; k++)
        out[k] = share
                 * ((first * cos(scene->roll) - second * sin(scene->roll)) * normal1[k]
                    + (first * sin(scene->roll) + second * cos(scene->roll)) * normal2[k]);
}

/* Computes the command, normal to the line of sight and before its limit, and the rates of tracker and filter. */
static void command_of(const struct scene *scene, const struct scene_state *s, const struct sight_line *line,
                       const double maneuver[3], struct scene_state *rate, double command[3])
{
    const struct loop *loop = &scene->loop;
    double signal[3], known[3];
    memcpy(signal, line->rate, sizeof signal);
    if (loop->seeker_lag > 0.0 && !loop->perfect) {
        double ahead[3]; /* where the tracker points, relative to the line of sight */
        normal_part(s->tracker, line->direction, ahead);
        for (int k = 0; k < 3; k++)
            rate->tracker[k] = signal[k] = -ahead[k] / loop->seeker_lag;
    }
    if (loop->filter_lag > 0.0 && !loop->perfect) {
        for (int k = 0; k < 3; k++)
            rate->filter[k] = (signal[k] - s->filter[k]) / loop->filter_lag;
        memcpy(signal, s->filter, sizeof signal);
    }
    double gain = loop->gain, achieved_weight = 0.0;
    normal_part(maneuver, line->direction, known);
    if (loop->law == LAW_OGL)
        optimal_gains(line->range / line->closing_speed / loop->autopilot_lag, &gain, &achieved_weight);
    for (int k = 0; k < 3; k++) {
        const double half = loop->law == LAW_APN || loop->law == LAW_OGL ? 0.5 * known[k] : 0.0;
        const double own = loop->stages > 0 ? achieved_weight * s->stage[loop->stages - 1][k] : 0.0;
        command[k] = loop->law == LAW_NONE ? 0.0 : gain * (line->closing_speed * signal[k] + half - own);
    }
}

static double command_bound(const struct scene *scene, const struct scene_state *s)
{
    const struct loop *loop = &scene->loop;
    double bound = loop->acceleration_limit > 0.0 ? loop->acceleration_limit : INFINITY;
    if (scene->aerodynamic_limit > 0.0) {
        const double pressure =
            0.5 * standard_density(s->interceptor_position[2]) * speed_squared(s->interceptor_velocity);
        bound = fmin(bound, scene->aerodynamic_limit * pressure / scene->reference_dynamic_pressure);
    }
    return loop->divert_limit > 0.0 && s->divert >= loop->divert_limit ? 0.0 : bound;
}

/* Adds to `rate` the turning of `x` with the line of sight, (direction x rate) x x. The stages of the autopilot, the
 * filter and a held command turn in this way. */
static void turn_with(const struct sight_line *line, const double x[3], double rate[3])
{
    double turning[3], change[3];
    cross(line->direction, line->rate, turning);
    cross(turning, x, change);
    combine(rate, 1.0, change, rate);
}

static void scene_rate(struct scene_flight *f, double time, const struct scene_state *s, struct scene_state *rate)
{
    const struct scene *scene = f->scene;
    const struct loop *loop = &scene->loop;
    const struct sight_line line = sight_of(s);
    double maneuver[3], command[3], input[3];
    memset(rate, 0, sizeof *rate);
    maneuver_of(scene, s, time, maneuver);
    if (f->waiting)
        memset(command, 0, sizeof command);
    else if (f->blind) {
        memcpy(command, s->held, sizeof command);
        turn_with(&line, s->held, rate->held);
    } else {
        command_of(scene, s, &line, maneuver, rate, command);
        const double size = sqrt(dot(command, command)), bound = command_bound(scene, s);
        if (size > bound) {
            rate->saturated_time = 1.0;
            for (int k = 0; k < 3; k++)
                command[k] *= bound / size;
        }
    }
    memcpy(f->command, command, sizeof command);
    if (loop->filter_lag > 0.0)
        turn_with(&line, s->filter, rate->filter);
    memcpy(input, command, sizeof input);
    for (int stage = 0; stage < loop->stages && loop->autopilot_lag > 0.0; stage++) {
        for (int k = 0; k < 3; k++)
            rate->stage[stage][k] = (input[k] - s->stage[stage][k]) * loop->stages / loop->autopilot_lag;
        memcpy(input, s->stage[stage], sizeof input);
        turn_with(&line, s->stage[stage], rate->stage[stage]);
    }
    body_force(s->target_position, s->target_velocity, scene->target_beta, rate->target_velocity);
    body_force(s->interceptor_position, s->interceptor_velocity, scene->interceptor_beta, rate->interceptor_velocity);
    combine(rate->target_velocity, 1.0, maneuver, rate->target_velocity);
    combine(rate->interceptor_velocity, 1.0, input, rate->interceptor_velocity);
    memcpy(rate->target_position, s->target_velocity, sizeof rate->target_position);
    memcpy(rate->interceptor_position, s->interceptor_velocity, sizeof rate->interceptor_position);
    rate->divert = sqrt(dot(input, input));
}

static void scene_step(struct scene_flight *f, double time, double step, struct scene_state *s)
{
    struct scene_state rate[4], middle;
    scene_rate(f, time, s, &rate[0]);
    for (int k = 1; k < 4; k++) {
        const double part = k < 3 ? 0.5 * step : step;
        for (int i = 0; i < SCENE_STATES; i++)
            ((double *)&middle)[i] = ((const double *)s)[i] + part * ((const double *)&rate[k - 1])[i];
        scene_rate(f, time + part, &middle, &rate[k]);
    }
    for (int i = 0; i < SCENE_STATES; i++) {
        const double sum = ((const double *)&rate[0])[i] + 2.0 * ((const double *)&rate[1])[i]
                           + 2.0 * ((const double *)&rate[2])[i] + ((const double *)&rate[3])[i];
        ((double *)s)[i] += step / 6.0 * sum;
    }
    if (f->scene->loop.seeker_lag > 0.0)
        unit(s->tracker, s->tracker);
}

/* Turns a velocity by `angle` towards the direction `towards`. */
static void turn_velocity(double velocity[3], const double towards[3], double angle)
{
    double along[3], normal[3];
    const double speed = sqrt(dot(velocity, velocity));
    unit(velocity, along);
    normal_part(towards, along, normal);
    unit(normal, normal);
    for (int k = 0; k < 3; k++)
        velocity[k] = speed * (cos(angle) * along[k] + sin(angle) * normal[k]);
}

static struct scene_state scene_begin(const struct scene *scene)
{
    struct scene_state s;
    double channel_z[3];
    memset(&s, 0, sizeof s);
    memcpy(s.target_position, scene->target_position, sizeof s.target_position);
    memcpy(s.target_velocity, scene->target_velocity, sizeof s.target_velocity);
    memcpy(s.interceptor_position, scene->interceptor_position, sizeof s.interceptor_position);
    memcpy(s.interceptor_velocity, scene->interceptor_velocity, sizeof s.interceptor_velocity);
    const struct sight_line nominal = sight_of(&s);
    memcpy(s.tracker, nominal.direction, sizeof s.tracker);
    cross(nominal.direction, scene->channel_y, channel_z);
    turn_velocity(s.interceptor_velocity, scene->channel_y, scene->heading[0]);
    turn_velocity(s.interceptor_velocity, channel_z, scene->heading[1]);
    combine(s.interceptor_position, -scene->displacement[0], scene->channel_y, s.interceptor_position);
    combine(s.interceptor_position, -scene->displacement[1], channel_z, s.interceptor_position);
    return s;
}

/* Returns the time until the closest approach of two bodies without acceleration, -r.v/v.v. */
static double time_to_closest(const struct scene_state *s)
{
    double r[3], v[3];
    combine(s->target_position, -1.0, s->interceptor_position, r);
    combine(s->target_velocity, -1.0, s->interceptor_velocity, v);
    return -dot(r, v) / dot(v, v);
}

struct scene_record scene_fly(const struct scene *scene)
{
    const double lag = scene->loop.seeker_lag + scene->loop.filter_lag + scene->loop.autopilot_lag;
    const double largest = lag > 0.0 && lag < 1.0 ? lag / 200.0 : 0.005;
    struct scene_flight f = {.scene = scene};
    struct scene_state s = scene_begin(scene), unused;
    double time = 0.0, to_go;
    while ((to_go = time_to_closest(&s)) > 1.0001 * scene->loop.blind_time && time < 1000.0) {
        double step = fmin(fmin(to_go / 50.0, largest), to_go - scene->loop.blind_time);
        const struct sight_line line = sight_of(&s);
        f.waiting = line.range > scene->acquisition_range + 1e-6 && scene->acquisition_range > 0.0;
        if (f.waiting)
            step = fmin(step, (line.range - scene->acquisition_range) / line.closing_speed);
        scene_step(&f, time, step, &s);
        time += step;
    }
    scene_rate(&f, time, &s, &unused);
    double r[3], v[3];
    memcpy(s.held, f.command, sizeof s.held);
    f.blind = true;
    const int blind_steps = 1 + (int)(to_go / largest);
    for (int k = 0; k < blind_steps; k++)
        scene_step(&f, time + k * to_go / blind_steps, to_go / blind_steps, &s);
    const double after = time_to_closest(&s);
    combine(s.target_position, -1.0, s.interceptor_position, r);
    combine(s.target_velocity, -1.0, s.interceptor_velocity, v);
    combine(r, after, v, r);
    const struct scene_record record = {sqrt(dot(r, r)),
                                        time + to_go + after,
                                        s.divert,
                                        s.saturated_time,
                                        s.target_position[2],
                                        sqrt(speed_squared(s.target_velocity)),
                                        sqrt(speed_squared(s.interceptor_velocity))};
    return record;
}
