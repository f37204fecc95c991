#!/bin/sh
# The command line as a user meets it: exit codes, sentences, help, several scenarios, signals, output streams that
# fail. Needs $ZEM (the program) and $SCRATCH (an empty folder), where `out` and `err` are of the last command.
set -u
. tests/shell/expect.sh

top=$PWD
cd "$SCRATCH" || exit 1

cat >small.yaml <<'YAML'
zem: 1
title: Small
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, values: [2 gravity, 6 gravity]}
run: {trials: 500, seed: 1}
YAML
cp small.yaml other.yaml
sed 's/closing_speed: 3 km.s/closing_speed: 3 m/' small.yaml >wrong.yaml
sed 's/trials: 500/trials: 1000000000000/' small.yaml >long.yaml

# Usage errors.
expect no_command_is_64 64 '' 'a command is needed' "$ZEM"
expect unknown_command_gets_a_suggestion 64 '' 'did you mean "devices"' "$ZEM" devcies
expect unknown_command_without_likeness_is_named 64 '' 'unknown command "xyzzyplugh"' "$ZEM" xyzzyplugh
expect option_before_command_is_64 64 '' 'unknown option --quiet before' "$ZEM" --quiet run small.yaml
expect unknown_option_gets_a_suggestion 64 '' 'did you mean --force' "$ZEM" run small.yaml --forse
expect unknown_letter_is_64 64 '' 'unknown option -x' "$ZEM" run small.yaml -x
expect missing_value_is_64 64 '' 'needs a value' "$ZEM" run small.yaml --seed
expect value_for_a_flag_is_64 64 '' 'takes no value' "$ZEM" run small.yaml --force=yes
expect missing_operand_is_64 64 '' 'missing operand' "$ZEM" run
expect surplus_operand_is_64 64 '' 'one operand too many: other.yaml' "$ZEM" check small.yaml other.yaml
expect threads_must_be_a_number 64 '' '--threads many: a whole number' "$ZEM" run small.yaml --threads many
expect threads_must_not_be_zero 64 '' 'from 1 to' "$ZEM" run small.yaml --threads 0
expect negative_batch_is_64 64 '' '--batch -5' "$ZEM" run small.yaml --batch -5
expect set_needs_a_key 64 '' 'key=value' "$ZEM" run small.yaml --set trials
expect interval_must_be_known 64 '' 'wilson or clopper-pearson' "$ZEM" run small.yaml --interval wald
expect shard_needs_two_numbers 64 '' 'index/count' "$ZEM" run small.yaml --shard 3
expect shard_index_must_be_below_the_count 64 '' 'counts from 0' "$ZEM" run small.yaml --shard 4/4
expect output_goes_with_one_scenario 64 '' 'single scenario' "$ZEM" run small.yaml other.yaml -o x.h5
mkdir -p folder && cp small.yaml folder/small.yaml
expect outputs_of_one_name_are_64 64 '' 'both be written to small.h5' "$ZEM" run small.yaml folder/small.yaml
expect samples_must_not_be_zero 64 '' '--samples 0: a whole number from 1 to 100000' "$ZEM" run small.yaml --samples 0
expect too_many_samples_say_the_sizes 64 '' \
    '100000 trials of each of 20000 cells take 48.0 GB of memory and up to 50.0 GB' "$ZEM" run small.yaml \
    --trials 100000 --samples 100000 \
    --set 'sweep=[{parameter: target.acceleration, from: 1 gravity, to: 2 gravity, points: 20000}]'
holds too_many_samples_say_how_many_fit grep -q 'take --samples [0-9]* or fewer' err
expect check_says_what_samples_take 0 '^single trials: ' '' "$ZEM" check small.yaml --samples 1000
holds samples_of_a_cell_are_at_most_its_trials \
    grep -q '^single trials: *500 of every cell; .* 23.4 KiB and up to 24.4 KiB' out

