#!/bin/sh
# Messages about common mistakes: a file of another kind, a value in another unit, an output that belongs to something
# else, a file that another program holds. If a message advises a value, that value must be accepted. Needs $ZEM (the
# program) and $SCRATCH (an empty folder), where `out` and `err` are of the last command.
set -u
. tests/shell/expect.sh

cd "$SCRATCH" || exit 1

cat >small.yaml <<'YAML'
zem: 1
title: Small
engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 3 gravity}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m]}
run: {trials: 100, seed: 1}
YAML

# advised NAME KEY WRONG RIGHT [OPTION]: checks that the value WRONG is refused with the advice RIGHT, and that RIGHT is
# accepted. With OPTION the value is given by --OPTION in place of --set KEY=.
advised() {
    if [ $# -eq 5 ]; then
        expect "$1_is_refused_with_advice" 65 '' "^--$5: $2: \"$3\".*[^0-9.]$4\$" "$ZEM" check small.yaml "--$5" "$3"
        expect "advice_on_$1_is_accepted" 0 anything '' "$ZEM" check small.yaml "--$5" "$4"
        return
    fi
    expect "$1_is_refused_with_advice" 65 '' "^--set: $2: \"$3\".*\"$4\"" "$ZEM" check small.yaml --set "$2=$3"
    expect "advice_on_$1_is_accepted" 0 anything '' "$ZEM" check small.yaml --set "$2=$4"
}
advised kilometres_per_hour engagement.closing_speed '14400 kph' '14400 km/h'
advised kilometres_per_hour_converted engagement.closing_speed '14400 kph' '4 km/s'
advised unit_without_blank engagement.closing_speed '14400kph' '4 km/s'
advised miles_per_hour engagement.closing_speed '9000 MPH' '9000 mile/h'
advised g_without_blank target.acceleration 3g '3 gravity'
advised hours engagement.flight_time '0.001 hrs' '0.001 hour'
advised exponent run.trials 1e6 1000000 trials
advised exponent_of_a_seed run.seed 1e1 10 seed
advised percent run.precision '0.5 %' 0.005 precision
advised percent_without_blank run.precision '0.5%' 0.005 precision
advised percent_without_sign run.precision 5 0.05 precision
advised word_after_a_number run.trials '200 runs' 200 trials
number=0
for value in '95 %' 95% 95 '95 percent'; do
    number=$((number + 1))
    expect "confidence_in_percent_gets_advice_$number" 65 '' '[^0-9.]0\.95$' \
        "$ZEM" check small.yaml --set "run.confidence=$value"
done
expect advice_on_confidence_is_accepted 0 anything '' "$ZEM" check small.yaml --set run.confidence=0.95

# No message advises a value that would be refused, or puts the user's number before a unit to which it does not belong.
expect half_a_trial_gets_no_advice_of_half_a_trial 65 '' 'a pure number has no unit; a whole number is needed' \
    "$ZEM" check small.yaml --trials '50 %'
expect exponent_beyond_the_range_is_told_the_range 65 '' 'must be a whole number from 1 to 8' \
    "$ZEM" check small.yaml --set salvo.shots=1e3
expect unknown_unit_has_an_example_of_its_own 65 '' 'unknown unit "sprongs/s"; a speed is needed, such as "3 km/s"' \
    "$ZEM" check small.yaml --set 'engagement.closing_speed=14400 sprongs/s'

# A file of another kind in place of a scenario or a result.
expect run_is_0 0 '' '' "$ZEM" run small.yaml --quiet
for command in run check converge; do
    expect "result_for_a_scenario_of_$command" 65 '' \
        '^small.h5: is not a scenario: it is an HDF5 file, such as the result' \
        "$ZEM" "$command" small.h5
done
head -c 5000000 /dev/zero | cat small.h5 - >large.h5
expect large_result_for_a_scenario 65 '' '^large.h5: is not a scenario: it is an HDF5 file' "$ZEM" run large.h5
printf '\211PNG\r\n\032\n' >picture.png
expect picture_for_a_scenario 65 '' 'is not a scenario: it is a picture' "$ZEM" run picture.png
expect picture_for_a_result 65 '' 'is not a result of zem: it is a picture' "$ZEM" show picture.png
"$ZEM" run small.yaml -o long.h5 --trials 1000000000000 --checkpoint 1 >out 2>err </dev/null &
process=$!
await "$process" test -e .long.h5.checkpoint
kill -TERM "$process"
wait "$process"
expect checkpoint_for_a_result 65 '' 'it is the checkpoint of an unfinished run, on which `zem run --resume`' \
    "$ZEM" show .long.h5.checkpoint
expect checkpoint_for_a_scenario 65 '' 'is not a scenario: it is the checkpoint' "$ZEM" run .long.h5.checkpoint

# A file that another program has locked is reported as locked, and not as damaged.
if command -v flock >/dev/null; then
    expect locked_result_is_66 66 '' '^zem: small.h5: is locked by another program' flock small.h5 "$ZEM" show small.h5
    expect locked_output_is_73 73 '' 'exists and is locked by another program' \
        flock small.h5 "$ZEM" run small.yaml --resume
else
    echo "skip locked_result_is_66: no flock here"
fi
expect unlocked_result_is_0 0 anything '' "$ZEM" show small.h5

# An output exists already: it is complete, or the result of something else.
expect complete_output_is_left 0 '' 'small.h5: is complete already' "$ZEM" run small.yaml --resume
expect edited_scenario_is_told 73 '' \
    'small.h5: exists and is the result of another scenario, which differs in run.seed' \
    "$ZEM" run small.yaml --resume --seed 5
expect two_edits_are_told 73 '' 'differs in interceptor.navigation_gain, run.trials;' \
    "$ZEM" run small.yaml --resume --trials 50 --set interceptor.navigation_gain=3
expect other_intervals_are_told 73 '' 'its intervals are by wilson instead of clopper-pearson' \
    "$ZEM" run small.yaml --resume --interval clopper-pearson
expect too_few_samples_are_told 73 '' 'keeps 0 single trials of every cell instead of 10' \
    "$ZEM" run small.yaml --resume --samples 10
expect shard_is_told 73 '' 'holds other trials of this scenario' \
    "$ZEM" run small.yaml -o small.h5 --resume --shard 0/2
head -c 2000 small.h5 >half.h5
expect half_a_file_is_told 73 '' 'half.h5: exists and is a damaged HDF5 file' "$ZEM" run small.yaml -o half.h5 --resume
printf text >text.h5
expect text_file_is_told 73 '' 'text.h5: exists and is not a result of zem' "$ZEM" run small.yaml -o text.h5 --resume

# Long times are given in days or years.
expect days_are_days 0 '^estimated time:  .* \(days\|years\)' '' "$ZEM" check small.yaml --trials 70000000000000000

# Several runs may share a log. A message reaches it in one piece, as the receiver of datagrams sees.
python3 - "$ZEM" >pieces 2>&1 <<'PYTHON'
import socket
import subprocess
import sys

ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
with theirs:
    for words in (["run", "small.yaml", "-o", "log.h5"], ["run", "absent.yaml"]):
        subprocess.run([sys.argv[1], *words], stderr=theirs, check=False)
ours.settimeout(0)
pieces = []
try:
    while piece := ours.recv(65536):
        pieces.append(piece)
except BlockingIOError:
    pass
broken = [piece for piece in pieces if not piece.endswith(b"\n")]
print(f"{len(pieces)} pieces", "whole" if pieces and not broken else broken[:3])
PYTHON
holds messages_are_written_in_whole_lines grep -q '^[3-9] pieces whole$' pieces
