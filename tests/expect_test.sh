#!/bin/sh
# The functions of shell/expect.sh fail on what is wrong and pass what is right. Needs $SCRATCH (an empty folder).
set -u
. tests/shell/expect.sh

# red NAME CHECK...: the check must print "not ok planted: why" and nothing else. green NAME CHECK...: it must print "ok
# planted".
red() {
    name=$1
    shift
    said=$("$@" 2>&1)
    case $said in 'not ok planted: '?*) echo "ok $name" ;; *) echo "not ok $name: the check says: $said" ;; esac
}
green() {
    name=$1
    shift
    said=$("$@" 2>&1)
    if [ "$said" = 'ok planted' ]; then echo "ok $name"; else echo "not ok $name: the check says: $said"; fi
}

# A command that writes a word on each stream and ends with an exit code.
speak() {
    printf '%s' "$1"
    printf '%s' "$2" >&2
    return "$3"
}

green what_is_expected_is_green expect planted 3 '^data' 'message$' speak 'data 1' 'a message' 3
green silence_is_green_where_it_is_expected expect planted 0 '' '' speak '' '' 0
green anything_may_be_something expect planted 0 anything anything speak 'data' 'a message' 0
green anything_may_be_nothing expect planted 0 anything anything speak '' '' 0
red wrong_exit_code_is_red expect planted 0 anything anything speak '' '' 1
red missing_failure_is_red expect planted 64 anything anything speak '' '' 0
red missing_data_is_red expect planted 0 'data' '' speak '' '' 0
red other_data_is_red expect planted 0 '^data' '' speak 'no data' '' 0
red data_where_none_is_expected_is_red expect planted 0 '' anything speak 'data' '' 0
red missing_message_is_red expect planted 0 '' 'message' speak '' '' 0
red other_message_is_red expect planted 0 '' '^message' speak '' 'a message' 0
red message_where_none_is_expected_is_red expect planted 0 anything '' speak 'data' 'a message' 0
red message_on_the_wrong_stream_is_red expect planted 0 anything 'message' speak 'a message' '' 0
red program_that_is_not_there_is_red expect planted 0 anything anything "$SCRATCH/absent"
echo 'a message' >"$SCRATCH/message"
green what_holds_is_green holds planted grep -q message "$SCRATCH/message"
red what_does_not_hold_is_red holds planted grep -q data "$SCRATCH/message"
sh -c 'sleep 0.3; echo event >"$SCRATCH/event"; sleep 600' &
holds what_is_awaited_comes await $! test -e "$SCRATCH/event"
kill $!
sleep 0.3 &
if await $! test -e "$SCRATCH/absent"; then
    echo "not ok what_ends_is_awaited_no_longer: it came"
else
    echo "ok what_ends_is_awaited_no_longer"
fi
# No Python test defines verdict or check; all use those of python/expect.py.
own=$(grep -lE '^def (verdict|check)\(name' tests/*.py)
verdict python_tests_share_their_reports "$own"
exit 0
