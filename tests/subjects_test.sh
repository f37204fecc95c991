#!/bin/sh
# The name of every source file of host/ leads to its tests. host/ROOM/NAME.c has tests/NAME_test.c, .sh or .py. The
# command of host/command/command_NAME.c is run by cli_test.sh or commands_test.sh. For every other file the table of
# tests/README.md names tests that exist. Each rule must first fail on a planted file.
set -u
. tests/shell/expect.sh

top=$PWD

# Prints the table of tests/README.md as "module test", one line for each test of a module.
table() {
    awk -F '|' '/^\| module \| tested by \|/ { inside = 1; next }
        inside && !/^\|/ { exit }
        inside && /`/ { modules = split($2, module, ","); tests = split($3, test, ",")
            for (i = 1; i <= modules; i++) for (j = 1; j <= tests; j++) print module[i], test[j] }' tests/README.md |
        tr -s '` ' ' ' | sed 's/^ //'
}

# tested_command NAME: succeeds if a script runs this command of the program.
tested_command() {
    grep -qE "\"\\\$ZEM\" $1( |\$)" tests/cli_test.sh tests/commands_test.sh
}

untested_files() {
    find host -name '*.c' | sort | while read -r file; do
        name=$(basename "$file" .c)
        for test in tests/"$name"_test.*; do
            [ -f "$test" ] && continue 2
        done
        case $name in command_*) tested_command "${name#command_}" && continue ;; esac
        table | grep -q "^${file#host/} " || echo "$file"
    done
}

stale_rows() {
    table | while read -r module test; do
        [ -f "tests/$test" ] || echo "tests/$test is gone"
        [ -f "host/$module" ] || echo "host/$module is gone"
    done
}

# planted NAME RULE FILE: checks that RULE prints something when FILE is added to a copy. A FILE that begins with "|" is
# a line that is added to the table instead.
planted() {
    rm -rf "$SCRATCH/copy"
    mkdir -p "$SCRATCH/copy"
    cp -r "$top/host" "$top/tests" "$SCRATCH/copy"
    case $3 in
        host/*) echo '/* */' >"$SCRATCH/copy/$3" ;;
        *) sed "s#^| module | tested by |#&\\n$3#" "$top/tests/README.md" >"$SCRATCH/copy/tests/README.md" ;;
    esac
    if [ -n "$(cd "$SCRATCH/copy" && $2)" ]; then verdict "$1" ''; else verdict "$1" 'not seen'; fi
}

planted a_file_without_test_is_seen untested_files host/run/untested.c
planted a_command_without_test_is_seen untested_files host/command/command_untested.c
planted a_row_for_a_file_that_is_gone_is_seen stale_rows '| `run/gone.c` | `run_test.c` |'
planted a_row_with_a_test_that_is_gone_is_seen stale_rows '| `run/run.c` | `gone_test.c` |'
verdict every_source_file_has_a_test "$(untested_files | tr '\n' ' ')"
verdict every_row_stands_for_files_and_tests_that_exist "$(stale_rows | tr '\n' ';')"
holds the_table_was_read test "$(table | wc -l)" -gt 20
