#!/bin/sh
# What signals do to a run. SIGINT, SIGHUP of a closed terminal and the signals of a scheduler end it with a checkpoint,
# also while an OpenCL driver has handlers of its own or hangs. A program that waits for a file ends too.
# interruption_test.c tests the handling of signals alone. Needs $ZEM and $SCRATCH; for drivers that hang a C compiler
# in $CC (or gcc).
set -u
. tests/shell/expect.sh
. tests/shell/opencl_library.sh
top=$PWD
cd "$SCRATCH" || exit 1
ulimit -c 0

# More trials than any machine flies while this test runs.
cat >long.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m]}
run: {trials: 1000000000000}
YAML
saved() { test -e .long.h5.checkpoint; }
hangs() { test -s happened; }

# signalled SIGNAL CONDITION OPTION...: runs long.yaml until the condition holds, then sends the signal. Leaves the exit
# code in $ended. The default of SIGHUP is restored first, because the runner of the tests may have it ignored (nohup),
# and zem would keep it ignored.
signalled() {
    signal=$1 condition=$2
    shift 2
    rm -f .long.h5.checkpoint happened
    env --default-signal=HUP "$ZEM" run long.yaml --checkpoint 1 --threads 1 "$@" >out 2>err </dev/null &
    process=$!
    await "$process" "$condition"
    kill -"$signal" "$process"
    wait "$process" 2>/dev/null
    ended=$?
}

# ends NAME CODE PATTERN: checks that the run ended with this code and printed the pattern, and that it left a
# checkpoint if the code is 75.
ends() {
    bad=$(why_not "$3" err 'standard error')
    [ "$ended" -eq "$2" ] || bad="exit code $ended, expected $2: $(tail -n 1 err)"
    if [ -z "$bad" ] && [ "$2" -eq 75 ] && ! saved; then bad='no checkpoint'; fi
    verdict "$1" "$bad"
}

for signal in INT TERM HUP USR1 USR2 XCPU; do
    signalled $signal saved --device openmp
    ends ${signal}_ends_with_a_checkpoint 75 'stopped by a signal after [0-9]* trials; --resume goes on from there'
done
signalled QUIT saved --device openmp
ends QUIT_ends_at_once 131 anything

# A signal while the program waits for a writer of the scenario, before a run has begun.
mkfifo pipe.yaml
"$ZEM" run pipe.yaml 2>err &
process=$!
opened() { test "$(ls "/proc/$process/task" | wc -l)" -gt 1; } # one thread waits for signals
await $process opened
kill -INT $process
wait $process
ended=$?
ends a_signal_ends_a_run_that_waits_for_a_file 130 'no output was replaced'

if [ -z "$library" ]; then
    echo "skip drivers: no usable OpenCL device"
    exit 0
fi
for signal in INT TERM HUP USR1 USR2 XCPU; do
    signalled $signal saved --device opencl
    ends ${signal}_ends_with_a_checkpoint_beside_a_driver 75 '--resume goes on from there'
done
signalled QUIT saved --device opencl
ends QUIT_ends_at_once_beside_a_driver 131 anything

mkdir -p loader
if ! (cd "$top" && "${CC:-gcc}" -std=gnu11 -O1 -fPIC -shared -I. -Ihost -Wno-deprecated-declarations \
    -o "$SCRATCH/loader/libOpenCL.so.1" tests/faulty_opencl.c -ldl) 2>log; then
    verdict faulty_loader_builds "$(head -n 1 log)"
    exit 0
fi
export LD_LIBRARY_PATH="$SCRATCH/loader${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FAULTY_LIBRARY="$library" FAULTY_LOG="$SCRATCH/happened"
export FAULTY_HANG=1 FAULTY_HANG_POLL=0
signalled INT hangs --device opencl
ends a_signal_ends_a_run_whose_driver_hangs_at_the_start 130 'stopped by a signal.*; no output was replaced'
FAULTY_HANG=0 FAULTY_HANG_POLL=200
signalled INT hangs --device opencl --batch 1000
ends a_signal_ends_a_run_whose_driver_hangs_in_flight 75 'stopped by a signal after [0-9]* trials; --resume goes on'
exit 0
