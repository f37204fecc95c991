/* Prints the lines of a time history step by step, while replay.h flies the trial. The flight does not change by being
 * observed. Positions over the ground are reconstructed here. */
#include "run/trace.h"

#include "base/number.h"
#include "base/printable.h"
#include "cell/trial_cell.h"
#include "result/outcome.h"
#include "run/replay.h"
#include "scenario/cell_choice.h"

#include <inttypes.h>
#include <string.h>

/* The state that is kept from line to line. The kernels keep the position of the interceptor relative to the target and
 * the target's altitude, but not the target's position over the ground. It is integrated here from the target's
 * velocity, by the trapezoidal rule in double precision, from the point below the target at the start of homing. */
struct trace {
    FILE *out;
    bool point_mass;
    double ground[2];              /* target downrange and crossrange, m */
    struct zem_replay_step before; /* the step of the line before */
    size_t lines;
};

static void write_number(FILE *out, float value) { fprintf(out, ",%.9g", (double)value); }

static void write_place(struct trace *trace, const struct zem_replay_step *step)
{
    if (!trace->point_mass) {
        write_number(trace->out, step->position[1]);
        write_number(trace->out, step->position[2]);
        return;
    }
    for (int i = 0; i < 2 && trace->lines > 0; i++)
        trace->ground[i] += 0.5 * ((double)step->time - (double)trace->before.time)
                            * ((double)step->target_velocity[i] + (double)trace->before.target_velocity[i]);
    const double target[3] = {trace->ground[0], trace->ground[1], (double)step->target_altitude};
    for (int i = 0; i < 3; i++)
        fprintf(trace->out, ",%.9g", target[i]);
    for (int i = 0; i < 3; i++)
        fprintf(trace->out, ",%.9g", target[i] - (double)step->position[i]);
}

static void write_step(void *context, const struct zem_replay_step *step)
{
    struct trace *trace = context;
    fprintf(trace->out, "%.9g", (double)step->time);
    write_number(trace->out, step->time_to_go);
    write_number(trace->out, step->range);
    write_place(trace, step);
    trace->before = *step;
    trace->lines++;
    if (step->blind) {
        fprintf(trace->out, ",,,,,,,,,,,,\n");
        return;
    }
    const float *const pairs[] = {step->sight_rate, step->command, step->achieved, step->target_acceleration,
                                  step->noise};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        write_number(trace->out, pairs[i][0]);
        write_number(trace->out, pairs[i][1]);
    }
    write_number(trace->out, step->step);
    fprintf(trace->out, ",%d\n", step->saturated);
}

static void write_head(const struct trace *trace, const struct zem_scenario *scenario, uint64_t cell, uint64_t trial,
                       uint32_t shot)
{
    char name[300];
    fputs("# ", trace->out);
    zem_printable_write(scenario->name, false, trace->out); /* a line feed in the name would begin a new row */
    fprintf(trace->out, ", %s, trial %" PRIu64 ", shot %" PRIu32 ", seed %" PRIu64 "\n",
            zem_cell_name(scenario, cell, name, sizeof name), trial, shot, scenario->value[ZEM_KEY_SEED].integer);
    if (trace->point_mass)
        fprintf(trace->out, "# x downrange, y crossrange, z up, from the ground below the target at start of homing; "
                            "channels y and z are normal to the line of sight\n");
    else
        fprintf(trace->out, "# y, z: target minus interceptor, normal to the nominal line of sight\n");
    fprintf(trace->out,
            "time (s),time_to_go (s),range (m),%s,sight_rate_y (rad/s),sight_rate_z (rad/s),command_y (m/s2),command_z "
            "(m/s2),achieved_y (m/s2),"
            "achieved_z (m/s2),target_acceleration_y (m/s2),target_acceleration_z (m/s2),noise_y (rad),noise_z "
            "(rad),step (s),saturated\n",
            trace->point_mass
                ? "target_x (m),target_y (m),target_z (m),interceptor_x (m),interceptor_y (m),interceptor_z (m)"
                : "y (m),z (m)");
}

static void write_end(const struct trace *trace, const struct zem_scenario *scenario, const struct zem_replay_end *end)
{
    uint32_t bits;
    size_t radius = 0;
    memcpy(&bits, &end->miss, sizeof bits);
    fprintf(trace->out, "# outcome: %s\n", zem_outcome_table[end->outcome].word);
    fprintf(trace->out, "# meaning: %s\n", zem_outcome_table[end->outcome].meaning);
    if (end->outcome == ZEM_OUTCOME_PASSED) {
        while (radius < scenario->radius_count && !(end->scored < (float)scenario->radius[radius]))
            radius++;
        fprintf(trace->out, "# miss: %.9g m (bits 0x%08" PRIx32 ")\n", (double)end->miss, bits);
        if (zem_choice_index(scenario->value, ZEM_KEY_LETHALITY) == ZEM_LETHALITY_CARLETON)
            fprintf(trace->out, "# scored_miss: %.9g m, by the draw for Carleton's lethality\n", (double)end->scored);
        if (radius < scenario->radius_count)
            fprintf(trace->out, "# hit: within %.9g m\n", scenario->radius[radius]);
        else
            fprintf(trace->out, "# hit: none\n");
        fprintf(trace->out, "# flight_time: %.9g s\n# divert: %.9g m/s\n# saturated_time: %.9g s\n",
                (double)end->flight_time, (double)end->divert, (double)end->saturated_time);
    }
    fprintf(trace->out, "# mix: 0x%016" PRIx64 "\n", end->mix);
}

int zem_trace(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, uint32_t shot, FILE *out,
              struct zem_error *error)
{
    struct zem_trial_cell flown = {.scenario = scenario, .cell = cell};
    struct trace trace = {.out = out};
    const uint64_t shots = scenario->value[ZEM_KEY_SHOTS].integer;
    if (shot >= shots)
        return zem_error_set(error, ZEM_USAGE, "--shot %" PRIu32 ": the salvo has %" PRIu64 " shot%s, counted from 0",
                             shot, shots, zem_plural(shots));
    const int status = zem_trial_cell_set(&flown, trial, error);
    if (status != ZEM_OK) {
        zem_trial_cell_free(&flown);
        return status;
    }
    trace.point_mass = (flown.parameters.features & ZEM_FEATURE_POINT_MASS) != 0;
    write_head(&trace, scenario, cell, trial, shot);
    const struct zem_replay_end end =
        zem_replay_fly(&flown.parameters, flown.schedule, trial, shot, write_step, &trace);
    write_end(&trace, scenario, &end);
    zem_trial_cell_free(&flown);
    return ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "the time history cannot be written") : ZEM_OK;
}
