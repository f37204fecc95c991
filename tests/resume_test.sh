#!/bin/sh
# A run that is interrupted continues to the bits of a run that was not: after a signal, after kill -9, with a precision
# to reach, and with other threads and batches. Needs $ZEM and $SCRATCH.
set -u
. tests/shell/expect.sh
cd "$SCRATCH" || exit 1

# write TRIALS: writes $scenario.yaml with so many trials in each cell. In the scenario "precise" about half of the
# cells reach their precision before that.
write() {
    cat >"$scenario.yaml" <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 6 gravity, points: 20}
YAML
    case $scenario in
        plain) echo "run: {trials: $1, seed: 1}" ;;
        precise) echo "run: {trials: $1, precision: $(awk "BEGIN { print 0.67 / sqrt($1) }"), seed: 2}" ;;
    esac >>"$scenario.yaml"
}

digests() { sed -n 's/.*"digest":"\([0-9a-f]*\)","miss_digest":"\([0-9a-f]*\)".*/\1 \2/p' "$1"; }

# cut_off SIGNAL CONDITION OPTION...: flies $scenario until the condition holds, then sends the signal. Leaves the exit
# code in $ended.
cut_off() {
    signal=$1 condition=$2
    shift 2
    "$ZEM" run "$scenario.yaml" --resume --quiet --checkpoint 1 --threads 1 --isa baseline "$@" \
        >cut.json 2>cut.err </dev/null &
    process=$!
    await "$process" "$condition"
    kill -"$signal" "$process" 2>/dev/null
    wait "$process" 2>/dev/null
    ended=$?
}
saved() { test -e ".$scenario.h5.checkpoint"; }
saved_again() { ! cmp -s ".$scenario.h5.checkpoint" "$scenario.checkpoint"; }

# cut_twice: stops $scenario by SIGINT after its first checkpoint, and then by SIGKILL after a later one. Fails if a run
# ends before it is stopped.
cut_twice() {
    rm -f "$scenario.h5" ".$scenario.h5.checkpoint" "$scenario.checkpoint"
    cut_off INT saved
    interrupted=$ended
    [ "$interrupted" -ne 0 ] || return 1
    cp ".$scenario.h5.checkpoint" "$scenario.checkpoint"
    cut_off KILL saved_again --batch 7777
    [ "$ended" -ne 0 ]
}

for scenario in plain precise; do
    for trials in 50000 500000 5000000 50000000; do # with more trials, if a run ended before its signal
        write $trials
        if cut_twice; then break; fi
    done
    holds "${scenario}_is_cut_off_by_a_signal" test "$interrupted" -eq 75 -a -s $scenario.checkpoint
    holds "${scenario}_is_killed" test "$ended" -eq 137
    expect "${scenario}_is_resumed" 0 '"digest":"' '' "$ZEM" run $scenario.yaml --resume --quiet --json
    resumed=$(digests out)
    holds "${scenario}_leaves_no_checkpoint" test ! -e .$scenario.h5.checkpoint
    expect "${scenario}_runs" 0 '"digest":"' '' "$ZEM" run $scenario.yaml --quiet --json -o whole.h5 --force
    holds "${scenario}_resumes_to_the_same_bits" test -n "$resumed" -a "$(digests out)" = "$resumed"
done

# A complete result is left alone. A result of another scenario is not taken for it.
cp plain.h5 before.h5
expect complete_results_are_left_alone 0 '' '' "$ZEM" run plain.yaml --resume --quiet
holds complete_results_keep_their_bytes cmp plain.h5 before.h5
# A run that is killed just after its result has got its name leaves its checkpoint, which the next run removes. The
# checkpoint of another run is left alone.
cp plain.checkpoint .plain.h5.checkpoint
expect a_complete_result_is_found 0 '' '' "$ZEM" run plain.yaml --resume --quiet
holds the_checkpoint_of_a_complete_result_is_removed test ! -e .plain.h5.checkpoint
cp precise.checkpoint .plain.h5.checkpoint
expect a_complete_result_is_found_again 0 '' '' "$ZEM" run plain.yaml --resume --quiet
holds the_checkpoint_of_another_run_is_left test -e .plain.h5.checkpoint
rm .plain.h5.checkpoint
expect results_of_another_seed_are_not_resumed 73 '' 'plain.h5: exists and is the result of another .* in run.seed' \
    "$ZEM" run plain.yaml --resume --quiet --seed 3

# A checkpoint that was cut short or changed is refused.
rm -f plain.h5
half=$(($(wc -c <plain.checkpoint) / 2))
head -c $half plain.checkpoint >.plain.h5.checkpoint
expect short_checkpoint_is_refused 65 '' damaged "$ZEM" run plain.yaml --resume --quiet
{ head -c $half plain.checkpoint; printf X; tail -c +$((half + 2)) plain.checkpoint; } >.plain.h5.checkpoint
expect changed_checkpoint_is_refused 65 '' damaged "$ZEM" run plain.yaml --resume --quiet
exit 0
