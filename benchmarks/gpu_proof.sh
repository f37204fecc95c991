#!/bin/sh
# Proves in one command that the GPUs of this machine give the same bits as the CPU, and measures their speed. A bundle
# (bundle.sh) has this script as `gpu-proof`. It needs nothing outside the bundle but a shell with the usual tools.
#
# Usage: gpu-proof [-d LIST] [-o FILE] [-t SECONDS] [-r]
#   -d LIST     devices with commas, as in zem run (default: every GPU)
#   -o FILE     the JSON document that is written (default: gpu-proof.json)
#   -t SECONDS  time for everything (default: 480). Parts that do not fit are listed as left out and never as passed.
#   -r          rehearsal: OpenCL devices of processors are reported as GPUs and fly the kernels for GPUs
# Exit codes: 0 all is proved; 6 something differs, failed or was left out; 64 usage; 69 no usable GPU; 73 the document
# cannot be written.
set -u

here=$(dirname "$(readlink -f "$0")")
zem=$here/libexec/zem
list='' output=gpu-proof.json limit=480 rehearsal=false
while getopts d:o:t:r option; do
    case $option in
        d) list=$OPTARG ;;
        o) output=$OPTARG ;;
        t) limit=$OPTARG ;;
        r) rehearsal=true ;;
        *) sed -n '/^# Usage/,/^# Exit/s/^# //p' "$0" >&2; exit 64 ;;
    esac
done
case $limit in '' | *[!0-9]*) echo "gpu-proof: -t $limit: a whole number of seconds is needed" >&2; exit 64 ;; esac
start=$(date +%s)
. "$here/lib/environment.sh"
if [ $rehearsal = true ]; then
    export FAULTY_GPU=1 FAULTY_LIBRARY="$here/lib/libOpenCL.so.1"
    export LD_LIBRARY_PATH="$here/tests/posing${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi

work=$(mktemp -d) || exit 73
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
export SCRATCH="$work"
failed=0 left_out=0
: >"$work/left_out"

say() { printf '%5d s  %s\n' $(($(date +%s) - start)) "$*"; }

# left PERCENT: prints the seconds that are left until PERCENT of the whole time have passed; 0 if they have.
left() {
    seconds=$((start + limit * $1 / 100 - $(date +%s)))
    [ $seconds -gt 0 ] || seconds=0
    echo $seconds
}

# member NAME FILE: prints the value of the first member of this name in a JSON document on one line. This works for
# values without commas. median NAME FILE prints the member "median" of an object.
member() { grep -o "\"$1\":[^,}]*" "$2" | head -n 1 | sed 's/^[^:]*://; s/"//g'; }
median() { grep -o "\"$1\":{[^}]*}" "$2" | head -n 1 | grep -o '"median":[^,}]*' | cut -d: -f2; }

# Prints its arguments as one JSON string.
quoted() { printf '"%s"' "$(printf '%s' "$*" | tr '\n\t' '  ' | tr -d '\000-\037' | sed 's/[\\"]/\\&/g')"; }

# item LIST TEXT: adds an element to a list of the document.
item() {
    if [ -s "$work/$1" ]; then printf ',\n' >>"$work/$1"; fi
    printf '%s' "$2" >>"$work/$1"
}

fail() {
    failed=$((failed + 1))
    say "FAILED: $*"
}

leave_out() {
    left_out=$((left_out + 1))
    item left_out "$(quoted "$*")"
    say "left out: $*"
}

# timed_out STATUS: whether this is the exit status of a command that `timeout` has ended.
timed_out() { [ "$1" -eq 124 ] || [ "$1" -eq 137 ]; }

# program NAME PERCENT: runs a test program until PERCENT of the whole time have passed. It compares the processor or
# every OpenCL device with known answers.
program() {
    seconds=$(left "$2")
    if [ "$seconds" -lt 5 ]; then leave_out "tests/$1: no time left"; return; fi
    (cd "$here" && exec timeout -k 5 "$seconds" "tests/$1") >"$work/program" 2>&1
    status=$?
    counted=$(grep -c '^\[       OK \]' "$work/program")
    if timed_out $status; then
        leave_out "tests/$1: not finished in $seconds s ($counted of its tests passed)"
    elif [ $status -ne 0 ] || [ "$counted" -eq 0 ]; then
        fail "tests/$1: $(grep -m 1 -B 1 '^\[  FAILED  \]' "$work/program" || head -n 1 "$work/program")"
    else
        say "tests/$1: $counted tests passed"
    fi
    item programs "{\"name\":\"$1\",\"passed\":$counted,\"exit_code\":$status}"
}

