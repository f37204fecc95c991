#!/bin/sh
# Runs every test and ends with one line, "N passed, N failed, N skipped". Usage: tests/run.sh BUILD_FOLDER [NAME...],
# from the top folder, after `make all programs`. With NAMEs (without ending) only those run. Called by `make check`.
#
# tests/*_test.c are cmocka programs, whose tests count one by one. The line that such a test prints last before it
# skips is the reason of the skip. tests/*.sh and tests/*.py print "ok NAME", "not ok NAME: why" or "skip NAME: reason",
# any number of lines; they find the program in $ZEM and a folder of their own in $SCRATCH. A program or script that
# dies, hangs, spins (shell/watch.sh) or reports nothing counts as a failure. With CI=true or ZEM_REQUIRE_OPENCL=1 a
# test that is skipped because OpenCL is missing counts as a failure.
set -u

out=$1
shift
names=" $* "
case ${CI:-}:${ZEM_REQUIRE_OPENCL:-} in
    true:* | 1:* | *:1) require_opencl=1 ;;
    *) require_opencl=0 ;;
esac

ZEM=$PWD/build/zem
[ -x "$PWD/$out/zem" ] && ZEM=$PWD/$out/zem
export ZEM
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}"
export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$PWD/tests/leaks.supp:print_suppressions=0}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-suppressions=$PWD/tests/threads.supp}"
case $out in */tsan) export OCL_ICD_VENDORS=/nonexistent ;; esac # OpenCL drivers are not instrumented for the sanitizer
unset POCL_DEBUG # with it a driver prints to the standard error of zem

logs=$out/test-logs
rm -rf "$logs"
mkdir -p "$logs"
: >"$logs/totals"

python=
for candidate in /usr/bin/python3 python3; do
    if "$candidate" -c 'import xarray' 2>/dev/null; then
        python=$candidate
        break
    fi
done

# Turns the plain output of cmocka into "ok", "not ok" and "skip" lines.
from_cmocka() {
    awk '
        /^\[ RUN      \] / {
            if (open) print "not ok " name ": died"
            name = $0
            sub(/^\[ RUN      \] /, "", name)
            open = 1
            last = ""
            next
        }
        open && /^\[       OK \] / { print "ok " name; open = 0; next }
        open && /^\[  SKIPPED \] / { print "skip " name ": " (last == "" ? "no reason given" : last); open = 0; next }
        open && /^\[  FAILED  \] / { print "not ok " name ": " last; open = 0; next }
        /^\[  FAILED  \] GROUP/ { print "not ok " $0 ": set-up of the group failed" }
        open && /[^ ]/ { last = $0; sub(/^skip [^:]*: */, "", last) }
        END { if (open) print "not ok " name ": died" }'
}

# count NAME STATUS: counts the lines of $logs/NAME.report. Prints the lines that are no success and one line for the
# program.
count() {
    stopped=$(cat "$logs/$1.log.stopped" 2>/dev/null)
    awk -v name="$1" -v status="$2" -v require="$require_opencl" -v stopped="$stopped" -v totals="$logs/totals" '
        /^ok /     { passed++; next }
        /^not ok / { failed++; print "  " $0; next }
        /^skip / {
            if (require && tolower($0) ~ /opencl/) {
                failed++
                print "  not ok" substr($0, 5) " (a skip for want of OpenCL is a failure here)"
            } else {
                skipped++
                print "  " $0
            }
        }
        END {
            if (stopped != "") { failed++; print "  not ok " name ": " stopped }
            else if (status != 0 && !failed) { failed++; print "  not ok " name ": ended with exit code " status }
            else if (!passed && !failed && !skipped) { failed++; print "  not ok " name ": reported nothing" }
            printf "%s %s: %d passed, %d failed, %d skipped\n", failed ? "FAIL" : "pass", name, passed, failed, skipped
            print passed + 0, failed + 0, skipped + 0 >>totals
        }' "$logs/$1.report"
}

wanted() {
    [ "$names" = "  " ] || case $names in *" $1 "*) ;; *) return 1 ;; esac
}

# run NAME COMMAND...: runs one program or script with its output in a log. Leaves its exit code in $status.
run() {
    name=$1
    shift
    SCRATCH=$PWD/$logs/$name.scratch
    export SCRATCH
    mkdir -p "$SCRATCH"
    sh tests/shell/watch.sh "$logs/$name.log" "$@"
    status=$?
}

show_failure() {
    if tail -n 1 "$logs/totals" | grep -q '^[0-9]* [1-9]'; then
        sed 's/^/    | /' "$logs/$1.log" | tail -n 40
    else
        rm -rf "$logs/$1.scratch"
    fi
}

for source in tests/*_test.c; do
    name=$(basename "$source" .c)
    if [ ! -f "$source" ] || ! wanted "$name"; then continue; fi
    run "$name" "$out/tests/$name"
    from_cmocka <"$logs/$name.log" >"$logs/$name.report"
    count "$name" "$status"
    show_failure "$name"
done

for script in tests/*.sh tests/*.py; do
    file=$(basename "$script")
    name=${file%.*}
    if [ ! -f "$script" ] || [ "$file" = run.sh ] || [ "$file" = mutation.sh ] || ! wanted "$name"; then continue; fi
    case $script in
        *.sh) run "$name" sh "$script" ;;
        *.py)
            if [ -z "$python" ]; then
                status=0
                echo "skip $name: no python3 that has xarray" >"$logs/$name.log"
            else
                run "$name" "$python" "$script"
            fi ;;
    esac
    grep -E '^(ok|not ok|skip) ' "$logs/$name.log" >"$logs/$name.report"
    count "$name" "$status"
    show_failure "$name"
done

awk '{ passed += $1; failed += $2; skipped += $3 }
     END {
         printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
         exit failed || !passed
     }' "$logs/totals"
