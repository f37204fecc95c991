#!/bin/sh
# What a run says of its steps. It warns if they are far too long, and is silent with the default steps of the examples.
# The counts behind the warning are the same after a kill and a merge. --no-step-check leaves them out, and no digest
# depends on them. Needs $ZEM and $SCRATCH.
set -u
. tests/shell/expect.sh
models=$PWD/models
cd "$SCRATCH" || exit 1

cat >long.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 1 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: ogl, autopilot_lag: 0.3 s, acceleration_limit: 15 gravity,
              heading_error_y: {mean: 0 degree, sigma: 0.3 degree}}
scoring: {hit_radius: [0.5 m, 1 m, 2 m]}
sweep: [{parameter: target.acceleration, from: 6 gravity, to: 6.1 gravity, points: 2}]
run: {trials: 80000, seed: 5, step: 0.4 s, step_ratio: 3}
YAML

check() { sed -n 's/.*"step_check":\({[^}]*}\).*/\1/p' "$1"; }
digests() { sed -n 's/.*"digest":"\([0-9a-f]*\)","miss_digest":"\([0-9a-f]*\)".*/\1 \2/p' "$1"; }

# The warning has its numbers and the remedy. run, show and report print the same.
expect long_steps_give_a_warning 0 '' 'warning: the steps are too long .*run.step=0.2 s.*run.step_ratio=6' \
    "$ZEM" run long.yaml --threads 1
expect show_repeats_the_warning 0 'warning  *the steps are too long' '' "$ZEM" show long.h5
expect report_repeats_the_warning 0 '' '' "$ZEM" report long.h5 -o long.html
holds the_page_has_the_warning grep -q 'Warning.*the steps are too long' long.html
expect the_json_of_a_run_has_the_counts 0 '"step_check":{"trials":496,"gained":\[' '' \
    "$ZEM" run long.yaml -o again.h5 --quiet --json
checked=$(check out) digest=$(digests out)
holds the_verdict_is_significant grep -q '"step_check":{.*"significant":true' out
"$ZEM" show long.h5 --variable step_check_lost --radius 1 --json >lost.json
holds the_counts_can_be_drawn grep -q '"variable": "step_check_lost"' lost.json
expect shorter_steps_give_none 0 '' anything "$ZEM" run long.yaml -o short.h5 --set "run.step=20 ms" \
    --set run.step_ratio=20
holds no_warning_is_printed test "$(grep -c warning err)" -eq 0
expect show_says_so 0 'steps  *496 trials flown again with half the steps show no significant error' '' \
    "$ZEM" show short.h5

# --no-step-check leaves the check out. No digest depends on it, and a file without it is read.
expect a_run_without_it_is_silent 0 '' anything "$ZEM" run long.yaml -o none.h5 --no-step-check
holds a_run_without_it_has_no_warning test "$(grep -c warning err)" -eq 0
expect a_run_without_it_has_the_same_digest 0 '"step_check":null' '' "$ZEM" run long.yaml -o none.h5 --force --quiet \
    --json --no-step-check
holds the_digest_is_unchanged test -n "$digest" -a "$(digests out)" = "$digest"
expect a_file_without_it_is_shown 0 '"step_check": null' '' "$ZEM" show none.h5 --json
expect a_file_without_it_has_no_such_variable 64 '' 'only if trials were flown again' \
    "$ZEM" show none.h5 --variable step_check_trials

# The counts are the same after a kill, with other threads and batches, and from shards.
"$ZEM" run long.yaml -o cut.h5 --trials 400000 --resume --quiet --checkpoint 1 --threads 1 --isa baseline \
    >cut.out 2>cut.err &
process=$!
await "$process" test -e .cut.h5.checkpoint
kill -9 "$process" 2>/dev/null
wait "$process" 2>/dev/null
holds the_run_was_killed test -e .cut.h5.checkpoint
expect the_killed_run_is_resumed 0 '"step_check":{' '' "$ZEM" run long.yaml -o cut.h5 --trials 400000 --resume --quiet \
    --json
