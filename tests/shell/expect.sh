# What tests of the command line are made of. Sourced by tests/*.sh from the top folder; no test itself. Each call
# prints one line, "ok NAME" or "not ok NAME: why", and leaves what the command wrote in $SCRATCH/out and $SCRATCH/err.
# shellcheck shell=sh

# verdict NAME WHY: the test failed for this reason, or passed where there is none.
verdict() {
    if [ -z "$2" ]; then echo "ok $1"; else printf 'not ok %s: %s\n' "$1" "$2"; fi
}

# why_not PATTERN FILE STREAM: why the file is not as expected; nothing if it is.
why_not() {
    case $1 in
        anything) ;;
        '') [ ! -s "$2" ] || echo "$3 has: $(head -n 3 "$2" | tr '\n' ' ')" ;;
        *) grep -qe "$1" "$2" || echo "no \"$1\" in $3: $(head -n 3 "$2" | tr '\n' ' ')" ;;
    esac
}

# expect NAME CODE OUT ERR COMMAND...: the exit code, and what stands on standard output and on standard error: a
# pattern for grep that some line has, '' for nothing at all, or the word anything.
expect() {
    expected_name=$1 expected_code=$2 expected_out=$3 expected_err=$4
    shift 4
    "$@" >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null
    expected_got=$?
    if [ "$expected_got" -ne "$expected_code" ]; then
        complaint="exit code $expected_got, expected $expected_code: $(head -n 1 "$SCRATCH/err")"
    else
        complaint=$(why_not "$expected_out" "$SCRATCH/out" 'standard output')
        [ -n "$complaint" ] || complaint=$(why_not "$expected_err" "$SCRATCH/err" 'standard error')
    fi
    verdict "$expected_name" "$complaint"
}

# holds NAME COMMAND...: the command succeeds. It may read $SCRATCH/out and $SCRATCH/err: its own output goes elsewhere.
holds() {
    held_name=$1
    shift
    complaint=
    "$@" >"$SCRATCH/held" 2>&1 || complaint="failed: $(echo "$*" | cat - "$SCRATCH/held" | head -n 4 | tr '\n' ' ')"
    verdict "$held_name" "$complaint"
}

# await PROCESS COMMAND...: waits until the command succeeds; fails if the process ends before that.
await() {
    awaited=$1
    shift
    until "$@" >/dev/null 2>&1; do
        kill -0 "$awaited" 2>/dev/null || return 1
        sleep 0.1
    done
}
