# Functions that the tests of the command line share. Sourced by tests/*.sh from the top folder; holds no test. Each
# check prints one line, "ok NAME" or "not ok NAME: why". `expect` leaves what the command wrote in $SCRATCH/out and
# $SCRATCH/err.
# shellcheck shell=sh

# verdict NAME WHY: prints that the check failed for this reason, or that it passed if WHY is empty.
verdict() {
    if [ -z "$2" ]; then echo "ok $1"; else printf 'not ok %s: %s\n' "$1" "$2"; fi
}

# why_not PATTERN FILE STREAM: prints why the file does not match, nothing if it does. PATTERN is one of expect.
why_not() {
    case $1 in
        anything) ;;
        '') [ ! -s "$2" ] || echo "$3 has: $(head -n 3 "$2" | tr '\n' ' ')" ;;
        *) grep -qe "$1" "$2" || echo "no \"$1\" in $3: $(head -n 3 "$2" | tr '\n' ' ')" ;;
    esac
}

# expect NAME CODE OUT ERR COMMAND...: checks the exit code, standard output and standard error of a command. OUT and
# ERR are patterns for grep that some line must match, '' if nothing may be written, or the word anything.
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

# holds NAME COMMAND...: checks that the command succeeds. It may read $SCRATCH/out and $SCRATCH/err, because its own
# output goes elsewhere.
holds() {
    held_name=$1
    shift
    complaint=
    "$@" >"$SCRATCH/held" 2>&1 || complaint="failed: $(echo "$*" | cat - "$SCRATCH/held" | head -n 4 | tr '\n' ' ')"
    verdict "$held_name" "$complaint"
}

# await PROCESS COMMAND...: waits until the command succeeds. Fails if the process ends before that.
await() {
    awaited=$1
    shift
    until "$@" >/dev/null 2>&1; do
        kill -0 "$awaited" 2>/dev/null || return 1
        sleep 0.1
    done
}
