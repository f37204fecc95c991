#!/bin/sh
# Scenarios that must be refused. Each tests/bad_input/NAME.yaml has one mistake (or several, if its name says so), and
# NAME.expected has exactly the lines that must be printed: place, key, value and rule. The exit code must be 65,
# nothing may appear on standard output, and no file may be written. Input files are never removed. UPDATE=1 accepts
# changed messages; read the difference first.
set -u
: "${ZEM:=$PWD/build/zem}" "${SCRATCH:=$(mktemp -d)}"
folder=$PWD/tests/bad_input
cd "$SCRATCH" || exit 1
mkdir -p empty

# refuse NAME COMMAND...: runs zem in an empty folder, and checks its exit code, output and files. Leaves the messages
# in $SCRATCH/messages.
refuse() {
    name=$1
    shift
    (cd empty && "$ZEM" "$@" >../output 2>../messages)
    code=$?
    left=$(ls -A empty)
    rm -rf empty && mkdir empty
    if [ "$code" -ne 65 ]; then
        echo "not ok refused/$name: exit code $code, 65 expected"
    elif [ -s output ]; then
        echo "not ok refused/$name: something was printed to standard output"
    elif [ -n "$left" ]; then
        echo "not ok refused/$name: a file was left behind: $left"
    else
        return 0
    fi
    return 1
}

for input in "$folder"/*.yaml; do
    name=$(basename "$input" .yaml)
    expected=$folder/$name.expected
    cp "$input" . || exit 1
    refuse "$name" check "../$name.yaml" || { cat messages; continue; }
    # Only messages that name a place in this file are compared; zem may print a closing sentence too.
    grep "^\.\./$name\.yaml" messages | sed 's|^\.\./||' >places
    [ "${UPDATE:-}" = 1 ] && cp places "$expected"
    if [ ! -s "$expected" ]; then
        echo "not ok refused/$name: there is no $name.expected"
    elif diff "$expected" places; then
        # Run, and checked with a harmless override, the scenario must be refused as well.
        refuse "$name" run "../$name.yaml" -o result.h5 &&
            refuse "$name" check "../$name.yaml" --set description=x && echo "ok refused/$name"
    else
        echo "not ok refused/$name: other messages than expected"
    fi
    rm -f "$name.yaml"
done

# A file too large to be a scenario is refused before it is read.
head -c 20000000 /dev/zero >large.yaml
if refuse large-file check ../large.yaml; then
    if grep -q 'large.yaml: the file has 20.0 MB' messages; then
        echo "ok refused/large-file"
    else
        echo "not ok refused/large-file: other message"
    fi
fi
