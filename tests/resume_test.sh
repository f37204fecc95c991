#!/bin/sh
# A run that was cut off goes on to the bits of one that was not: after a signal, after kill -9, with a precision to reach, on other
# threads and batches. Needs $ZEM and $SCRATCH.
set -u
. tests/shell/expect.sh
cd "$SCRATCH" || exit 1

cat >plain.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 6 gravity, points: 20}
run: {trials: 50000, seed: 1}
YAML
{ sed 's/^run:.*//' plain.yaml; echo 'run: {trials: 50000, precision: 0.003, seed: 2}'; } >precise.yaml

digests() { sed -n 's/.*"digest":"\([0-9a-f]*\)","miss_digest":"\([0-9a-f]*\)".*/\1 \2/p' "$1"; }

# cut_off SIGNAL FILE SECONDS OPTIONS...: runs for a while, then sends the signal; $ended is the exit code.
cut_off() {
    signal=$1 file=$2 seconds=$3
    shift 3
    "$ZEM" run "$file" --resume --quiet --checkpoint 1 --threads 1 "$@" >cut.json 2>cut.err </dev/null &
    process=$!
    sleep "$seconds"
    kill -"$signal" "$process" 2>/dev/null
    wait "$process" 2>/dev/null
    ended=$?
}

for scenario in plain precise; do
    expect "${scenario}_runs" 0 '"digest":"' '' "$ZEM" run $scenario.yaml --quiet --json -o whole.h5 --force
    whole=$(digests out)
    cut_off INT $scenario.yaml 1 --isa baseline
    holds "${scenario}_is_cut_off_by_a_signal" test $ended -eq 75 -a -f .$scenario.h5.checkpoint
    cut_off KILL $scenario.yaml 2 --isa baseline --batch 7777
    expect "${scenario}_is_resumed" 0 '"digest":"' '' "$ZEM" run $scenario.yaml --resume --quiet --json
    holds "${scenario}_resumes_to_the_same_bits" test -n "$whole" -a "$(digests out)" = "$whole"
    holds "${scenario}_leaves_no_checkpoint" test ! -e .$scenario.h5.checkpoint
done

# A complete result is left alone, one of another scenario is not taken for it.
cp plain.h5 before.h5
expect complete_results_are_left_alone 0 '' '' "$ZEM" run plain.yaml --resume --quiet
holds complete_results_keep_their_bytes cmp plain.h5 before.h5
expect results_of_another_seed_are_not_resumed 73 '' 'plain.h5: exists already' "$ZEM" run plain.yaml --resume --quiet --seed 3

# A checkpoint that is cut short or changed is not believed.
rm -f plain.h5
cut_off INT plain.yaml 1 --isa baseline
cp .plain.h5.checkpoint good
head -c 5000 good >.plain.h5.checkpoint
expect short_checkpoint_is_refused 65 '' damaged "$ZEM" run plain.yaml --resume --quiet
{ head -c 5000 good; printf X; tail -c +5002 good; } >.plain.h5.checkpoint
expect changed_checkpoint_is_refused 65 '' damaged "$ZEM" run plain.yaml --resume --quiet
exit 0