# Help and version.
expect help_is_0 0 '^Usage: zem COMMAND' '' "$ZEM" --help
for command in run check devices show plot report trace verify diff doctrine effects sensitivity merge export converge \
    reference bench new help; do
    expect "${command}_help_is_0" 0 "^Usage: zem $command " '' "$ZEM" "$command" --help
    holds "${command}_help_has_examples" grep -q '^Examples:' out
    "$ZEM" --help >out
    holds "help_names_$command" grep -q "^  $command " out
done
"$ZEM" run --help >out
for option in output device seed trials precision set shard resume force quiet json samples; do
    holds "run_help_names_$option" grep -q -e "--$option" out
done
expect help_of_a_command_is_0 0 '^Usage: zem run ' '' "$ZEM" help run
cp out one
"$ZEM" run --help >out
holds help_of_a_command_is_its_own cmp one out
expect help_alone_lists_the_commands 0 '^Usage: zem COMMAND' '' "$ZEM" help
expect help_of_no_command_gets_a_suggestion 64 '' 'did you mean "devices"' "$ZEM" help devcies
expect version_is_0 0 '^zem ' '' "$ZEM" --version
version=$(sed -n 's/^VERSION := //p' "$top/Makefile")
holds version_is_that_of_the_makefile grep -q "^zem $version " out
holds version_names_hdf5 grep -q '^HDF5 [0-9]' out
holds version_names_opencl grep -q '^OpenCL ' out
holds citation_has_the_version grep -q "^version: $version\$" "$top/CITATION.cff"
holds changelog_has_the_version grep -q "^## $version" "$top/CHANGELOG.md"

# Inputs that are missing or wrong.
expect missing_scenario_is_66 66 '' 'absent.yaml' "$ZEM" run absent.yaml
expect missing_scenario_of_check_is_66 66 '' 'absent.yaml' "$ZEM" check absent.yaml
expect missing_result_is_66 66 '' 'absent.h5' "$ZEM" show absent.h5
expect file_that_is_no_result_is_65 65 '' 'small.yaml' "$ZEM" show small.yaml
expect bad_scenario_is_65 65 '' 'wrong.yaml:3:.*engagement.closing_speed' "$ZEM" run wrong.yaml
expect bad_scenario_of_check_is_65 65 '' 'wrong.yaml:3:.*engagement.closing_speed' "$ZEM" check wrong.yaml
expect bad_override_is_65 65 '' 'target.perod' "$ZEM" check small.yaml --set 'target.perod=2 s'
expect unknown_device_is_69 69 '' 'nonsuch' "$ZEM" run small.yaml -o device.h5 --device nonsuch
holds unknown_device_leaves_no_file test ! -e device.h5
expect plot_needs_an_output 64 '' '-o OUT' "$ZEM" plot small.h5

