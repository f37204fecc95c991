#!/bin/sh
# What happens when an OpenCL driver fails: at its n-th call for every n, in the middle of a run, with a wrong bit in
# what it brings back. The program ends with a sentence and a documented exit code and leaves no file, or the result is
# right. The faults come from faulty_opencl.c, a loader put in front of the real one; it also presents the device as a
# GPU, so that the kernels for GPUs are flown wherever there is any OpenCL device. Needs $ZEM, $SCRATCH, a C compiler in
# $CC (or gcc).
set -u
. tests/shell/expect.sh

CC=${CC:-gcc}
library=
for folder in $(printf '%s' "${LD_LIBRARY_PATH:-}" | tr ':' ' ') \
    /usr/lib/"$(uname -m)"-linux-gnu /usr/lib64 /usr/lib /usr/local/lib; do
    [ -z "$library" ] && [ -e "$folder/libOpenCL.so.1" ] && library=$folder/libOpenCL.so.1
done
if [ -z "$library" ] || ! "$ZEM" devices 2>/dev/null | grep -q '^opencl[^ ]* *yes'; then
    echo "skip faults: no usable OpenCL device"
    exit 0
fi
case $ZEM in */tsan/*) echo "skip faults: OpenCL drivers are not instrumented for threads"; exit 0 ;; esac
mkdir -p "$SCRATCH/loader"
if ! "$CC" -std=gnu11 -O1 -fPIC -shared -I. -Ihost -Wno-deprecated-declarations \
    -o "$SCRATCH/loader/libOpenCL.so.1" tests/faulty_opencl.c -ldl 2>"$SCRATCH/log"; then
    verdict faulty_loader_builds "$(head -n 1 "$SCRATCH/log")"
    exit 0
fi
export LD_LIBRARY_PATH="$SCRATCH/loader${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FAULTY_LIBRARY="$library" FAULTY_LOG="$SCRATCH/happened"

cat >"$SCRATCH/small.yaml" <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 degree, sigma: 1 degree}}
scoring: {hit_radius: 1 m}
run: {trials: 200}
YAML

# fly OPTION...: flies the small scenario; leaves the exit code in $code, the digest in $digest.
fly() {
    rm -f "$SCRATCH/out.h5" "$FAULTY_LOG"
    "$ZEM" run "$SCRATCH/small.yaml" -o "$SCRATCH/out.h5" --json "$@" >"$SCRATCH/json" 2>"$SCRATCH/err"
    code=$?
    digest=$(sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' "$SCRATCH/json")
}

fly --device openmp
reference=$digest
[ ${#reference} -eq 64 ] || { verdict reference_flight_has_a_digest "none: $(head -n 1 "$SCRATCH/err")"; exit 0; }

# complaint CODES: why the last flight was not what it should be; nothing if it was. CODES are the exit codes of a
# failure.
complaint() {
    if [ "$code" -eq 0 ]; then
        [ "$digest" = "$reference" ] || echo "exit code 0 with digest $digest"
    elif ! echo " $1 " | grep -q " $code "; then echo "exit code $code: $(head -n 1 "$SCRATCH/err")"
    elif [ -e "$SCRATCH/out.h5" ]; then echo "a file was left behind"
    elif ! grep -q '^zem: ' "$SCRATCH/err"; then echo "exit code $code without a sentence"; fi
}

# The n-th call fails, once or for good, until a run makes fewer calls than that.
for forever in 0 1; do
    name=$([ $forever = 1 ] && echo every_call_from_the_nth_may_fail || echo the_nth_call_may_fail)
    call=1 failures=0 bad=
    while [ $call -lt 400 ] && [ -z "$bad" ]; do
        FAULTY_CALL=$call FAULTY_FOREVER=$forever fly --device opencl --batch 150
        [ -e "$FAULTY_LOG" ] || break
        [ "$code" -eq 0 ] || failures=$((failures + 1))
        bad=$(complaint '69 70')
        [ -z "$bad" ] || bad="call $call, $(head -n 1 "$FAULTY_LOG"): $bad"
        call=$((call + 1 + 4 * forever))
    done
    echo "$name: $call calls, $failures runs failed"
    if [ -z "$bad" ] && { [ $call -lt 30 ] || [ $failures -eq 0 ]; }; then
        bad="only $call calls, $failures failures"
    fi
    verdict "$name" "$bad"
done

# flight_ends NAME CODE PATTERN OPTION...: the flight ends with this code, says so, and had its fault.
flight_ends() {
    name=$1 wanted=$2 pattern=$3
    shift 3
    fly "$@"
    bad=
    if [ ! -e "$FAULTY_LOG" ] && [ "$name" != gpu_kernels_give_the_same_digest ]; then bad="the fault did not happen"
    elif [ "$code" -ne "$wanted" ]; then bad="exit code $code, expected $wanted: $(head -n 1 "$SCRATCH/err")"
    elif ! grep -q "$pattern" "$SCRATCH/err"; then bad="no \"$pattern\" in: $(head -n 1 "$SCRATCH/err")"
    elif [ "$wanted" -eq 0 ] && [ "$digest" != "$reference" ]; then bad="digest $digest"
    elif [ "$wanted" -ne 0 ] && [ -e "$SCRATCH/out.h5" ]; then bad="a file was left behind"; fi
    verdict "$name" "$bad"
}

export FAULTY_READ FAULTY_EVENT FAULTY_GPU
FAULTY_READ=0 FAULTY_EVENT=0 FAULTY_GPU=0
FAULTY_READ=1
flight_ends wrong_answer_fails_the_self_test 7 'failed its self-test' --device opencl
FAULTY_READ=2
flight_ends wrong_engagement_fails_the_self_test 7 'failed its self-test' --device opencl
FAULTY_READ=4
flight_ends tally_that_does_not_add_up_is_refused 70 'returned a tally' --device opencl --batch 20
FAULTY_READ=0 FAULTY_EVENT=3
flight_ends device_that_fails_in_the_middle_ends_the_run 69 'failed to finish a batch' --device opencl --batch 20
FAULTY_EVENT=0 FAULTY_GPU=1
flight_ends gpu_kernels_give_the_same_digest 0 'using opencl' --device auto
FAULTY_READ=1
flight_ends automatic_choice_leaves_out_what_fails 0 'using openmp' --device auto
holds automatic_choice_says_what_it_left_out grep 'failed its self-test' "$SCRATCH/err"

# The kernels for GPUs on every model.
FAULTY_READ=0
for model in models/*.yaml; do
    name=$(basename "$model" .yaml)
    : >"$SCRATCH/err"
    for device in opencl openmp; do
        "$ZEM" run "$model" --trials 20 --device $device --quiet --json --force -o "$SCRATCH/$device.h5" \
            2>>"$SCRATCH/err" | sed -n 's/.*\("digest":"[0-9a-f]*","miss_digest":"[0-9a-f]*"\).*/\1/p' \
            >"$SCRATCH/$device.digest"
    done
    bad=$(head -n 1 "$SCRATCH/err")
    if [ -s "$SCRATCH/opencl.digest" ] && cmp -s "$SCRATCH/opencl.digest" "$SCRATCH/openmp.digest"; then bad=
    else bad="digests differ. $bad"; fi
    verdict "gpu_kernels_agree_on_$name" "$bad"
done
