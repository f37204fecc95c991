#!/bin/sh
# Runs one program of libFuzzer, build/fuzz/TARGET, for some seconds, on a corpus that begins with good inputs. Usage:
# tests/shell/fuzz.sh ZEM TARGET SECONDS [RUNS], from the top folder, by `make fuzz`. Inputs that crash the program are
# kept in build/fuzz as TARGET-crash-... and become tests (tests/README.md).
set -eu

zem=$1
target=$2
seconds=$3
runs=${4:--1}
corpus=build/fuzz/corpus-$target
mkdir -p "$corpus"

# Writes good results with two axes and six cells, so that reading one takes a fraction of a millisecond: a plain run,
# salvos with single trials, and a shard.
results() {
    scenario=build/fuzz/small.yaml
    cat >"$scenario" <<'EOF'
zem: 1
engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 1 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 9 gravity, points: 3}
  - {parameter: target.period, values: [1 s, 2 s]}
run: {trials: 30}
EOF
    run() {
        output=build/fuzz/$1.h5
        shift
        "$zem" run "$scenario" -o "$output" --force --quiet --device openmp "$@" >/dev/null
        ZEM_FUZZ_RESULTS=${ZEM_FUZZ_RESULTS:+$ZEM_FUZZ_RESULTS:}$output
    }
    ZEM_FUZZ_RESULTS=
    run plain
    run salvo --samples 3 --reproducible --set salvo.shots=2 --set scoring.lethality=carleton \
        --set scoring.hit_radius='1 m'
    run shard --shard 1/3
    export ZEM_FUZZ_RESULTS
}

case $target in
    scenario)
        cp models/*.yaml tests/bad_input/*.yaml "$corpus"
        # shellcheck disable=SC2016  # the backquotes are those of the reference
        "$zem" reference | grep -o '`[a-z_ /|-]*`' | tr -d '`' | tr '|' '\n' | sort -u |
            sed 's/.*/"&"/' >build/fuzz/words
        words=-dict=build/fuzz/words
        ;;
    result) results ;;
    bench)
        # The first byte chooses what the fuzzer does with the record (fuzz_bench.c).
        for record in benchmarks/results/*.json; do
            name=$corpus/$(basename "$record" .json)
            { printf '\001' && cat "$record"; } >"$name-table"
            { printf '\007' && cat "$record"; } >"$name-check"
            { printf '\017' && cat "$record"; } >"$name-twice"
        done
        tr -c '"a-z_A-Z0-9' '\n' <"$record" | grep '^"[a-z_][a-z_]*"$' | sort -u |
            sed 's/"/\\"/g; s/.*/"&"/' >build/fuzz/members
        words=-dict=build/fuzz/members
        ;;
esac
exec "build/fuzz/$target" -max_total_time="$seconds" -runs="$runs" -timeout=10 ${words:+"$words"} \
    -artifact_prefix="build/fuzz/$target-" "$corpus"