# A new scenario, and examples by name.
expect new_writes_a_scenario 0 '' 'scenario.yaml: ' "$ZEM" new
holds new_scenario_is_commented test "$(grep -c '#' scenario.yaml)" -gt 10
holds new_scenario_names_the_schema grep -q '^# yaml-language-server: $schema=/.*scenario.schema.json$' scenario.yaml
schema=$(sed -n 's/^# yaml-language-server: $schema=//p' scenario.yaml)
holds named_schema_is_that_of_the_keys cmp "$schema" "$top/models/scenario.schema.json"
expect new_scenario_is_good 0 '^unused keys:     none' '' "$ZEM" check scenario.yaml
echo mine >scenario.yaml
expect new_replaces_nothing 73 '' 'scenario.yaml: exists already; --force' "$ZEM" new
holds existing_scenario_is_untouched grep -qx mine scenario.yaml
expect new_replaces_by_force 0 '' 'scenario.yaml: ' "$ZEM" new scenario.yaml --force
holds forced_scenario_is_new grep -q '^zem: 1' scenario.yaml
expect new_copies_an_example 0 '' 'copy.yaml: ' "$ZEM" new copy --example point-mass
tail -n +2 copy.yaml >copied
tail -n +2 "$top/models/point-mass.yaml" >example
holds copy_is_the_example cmp copied example
expect new_of_no_example_gets_a_suggestion 64 '' 'did you mean "point-mass"' "$ZEM" new x --example pointmass
expect new_into_no_folder_is_73 73 '' 'nowhere/x.yaml' "$ZEM" new nowhere/x
holds failed_new_leaves_nothing test -z "$(find . -name '*.part')"
expect new_lists_the_examples 0 '^weave  *Weaving target' '' "$ZEM" new --list
for model in "$top"/models/*.yaml; do
    holds "list_has/$(basename "$model")" grep -q "^$(basename "$model" .yaml) " out
done
expect example_is_run_by_name 0 '"scenario":"first","file":"first.h5"' '' "$ZEM" run first --quiet --json
digest() { sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' "$1"; }
cp out named
"$ZEM" run "$top/models/first.yaml" --quiet --json --force >filed
holds example_is_its_file test -n "$(digest named)" -a "$(digest named)" = "$(digest filed)"
expect example_is_checked_by_name 0 '^cells: *576' '' "$ZEM" check weave
mkdir -p "$SCRATCH/waeve"
expect a_folder_is_not_taken_for_a_misspelt_example 66 '' 'is a folder' sh -c 'cd "$1" && "$ZEM" run waeve' . "$SCRATCH"
rmdir "$SCRATCH/waeve"
expect near_example_is_suggested 66 '' 'did you mean the example "weave"' "$ZEM" run waeve
cp small.yaml weave
expect file_comes_before_the_example 0 '^cells: *2$' '' "$ZEM" check weave
rm weave

# Where outputs are written.
expect run_writes_the_default_file 0 '' 'small.h5: 2 cells' "$ZEM" run small.yaml
holds default_file_is_not_empty test -s small.h5
cp small.h5 before.h5
expect existing_output_is_73 73 '' 'small.h5' "$ZEM" run small.yaml
holds existing_output_is_untouched cmp small.h5 before.h5
expect force_replaces_the_output 0 '' '' "$ZEM" run small.yaml --force --quiet
expect missing_folder_is_73 73 '' 'nowhere' "$ZEM" run small.yaml -o nowhere/small.h5
if [ "$(id -u)" -ne 0 ]; then
    mkdir -p locked && chmod 555 locked
    expect unwritable_folder_is_73 73 '' 'locked' "$ZEM" run small.yaml -o locked/small.h5
else
    expect unwritable_folder_is_73 73 '' '/proc' "$ZEM" run small.yaml -o /proc/small.h5
fi
expect options_stand_for_keys 0 '^{"scenario":"small.yaml","file":"keys.h5",' '' \
    "$ZEM" run small.yaml -o keys.h5 --trials 300 --seed 7 --quiet --json
holds trials_of_the_option_are_run grep -q '"trials":600' out
expect set_stands_for_the_option 0 '^{"scenario":"small.yaml","file":"set.h5",' '' \
    "$ZEM" run small.yaml -o set.h5 --set run.trials=300 --set run.seed=7 --quiet --json
cp out set.json
"$ZEM" run small.yaml -o keys.h5 --force --trials 300 --seed 7 --quiet --json >keys.json
holds digests_of_both_agree test -n "$(digest keys.json)" -a "$(digest keys.json)" = "$(digest set.json)"
"$ZEM" run small.yaml -o seed.h5 --trials 300 --seed 8 --quiet --json >seed.json
holds another_seed_gives_another_digest test "$(digest keys.json)" != "$(digest seed.json)"
"$ZEM" run small.yaml -o threads.h5 --trials 300 --seed 7 --quiet --json --threads 1 --batch 64 >threads.json
holds threads_and_batches_change_nothing \
    test -n "$(digest threads.json)" -a "$(digest keys.json)" = "$(digest threads.json)"
expect reproducible_run_is_0 0 '' '' "$ZEM" run small.yaml -o one.h5 --reproducible --quiet
expect reproducible_run_of_one_thread_is_0 0 '' '' "$ZEM" run small.yaml -o two.h5 --reproducible --quiet --threads 1
holds reproducible_files_are_the_same_bytes cmp one.h5 two.h5

expect output_option_may_follow_the_scenario 0 '' '' "$ZEM" run small.yaml -o order.h5 --quiet
"$ZEM" show order.h5 >out
holds command_line_is_kept_as_given grep -q 'run small.yaml -o order.h5 --quiet' out

# Several scenarios. Those that can be flown are flown; the exit code is that of the first failure.
rm -f small.h5 other.h5
expect several_go_on_after_a_failure 65 '' '1 of 3 scenarios have no result' "$ZEM" run small.yaml wrong.yaml other.yaml
holds first_of_several_is_done test -s small.h5
holds last_of_several_is_done test -s other.h5
holds wrong_one_of_several_leaves_no_file test ! -e wrong.h5
expect several_with_a_missing_one_is_66 66 '^{"scenario":"absent.yaml","file":null,"exit_code":66,' 'absent.yaml' \
    "$ZEM" run --force absent.yaml wrong.yaml small.yaml --json --quiet
holds several_print_a_line_of_json_each test "$(wc -l <out)" -eq 3
holds json_of_a_failure_has_its_exit_code grep -q '"exit_code":66' out

# Checking writes nothing.
mkdir -p clean && cp small.yaml clean && cd clean || exit 1
expect check_is_0 0 '^zem: 1$' '' "$ZEM" check small.yaml
holds check_says_the_cells grep -q '^cells: *2$' ../out
holds check_says_the_trials grep -q '^trials: *1000$' ../out
expect check_lists_unused_keys 0 '^unused keys: ' '' "$ZEM" check small.yaml --set interceptor.guidance=none
holds check_names_the_unused_gain grep -q "^unused keys:.*interceptor.navigation_gain" ../out
expect check_prints_json 0 '^{"scenario":"small.yaml",' '' "$ZEM" check small.yaml --json
holds json_of_check_says_valid grep -q '"valid":true.*"cells":2' ../out
holds check_writes_no_file test "$(ls)" = small.yaml
cd ..

# The default step is 0.12 of the sum of the lags, and the default step_ratio is 7 (models/README.md).
cat >lag.yaml <<'END'
zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}
target: {maneuver: step, acceleration: 5 gravity}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.5 s}
scoring: {hit_radius: 1 m}
run: {trials: 100}
END
expect check_names_the_default_step 0 '^longest step:    0.06 s, with a step_ratio of 7$' '' "$ZEM" check lag.yaml
expect check_names_the_steps_of_a_sweep 0 '^longest step:    0.024 to 0.06 s, with a step_ratio of 9$' '' "$ZEM" check \
    lag.yaml --set run.step_ratio=9 --set 'sweep=[{parameter: interceptor.autopilot_lag, values: [0.2 s, 0.5 s]}]'
expect check_counts_the_cells_it_looked_at 0 '^longest step:    0.06 s, with a step_ratio of 7, in 64 of the cells$' \
    '' "$ZEM" check lag.yaml --set 'sweep=[{parameter: interceptor.speed, from: 1 km/s, to: 2 km/s, points: 100}]'
expect check_names_a_given_step_in_json 0 '"step":\[0.03,0.03\],"step_ratio":\[7.0,7.0\]' '' "$ZEM" check lag.yaml \
    --json --set 'run.step=30 ms'
expect check_of_a_wrong_one_prints_json 65 '^{"scenario":"wrong.yaml",' 'wrong.yaml:3:' "$ZEM" check wrong.yaml --json
holds json_of_a_wrong_one_names_the_line grep -q '"valid":false.*"line":3' out
# A precision: what `zem check` predicts, and what a run that misses it says.
expect check_plans_a_precision 0 '^trials: *[0-9.e+]* for the precision' '' "$ZEM" check small.yaml \
    --precision 0.05 --trials 100000
holds check_says_that_it_is_within_reach grep -q '^precision: *within reach' out
expect check_tells_cells_that_will_miss 0 '^precision: *[12] cells need more' '' \
    "$ZEM" check small.yaml --precision 0.001
expect missed_precision_is_0_and_told 0 '' 'of 2 cells miss their precision: cell [01]' \
    "$ZEM" run small.yaml -o missed.h5 --precision 0.001
expect strict_is_9 9 '"precision":{"cells_with_goal":2,"cells_missed":[12],' 'is complete, but [12] of 2 cells miss' \
    "$ZEM" run small.yaml -o strict.h5 --precision 0.001 --strict --json
holds strict_writes_the_result test -s strict.h5
expect strict_of_a_complete_one_is_9_too 9 '' 'is complete, but' \
    "$ZEM" run small.yaml -o strict.h5 --precision 0.001 --strict --resume
expect strict_without_a_miss_is_0 0 '' '' "$ZEM" run small.yaml -o good.h5 --precision 0.3 --strict --quiet
expect devices_is_0 0 '^DEVICE ' '' "$ZEM" devices
holds devices_names_openmp grep -q '^openmp  *yes' out
expect devices_prints_json 0 '^{"devices":' '' "$ZEM" devices --json
holds json_of_devices_names_openmp grep -q '"name":"openmp","usable":true' out

# Signals. A run that gets a signal stops with a checkpoint and without a result, also among several scenarios.
#
# interrupt NAME CODE SIGNAL EVENT ARGUMENT...: runs a scenario that does not end by itself, sends the signal after the
# event, and expects the code.
interrupt() {
    name=$1 code=$2 signal=$3 event=$4
    shift 4
    rm -f out err # files of an earlier command must not count as the event
    "$ZEM" run "$@" >out 2>err </dev/null &
    process=$!
    await "$process" sh -c "$event"
    kill -"$signal" "$process"
    wait "$process"
    got=$?
    if [ "$got" -eq "$code" ]; then verdict "$name" ''; else verdict "$name" "exit code $got: $(head -n 1 err)"; fi
}
saved='test -e .long.h5.checkpoint'
interrupt interrupt_is_75 75 INT "$saved" long.yaml --checkpoint 1
holds interrupt_leaves_only_a_checkpoint test "$(find . -name '*long*' ! -name long.yaml)" = ./.long.h5.checkpoint
expect checkpoint_is_not_thrown_away 73 '' '.long.h5.checkpoint: --resume goes on' "$ZEM" run long.yaml --force
expect checkpoint_of_another_scenario_is_65 65 '' 'another scenario, seed' \
    "$ZEM" run long.yaml --resume --seed 9 --quiet
interrupt terminate_is_75_when_resumed 75 TERM 'grep "going on after" err' long.yaml --resume
rm -f .long.h5.checkpoint
interrupt without_checkpoint_it_is_130 130 INT 'grep "using " err' long.yaml --checkpoint 0
holds without_checkpoint_nothing_is_left test -z "$(find . -name '*long*' ! -name long.yaml)"
rm -f small.h5
interrupt interrupt_stops_the_others_too 75 INT "$saved" long.yaml small.yaml --checkpoint 1
holds interrupted_others_leave_no_file test ! -e small.h5

# Output streams that are full or closed.
if [ -w /dev/full ]; then
    # shellcheck disable=SC2016  # $1 is for the inner shell
    expect full_standard_output_is_74 74 '' 'standard output' sh -c '"$1" --help >/dev/full' - "$ZEM"
    # shellcheck disable=SC2016
    expect full_output_of_show_is_74 74 '' 'standard output' sh -c '"$1" show one.h5 >/dev/full' - "$ZEM"
    # shellcheck disable=SC2016
    expect full_json_of_run_is_74 74 '' 'could not be written' \
        sh -c '"$1" run small.yaml --force --quiet --json >/dev/full' - "$ZEM"
else
    echo "skip full_standard_output_is_74: no /dev/full here"
fi
# shellcheck disable=SC2016
expect closed_standard_output_is_74 74 '' 'standard output' sh -c '"$1" --version >&-' - "$ZEM"
# shellcheck disable=SC2016
expect closed_streams_do_not_hurt_the_file 0 '' '' \
    sh -c '"$1" run small.yaml -o closed.h5 --reproducible >&- 2>&- <&-' - "$ZEM"
holds file_written_with_closed_streams_is_the_same cmp closed.h5 one.h5
expect progress_goes_to_standard_error 0 '' 'small.h5: 2 cells' "$ZEM" run small.yaml --force
exit 0
