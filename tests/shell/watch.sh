#!/bin/sh
# Runs one test and stops it if it hangs or spins. Usage: watch.sh LOG COMMAND...; both streams of the command go to
# LOG. Called by run.sh. The exit code is that of the command. If the command was stopped, it is 124, and LOG.stopped
# has the reason.
#
# A busy machine makes every test longer, so that no limit is on seconds. The command runs in a session of its own. Once
# a second this script reads from /proc the processor time of all processes of that session and of the children that
# they waited for.
#   ZEM_TEST_WAIT=120         A test hangs if in this many looks it wrote nothing and used less than a fiftieth of a
#                             processor.
#   ZEM_TEST_PROCESSOR=1800   A test spins if it used more than this many seconds of processor time, however long that
#                             took.
# A process that polls uses half a percent of a processor. A process that is ready to run gets at least a fiftieth,
# unless fifty others want the same processor. Processes that still run when the test has ended are killed. Where /proc
# or setsid is missing, `timeout` stops the test after an hour.
set -u

log=$1
shift
rm -f "$log.stopped"
looks=${ZEM_TEST_WAIT:-120} processor=${ZEM_TEST_PROCESSOR:-1800} fallback=3600

if [ ! -r /proc/self/stat ] || ! command -v setsid >/dev/null; then
    timeout "$fallback" "$@" >"$log" 2>&1 </dev/null
    status=$?
    [ "$status" -ne 124 ] || echo "ran for more than $fallback s" >"$log.stopped"
    exit "$status"
fi

# Prints the processes of the session. After the name of the program, which may contain anything, /proc/PID/stat has the
# fields state, parent, group, session, ...
members() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$session" '
        { pid = $1; sub(/^.*\) /, "") }
        $4 == session && $1 != "Z" { print pid }'
}

# Ends the processes of the session, first by TERM, because a runner among them has to end sessions of its own.
end_session() {
    for signal in TERM KILL KILL KILL; do
        left=$(members)
        [ -n "$left" ] || break
        # shellcheck disable=SC2086  # one word a process
        kill -"$signal" $left 2>/dev/null
        sleep 1
    done
}

# Looks at the session once a second. Prints the reason and succeeds if the session has to be stopped; fails when the
# session has ended.
look() {
    awk -v session="$session" -v log_size="wc -c <'$log'" -v looks="$looks" -v processor="$processor" \
        -v ticks="$(getconf CLK_TCK)" '
        function ticks_used(   sum) {
            alive = 0
            while ((stat | getline) > 0) {
                pid = $1
                sub(/^.*\) /, "")
                if ($4 == session) sum += $12 + $13 + $14 + $15
                # The leader is known by its number, because it gets its session only later.
                if ((pid == session || $4 == session) && $1 != "Z") alive = 1
            }
            close(stat)
            return sum
        }
        function bytes_written(   size) {
            log_size | getline size
            close(log_size)
            return size + 0
        }
        BEGIN {
            stat = "cat /proc/[0-9]*/stat 2>/dev/null"
            for (;;) {
                system("sleep 1")
                now = ticks_used()
                if (!alive) exit 1
                if (now > before) used += now - before # the sum falls when a process without a parent ends
                before = now
                size = bytes_written()
                if (used > processor * ticks) {
                    print "spins: used more than " processor " s of processor time"
                    exit 0
                }
                if (size != size_before || used - used_before >= looks * ticks / 50) {
                    size_before = size
                    used_before = used
                    quiet = 0
                } else if (++quiet >= looks) {
                    print "hangs: used hardly any processor time and wrote nothing for " looks " looks, a second apart"
                    exit 0
                }
            }
        }'
}

setsid "$@" >"$log" 2>&1 </dev/null &
session=$!
trap 'end_session; exit 130' INT TERM HUP
{ look >"$log.watch" && mv "$log.watch" "$log.stopped" && end_session; } >/dev/null 2>&1 &
wait "$session" 2>/dev/null
status=$?
end_session
rm -f "$log.watch"
[ ! -s "$log.stopped" ] || status=124
exit "$status"
