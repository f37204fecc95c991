#!/bin/sh
# Measures decks on devices of this machine and keeps the results in benchmarks/results/: `make bench-record`, from the
# top folder, when nothing else runs. Usage: record.sh ZEM. Environment: MACHINE_NAME is the name of the machine (what
# it is, not whose), BENCH_DEVICES the devices (default: all usable ones), BENCH_DECKS the decks (default: all but
# "large"), BENCH_REPEAT the number of repetitions (default: 9).
set -eu

zem=$1
results=benchmarks/results
devices=${BENCH_DEVICES:-$("$zem" devices | awk '$2 == "yes" { printf "%s%s", separator, $1; separator = "," }')}
decks=${BENCH_DECKS:-small,standard,point-mass,kalman,salvo}
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT
mkdir -p "$results"
"$zem" bench --deck "$decks" --device "$devices" --repeat "${BENCH_REPEAT:-9}" --json \
    ${MACHINE_NAME:+--machine "$MACHINE_NAME"} >"$scratch"
machine=$(sed 's/.*"machine":"\([^"]*\)".*/\1/' "$scratch" | tr -c 'A-Za-z0-9\n' '-')
cp "$scratch" "$results/$machine.json"
echo "kept in $results/$machine.json" >&2
"$zem" bench --compare "$results/$machine.json"
