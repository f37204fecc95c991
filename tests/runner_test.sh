#!/bin/sh
# run.sh stops a test that hangs or spins, with all of its processes, and counts it as failed. It leaves a slow test
# alone. A copy of the runner with short limits runs planted tests. Needs $SCRATCH (an empty folder).
set -u
. tests/shell/expect.sh

if [ ! -r /proc/self/stat ] || ! command -v setsid >/dev/null; then
    echo "skip the_runner: no /proc or no setsid here, so that the runner stops tests after an hour"
    exit 0
fi
mkdir -p "$SCRATCH/planted/tests"
cp -r tests/run.sh tests/shell "$SCRATCH/planted/tests"
cd "$SCRATCH/planted" || exit 1

plant() { cat >"tests/$1.sh"; }
plant good <<'TEST'
echo 'ok good'
TEST
plant silent <<'TEST'
exit 0
TEST
plant dead <<'TEST'
echo 'ok dead'
kill -KILL $$
TEST
# Sleeps, with a child that ignores SIGTERM and another one in the background.
plant sleeper <<'TEST'
sh -c 'trap "" TERM; echo $$; while :; do sleep 600; done' >stubborn.pid &
sleep 600 &
echo $! >background.pid
echo 'ok sleeper'
sleep 600
TEST
# Uses the processor, in a child that ends and then itself, and prints nothing more.
plant spinner <<'TEST'
echo 'ok spinner'
sh -c 'k=0; while [ $k -lt 300000 ]; do k=$((k + 1)); done'
while :; do :; done
TEST
# Uses hardly any processor time, but prints lines.
plant talker <<'TEST'
for word in 1 2 3 4 5 6; do sleep 1; echo "ok talker_$word"; done
TEST
# Ends, and leaves a process behind.
plant leaver <<'TEST'
sleep 600 &
echo $! >leaver.pid
echo 'ok leaver'
TEST

# The spinner is silent for six seconds of processor time, longer than the wait. A runner that only sees output would
# say that it hangs.
ZEM_TEST_WAIT=4 ZEM_TEST_PROCESSOR=6 sh tests/run.sh build >report 2>&1
gone() { [ -s "$1" ] && ! grep -qv ') Z ' "/proc/$(cat "$1")/stat"; } # a zombie has ended and only waits for its parent
holds what_hangs_is_failed grep -q '^  not ok sleeper: hangs: ' report
holds what_spins_is_failed grep -q '^  not ok spinner: spins: ' report
holds what_dies_is_failed grep -q '^  not ok dead: ended with exit code' report
holds what_says_nothing_is_failed grep -q '^  not ok silent: reported nothing' report
holds what_is_slow_but_says_something_is_left_alone grep -q '^pass talker: 6 passed, 0 failed' report
holds what_is_good_is_passed grep -q '^pass good: 1 passed, 0 failed' report
holds all_are_counted grep -q '^11 passed, 4 failed, 0 skipped$' report
holds what_ignores_a_polite_request_is_killed gone stubborn.pid
holds children_in_the_background_are_killed gone background.pid
holds what_a_test_leaves_behind_is_killed gone leaver.pid
exit 0
