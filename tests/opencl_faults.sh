#!/bin/sh
# What happens when an OpenCL driver fails: at its n-th call for every n, in the middle of a run, with a wrong bit in
# the data that it returns, by aborting or by hanging. Either the result is right and zem reports the fault, or zem ends
# with a sentence and a documented exit code and leaves no file. The faults come from faulty_opencl.c, a loader in front
# of the real one. It also presents the device as a GPU, so that the kernels for GPUs are flown wherever there is any
# OpenCL device. Needs $ZEM, $SCRATCH, a C compiler in $CC (or gcc).
set -u
. tests/shell/expect.sh

CC=${CC:-gcc}
. tests/shell/opencl_library.sh
if [ -z "$library" ]; then
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

# fly OPTION...: flies the small scenario. Leaves the exit code in $code and the digest in $digest.
fly() {
    rm -f "$SCRATCH/out.h5" "$FAULTY_LOG"
    "$ZEM" run "$SCRATCH/small.yaml" -o "$SCRATCH/out.h5" --json "$@" >"$SCRATCH/json" 2>"$SCRATCH/err"
    code=$?
    digest=$(sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' "$SCRATCH/json")
}

fly --device openmp
reference=$digest
[ ${#reference} -eq 64 ] || { verdict reference_flight_has_a_digest "none: $(head -n 1 "$SCRATCH/err")"; exit 0; }

# complaint CODES: prints what was wrong with the last flight, nothing if it was right. CODES are the exit codes that a
# failure may have.
complaint() {
    if [ "$code" -eq 0 ]; then
        [ "$digest" = "$reference" ] || echo "exit code 0 with digest $digest"
    elif ! echo " $1 " | grep -q " $code "; then echo "exit code $code: $(head -n 1 "$SCRATCH/err")"
    elif [ -e "$SCRATCH/out.h5" ]; then echo "a file was left behind"
    elif ! grep -q '^zem: ' "$SCRATCH/err"; then echo "exit code $code without a sentence"; fi
}

# The n-th call fails, or every call from the n-th on. n grows until a run makes fewer calls than n.
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

# flight_ends NAME CODE PATTERN OPTION...: checks that the flight ends with this code, prints the pattern, and had its
# fault.
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

# said WORDS...: prints which of the words the last flight did not print, nothing if it printed all.
said() {
    for words in "$@"; do
        grep -q -- "$words" "$SCRATCH/err" || { echo "no \"$words\" in: $(tr '\n' ' ' <"$SCRATCH/err")"; return; }
    done
}

fly --device openmp --trials 20000
many=$digest

# Faults that a run survives. `beside` flies with the processor and the device, `alone` with the device alone, in whose
# place the processor finishes. SETTING is an environment variable of faulty_opencl.c. The deadline of 2 s applies to a
# driver that hangs; the first batch of a device may take ten times as long.
beside() { # NAME PATTERN SETTING...
    name=$1 pattern=$2
    shift 2
    export "$@"
    few=$reference reference=$many
    flight_ends "${name}_beside_the_processor" 0 "$pattern" --device openmp,opencl --batch 20 --trials 20000 \
        --deadline 2
    reference=$few
    for setting in "$@"; do unset "${setting%%=*}"; done
}
alone() {
    name=$1 pattern=$2
    shift 2
    export "$@"
    flight_ends "${name}_alone" 0 "$pattern" --device opencl --batch 20 --deadline 2
    for setting in "$@"; do unset "${setting%%=*}"; done
}

for fault in 'hit FAULTY_HIT=4 does.not.add.up' 'trial FAULTY_READ=4 does.not.add.up' \
    'event FAULTY_EVENT=5 failed.to.finish.a.batch' 'hang FAULTY_HANG_EVENT=5 has.not.answered.for' \
    'abort FAULTY_ABORT=60 was.ended.by.signal.6'; do
    # shellcheck disable=SC2086  # three words
    set -- $fault
    beside "$1" "$3" "$2"
    alone "$1" "$3" "$2"
    verdict "$1_is_in_the_summary" "$(said 'tried once more' 'it is set aside' 'using openmp' 'it was set aside')"
    alone "$1_once" "$3" "$2" FAULTY_ONCE=1
    bad=$(said 'tried once more' 'it went on in a fresh context')
    ! grep -q 'using openmp' "$SCRATCH/err" || bad="the processor was used: $(tr '\n' ' ' <"$SCRATCH/err")"
    verdict "$1_once_is_forgiven" "$bad"
done

# Drivers that abort or hang while they are loaded.
export FAULTY_LOAD
for FAULTY_LOAD in abort hang; do
    pattern=$([ $FAULTY_LOAD = abort ] && echo 'was ended by signal 6' || echo 'has not answered for')
    flight_ends "${FAULTY_LOAD}_at_loading_beside_the_processor" 0 "$pattern" --device openmp,opencl --deadline 2
    flight_ends "${FAULTY_LOAD}_at_loading_with_auto" 0 "$pattern" --device auto --deadline 2
    flight_ends "${FAULTY_LOAD}_at_loading_alone" 69 "$pattern" --device opencl --deadline 2
    fly --device cpu
    bad=$(complaint '')
    [ ! -e "$FAULTY_LOG" ] || bad="OpenCL was loaded"
    verdict "${FAULTY_LOAD}_at_loading_cannot_harm_the_processor" "$bad"
    rm -f "$FAULTY_LOG"
    "$ZEM" --version >"$SCRATCH/out" 2>&1 || echo failed >>"$SCRATCH/out"
    bad=$(grep failed "$SCRATCH/out")
    [ ! -e "$FAULTY_LOG" ] || bad="OpenCL was loaded"
    verdict "${FAULTY_LOAD}_at_loading_cannot_harm_the_version" "$bad"
    expect "${FAULTY_LOAD}_at_loading_is_listed" 0 "$pattern" anything "$ZEM" devices --deadline 2
done
FAULTY_LOAD=abort
expect a_benchmark_does_not_go_on_without_a_device_that_was_named 69 '' 'was ended by signal 6' \
    "$ZEM" bench --deck small --repeat 1 --device cpu,opencl
unset FAULTY_LOAD

# Audits. A wrong tally that is consistent is found only by flying its batch again.
FAULTY_SUM=4
export FAULTY_SUM
flight_ends an_audit_finds_a_wrong_tally 0 'the audit found' --device opencl --batch 20 --audit 1
verdict an_audit_names_the_word "$(said 'sum of flight times' 'of which the audit found')"
fly --device opencl --batch 20
verdict without_an_audit_it_is_counted "$([ "$digest" != "$reference" ] || echo 'the digest is right')"
unset FAULTY_SUM
fly --device openmp --audit 0.5 --batch 20
bad=$(complaint '')
audited=$(sed -n 's/.*"audited_trials":\([0-9]*\).*/\1/p' "$SCRATCH/json")
[ "$audited" -gt 0 ] && [ "$audited" -lt 200 ] || bad="$audited of 200 trials audited"
verdict an_audit_flies_a_fraction "$bad"
for fraction in 1.5 -1 nan x; do
    expect "an_audit_of_${fraction}_is_refused" 64 '' 'a fraction of the batches' "$ZEM" run "$SCRATCH/small.yaml" \
        --audit "$fraction"
done

export FAULTY_READ FAULTY_GPU
FAULTY_READ=1 FAULTY_GPU=0
flight_ends wrong_answer_fails_the_self_test 7 'failed its self-test' --device opencl
FAULTY_READ=2
flight_ends wrong_engagement_fails_the_self_test 7 'failed its self-test' --device opencl
FAULTY_READ=0 FAULTY_GPU=1
flight_ends gpu_kernels_give_the_same_digest 0 'using opencl' --device auto
FAULTY_READ=1
flight_ends automatic_choice_leaves_out_what_fails 0 'using openmp' --device auto
holds automatic_choice_says_what_it_left_out grep 'failed its self-test' "$SCRATCH/err"
flight_ends a_list_leaves_out_what_fails 0 'failed its self-test' --device openmp,opencl

# What `zem devices` prints. The self-test decides whether a device is used; the flag that says how fma is computed does
# not.
FAULTY_READ=1
expect a_device_that_fails_is_listed_with_its_answer 0 'cannot be used: .*is 0x[0-9a-f]*, and 0x[0-9a-f]* is right' \
    anything "$ZEM" devices
expect the_self_test_can_be_left_out 0 '^opencl[^ ]* *yes' anything "$ZEM" devices --untested
FAULTY_READ=0
export FAULTY_FMA=1
flight_ends a_device_without_the_flag_of_fma_is_used 0 'using opencl' --device opencl
unset FAULTY_FMA
export FAULTY_INF=1
flight_ends a_missing_property_is_named_alone 69 'no infinities (CL_FP_INF_NAN)' --device opencl
unset FAULTY_INF
export FAULTY_GROUP=32
flight_ends kernels_adapt_to_small_work_groups 0 'work-groups of 32' --device gpu
unset FAULTY_GROUP
export FAULTY_CALL=2 FAULTY_FOREVER=0
expect a_platform_that_fails_is_listed 0 'platform 0 (.*) failed to list its devices: CL_OUT_OF_RESOURCES' anything \
    "$ZEM" devices
unset FAULTY_CALL
mkdir -p "$SCRATCH/vendors"
echo libabsent.so.1 >"$SCRATCH/vendors/absent.icd"
expect a_driver_that_cannot_be_loaded_is_listed 0 'libabsent.so.1, registered in .*absent.icd, cannot be loaded' \
    anything env OCL_ICD_VENDORS="$SCRATCH/vendors" "$ZEM" devices
touch "$SCRATCH/file"
expect a_cache_that_cannot_be_used_is_listed 0 'tunings of GPUs cannot be kept: .*Not a directory' anything \
    env XDG_CACHE_HOME="$SCRATCH/file" "$ZEM" devices

# The kernels for GPUs give the digests of the processor on every model.
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