resumed=$(check out)
expect the_run_is_flown_at_once 0 '"step_check":{' '' "$ZEM" run long.yaml -o whole.h5 --trials 400000 --quiet --json
holds a_resumed_run_has_the_same_counts test -n "$resumed" -a "$(check out)" = "$resumed"
for shard in 0 1 2; do
    "$ZEM" run long.yaml --shard $shard/3 -o part$shard.h5 --quiet --batch $((1000 + shard))
done
expect shards_merge_to_the_same_counts 0 '"step_check":{"trials":496' anything \
    "$ZEM" merge merged.h5 part0.h5 part1.h5 part2.h5 --json
holds merged_counts_are_those_of_the_run test "$(check out)" = "$checked"
"$ZEM" run long.yaml --shard 1/3 -o bare.h5 --quiet --no-step-check
expect a_part_without_it_leaves_it_out 0 '"step_check":null' 'the step check is left out' \
    "$ZEM" merge partial.h5 part0.h5 bare.h5 part2.h5 --json

# An extension has the counts of the run that had all trials from the start.
"$ZEM" run long.yaml -o grown.h5 --quiet --trials 30000
expect an_extension_is_flown 0 '"step_check":{' anything "$ZEM" run long.yaml -o grown.h5 --resume --json --quiet
holds an_extension_has_the_same_counts test "$(check out)" = "$checked"

# zem check warns if run.step is long for a Kalman filter or a divert budget.
expect check_warns_of_a_fast_filter 0 anything 'run.step.*is long for the Kalman filter' \
    "$ZEM" check "$models/optimal-kalman.yaml" --trials 10 --set "run.step=100 ms"
expect check_warns_of_a_budget 0 anything 'run.step.*is long for a divert budget' \
    "$ZEM" check "$models/divert.yaml" --trials 10 --set "run.step=100 ms"
for model in optimal-kalman divert; do
    "$ZEM" check "$models/$model.yaml" --trials 10 >check.out 2>check.err
    holds "check_has_no_warning_for_$model" test "$(grep -c 'is long for' check.err)" -eq 0
done

# A run warns of noise that takes the command to its limit by itself. With N' = 4, Vc = 4 km/s, lags of 20 and 10 ms and
# a density of 1e-9 rad2/Hz the noise of the command is N' Vc sqrt(1e-9/(2 0.02 0.01 0.03)) = 146 m/s2.
sed 's/glint: .*/glint: 0 m2\/Hz/; s/seeker_lag: .*/seeker_lag: 20 ms/; s/filter_lag: .*/filter_lag: 10 ms/' \
    "$models/weave.yaml" >noisy.yaml
for command in check 'run -o noisy.h5 --force'; do
    # shellcheck disable=SC2086  # a list of words
    expect "noise_at_the_limit_gets_a_warning_by_${command%% *}" 0 anything 'noise alone commands 146 m/s2' \
        "$ZEM" $command noisy.yaml --trials 10 --set "interceptor.acceleration_limit=200 m/s2"
done
"$ZEM" check noisy.yaml --trials 10 --set "interceptor.acceleration_limit=300 m/s2" >check.out 2>check.err
holds noise_below_half_of_the_limit_gets_no_warning test "$(grep -c 'noise alone' check.err)" -eq 0
expect white_noise_at_a_limit_gets_a_warning 0 anything 'filter_lag: is 0, so white seeker noise meets' \
    "$ZEM" check noisy.yaml --trials 10 --set "interceptor.filter_lag=0 s"

# The default steps of the examples give no warning, with 1000 trials in each cell.
warned=
for model in "$models"/*.yaml; do
    "$ZEM" run "$model" -o model.h5 --force --trials 1000 >model.out 2>model.err || warned="$warned $model failed"
    grep -q 'steps are too long' model.err && warned="$warned $(basename "$model")"
done
verdict default_steps_of_the_examples_give_no_warning "$warned"