# fly FILE DEVICE SECONDS: flies a scenario with few trials on a device. Sets $status, and $digests to the digests of
# its totals and of its misses. A run counts as failed if the device failed and the processor finished the run.
fly() {
    timeout -k 5 "$3" "$zem" run "$1" -d "$2" --trials 256 --no-step-check --checkpoint 0 -q --json -f \
        -o "$work/flown.h5" >"$work/flown" 2>"$work/flown.err"
    status=$?
    digests="$(member digest "$work/flown") $(member miss_digest "$work/flown")"
    if grep -q '"failure":"[^"]' "$work/flown"; then
        status=70
        sed 's/.*"failure":"\([^"]\{1,\}\)".*/\1/' "$work/flown" >"$work/flown.err"
    fi
}

# compare FILE DEVICE: flies a model or deck with few trials on the device and on the CPU, and compares the digests.
compare() {
    name=$(basename "$1" .yaml) seconds=$(left 40)
    if [ "$seconds" -lt 5 ]; then leave_out "$name on $2 against the CPU: no time left"; return; fi
    fly "$1" cpu "$seconds"
    reference=$digests
    fly "$1" "$2" "$seconds"
    if timed_out $status; then leave_out "$name on $2 against the CPU: not finished"; return; fi
    if [ $status -ne 0 ] || [ ${#reference} -ne 129 ] || [ "$digests" != "$reference" ]; then
        fail "$name on $2: $(head -n 1 "$work/flown.err"); digests $digests, those of the CPU $reference"
        same=false
    else
        say "$name on $2: the digests of the CPU"
        same=true
    fi
    item flights "{\"scenario\":\"$name\",\"device\":\"$2\",\"trials\":256,\"same\":$same,\"digests\":\"$digests\",
\"cpu_digests\":\"$reference\",\"kernel_seconds\":$(member kernel_seconds "$work/flown" | grep . || echo null)}"
}

# measure DECK DEVICE REPEAT SECONDS: benchmarks a deck and writes the JSON document to $work/bench. Fails unless the
# result is valid.
measure() {
    timeout -k 5 "$4" "$zem" bench --deck "$1" -d "$2" --repeat "$3" --json -q >"$work/bench" 2>"$work/bench.err"
    status=$?
    if timed_out $status; then
        leave_out "deck $1 on $2: not finished in $4 s"
    elif [ "$(member valid "$work/bench")" != true ]; then
        fail "deck $1 on $2: $(head -n 1 "$work/bench.err") $(member proof "$work/bench")"
    else
        return 0
    fi
    return 1
}

# fits DECK SECONDS: whether a warm-up and five repetitions take less than SECONDS at the best rate so far.
fits() {
    "$zem" check "$here/benchmarks/decks/$1.yaml" --json >"$work/check" 2>/dev/null
    awk -v trials="$(member trials "$work/check")" -v rate="$rate" -v seconds="$2" \
        'BEGIN { exit !(rate == 0 || 6 * trials / rate < seconds) }'
}

# bench DEVICE: benchmarks every deck with all its trials, and compares its digests with those that the program has.
bench() {
    rate=0
    : >"$work/tuned"
    for deck in small standard point-mass kalman salvo large; do
        seconds=$(left 65)
        if [ "$seconds" -lt 5 ] || ! fits $deck "$seconds"; then
            leave_out "deck $deck on $1: it would take longer than the $seconds s that are left"
            continue
        fi
        measure $deck "$1" 5 "$seconds" || continue
        item benches "$(cat "$work/bench")"
        rate=$(awk -v a="$rate" -v b="$(member engagements_per_second "$work/bench")" \
            'BEGIN { print (a + 0 > b + 0 ? a : b) }')
        case $deck in small | standard | large) # tune uses the largest deck that takes less than a second
            awk -v s="$(median pass_seconds "$work/bench")" 'BEGIN { exit !(s < 1) }' && echo $deck >"$work/tuned" ;;
        esac
        issue=$(member share_of_issue "$work/bench")
        say "deck $deck on $1: VALID, $(member engagements_per_second "$work/bench") engagements/s," \
            "$(median kernel_seconds "$work/bench") s in kernels, $(member transfer_seconds "$work/bench") s beside" \
            "them, $issue of the issue bound"
    done
}

# tune DEVICE: benchmarks a deck with several settings GxT: work-groups of G work-items with T trials each. A work-group
# reduces its tallies and writes the sum once. The time that a larger T saves is therefore the cost of this reduction.
tune() {
    deck=$(cat "$work/tuned")
    : >"$work/points"
    for setting in 64x64 64x4 64x16 64x256 32x64 128x64 256x64; do
        seconds=$(left 85)
        if [ "$seconds" -lt 5 ]; then leave_out "setting $setting on $1: no time left"; continue; fi
        export ZEM_OPENCL_TUNING=$setting
        measure "${deck:-small}" "$1" 3 "$seconds" || continue
        kernel=$(median kernel_seconds "$work/bench") transfer=$(member transfer_seconds "$work/bench")
        echo "$setting $kernel" >>"$work/points"
        item tuning "{\"device\":\"$1\",\"deck\":\"${deck:-small}\",\"setting\":\"$setting\",
\"kernel_seconds\":$kernel,\"transfer_seconds\":$transfer}"
        say "deck ${deck:-small} on $1 with $setting: kernels $kernel s, transfers $transfer s"
    done
    unset ZEM_OPENCL_TUNING
    # Least squares over the settings with work-groups of 64: kernel seconds = a + b / T. The share of the reduction at
    # T = 64 is b / 64 over all kernel seconds.
    share=$(awk -F '[x ]' '$1 == 64 { n++; x = 1 / $2; sx += x; sy += $3; sxx += x * x; sxy += x * $3 }
        END {
            d = n * sxx - sx * sx
            if (n < 3 || d <= 0) { print "null"; exit }
            slope = (n * sxy - sx * sy) / d
            all = (sy - slope * sx) / n + slope / 64
            printf "%.4g", (slope > 0 && all > 0 ? slope / 64 / all : 0)
        }' "$work/points")
    item reductions "{\"device\":\"$1\",\"deck\":\"${deck:-small}\",\"share_of_kernel_seconds\":$share}"
    say "reduction on $1 at 64x64: $share of the kernel seconds"
}

# ---------------------------------------------------------------- all of it
if ! "$zem" devices --json >"$work/devices" 2>"$work/devices.err"; then
    echo "gpu-proof: the program does not start here: $(head -n 1 "$work/devices.err"); it needs a C library (glibc)" \
        "of version $(cat "$here/lib/glibc-needed.txt") or later" >&2
    exit 69
fi
[ -n "$list" ] || list=$(tr '{' '\n' <"$work/devices" | grep '"usable":true.*"gpu":true' |
    sed 's/^"name":"\([^"]*\)".*/\1/' | tr '\n' ',')
if [ -z "$list" ]; then
    echo "gpu-proof: no usable GPU: $("$zem" devices | tail -n +2 | tr '\n' ';')" >&2
    exit 69
fi
devices=$(echo "$list" | tr ',' ' ')
say "devices: $devices"
for name in golden_test philox_test; do program $name 20; done
for device in $devices; do
    for scenario in "$here"/models/*.yaml "$here"/benchmarks/decks/*.yaml; do compare "$scenario" "$device"; done
done
for device in $devices; do
    bench "$device"
    tune "$device"
done
for name in opencl_test identity_test; do program $name 100; done

verdict=proved
[ $left_out -eq 0 ] || verdict=incomplete
[ $failed -eq 0 ] || verdict=failed
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
smi=$(nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,power.limit --format=csv,noheader 2>/dev/null)
{
    printf '{"zem_gpu_proof":1,"date":"%s","verdict":"%s","failed":%d,"rehearsal":%s,"seconds":%d,\n' \
        "$(date -u +%Y-%m-%dT%H:%M:%SZ)" $verdict $failed $rehearsal $(($(date +%s) - start))
    printf '"system":{"kernel":%s,"processor":%s,"c_library":%s,"nvidia_smi":%s},\n' "$(quoted "$(uname -srm)")" \
        "$(quoted "$processor")" "$(quoted "$(getconf GNU_LIBC_VERSION 2>/dev/null)")" "$(quoted "$smi")"
    printf '"devices":%s' "$(cat "$work/devices")"
    for part in programs flights benches tuning reductions left_out; do
        printf ',\n"%s":[%s]' $part "$(cat "$work/$part" 2>/dev/null)"
    done
    printf '}\n'
} >"$work/document"
cp "$work/document" "$output.new" && mv "$output.new" "$output" || { rm -f "$output.new"; exit 73; }
say "verdict: $verdict, $failed failed, $left_out left out; see $output"
[ $verdict = proved ] || exit 6
