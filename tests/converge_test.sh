#!/bin/sh
# zem converge shows for no probability and no miss distance of a scenario in models/ that its step is too long, and it
# notices steps that are. To show that a step is short enough takes more trials than a test can fly; step_error_test.py
# compares default steps with finer ones directly. Divert and time at the limit are left out, because with unfiltered
# noise they grow without bound as steps shrink. Every machine flies the same trials, so that a verdict here is the
# verdict on all of them.
set -u
. tests/shell/expect.sh

for file in models/*.yaml; do
    "$ZEM" converge "$file" --quiet --cells 3 --trials-max 16000 >"$SCRATCH/budget" 2>"$SCRATCH/err"
    holds "no_step_is_shown_too_long/$(basename "$file")" \
        awk '/^(p_hit|miss)/ { seen++; if (/ fails /) exit 1 } END { if (!seen) exit 1 }' "$SCRATCH/budget"
done
expect longer_steps_of_weave_fail 8 '^miss_mean .* fails ' 'the step is too long' \
    "$ZEM" converge models/weave.yaml --quiet --cells 3 --trials-max 16000 --set 'run.step=100 ms' \
    --set run.step_ratio=3

# The default step: no error of a probability is shown to exceed a tenth of its interval's half-width at 1e5 trials.
for name in step guidance-laws fifth-order salvo divert telegraph; do
    "$ZEM" converge models/$name.yaml --quiet --cells 3 --trials 100000 --percent 10 --trials-max 64000 \
        >"$SCRATCH/tenth" 2>"$SCRATCH/err"
    holds "default_step_is_not_shown_to_err_by_a_tenth/$name" \
        awk '/^p_hit/ { seen++; if (/ fails /) exit 1 } END { if (!seen) exit 1 }' "$SCRATCH/tenth"
done

# Scenarios whose errors cancel in averages over radii. With steps this long the probability at a radius is off by more
# than a tenth of the half-width of its interval, which must not pass.
cat >"$SCRATCH/random-start.yaml" <<'END'
zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}
target: {maneuver: step, acceleration: 60 m/s2, start: {from: 3 s, to: 5 s}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s, acceleration_limit: 180 m/s2}
scoring: {hit_radius: [1 m, 4.436 m]}
run: {trials: 100000, seed: 77}
END
cat >"$SCRATCH/slow-closing.yaml" <<'END'
zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 200 m/s}
target: {maneuver: weave, acceleration: 50 m/s2, period: 1.5 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 300 m/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s, acceleration_limit: 80 m/s2}
scoring: {hit_radius: [0.5956 m, 3 m]}
run: {trials: 100000, seed: 77}
END
for name in random-start slow-closing; do
    "$ZEM" converge "$SCRATCH/$name.yaml" --quiet --percent 10 --trials-max 64000 --set 'run.step=180 ms' \
        --set run.step_ratio=3 >"$SCRATCH/edge" 2>"$SCRATCH/err"
    holds "errors_at_the_edge_of_the_misses_fail/$name" grep -q '^p_hit.* fails ' "$SCRATCH/edge"
done
expect too_few_trials_are_unresolved 8 'unresolved.*' 'it is not shown that the step is short enough' \
    "$ZEM" converge "$SCRATCH/random-start.yaml" --quiet --percent 5 --trials-max 2000
expect unresolved_names_the_trials_that_would_tell 8 'would; --trials-max [1-9][0-9]*' 'it is not shown' \
    "$ZEM" converge "$SCRATCH/random-start.yaml" --quiet --percent 5 --trials-max 2000

# A radome far beyond its limit of stability. Every trial overflows, whatever the step, so that no step may pass.
cat >"$SCRATCH/overflow.yaml" <<'END'
zem: 1
engagement: {kinematics: linear, flight_time: 10 s, closing_speed: 4 km/s}
target: {maneuver: step, acceleration: 30 m/s2}
interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, autopilot_lag: 0.3 s, turning_rate_lag: 5 s}
seeker: {radome_slope: 0.5}
scoring: {hit_radius: 1 m}
run: {trials: 200}
END
expect trials_that_overflow_fail 8 'p_hit.* fails ' 'radome_slope' \
    "$ZEM" converge "$SCRATCH/overflow.yaml" --quiet --percent 100 --trials-max 2000
expect a_run_says_that_trials_overflow 0 '' '200 trials in 1 cell overflow' \
    "$ZEM" run "$SCRATCH/overflow.yaml" --device openmp -o "$SCRATCH/overflow.h5"
