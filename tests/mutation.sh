#!/bin/sh
# Shows that the validation suite notices wrong models. Applies one small wrong change (a mutant) at a time to a copy of
# kernels/ and host/, builds the suite with it and reports whether a row failed (killed) or none did (survived). Not a
# part of `make check`, because it takes half an hour on two cores. Usage: tests/mutation.sh BUILD_FOLDER [PATTERN],
# from the top folder, by `make mutation`; CC and LIBS are the Makefile's. PATTERN selects the mutants whose file or
# name contains it. A mutant whose pattern matches nothing counts as survived: adapt its line in mutants.txt to the
# source.
set -u

out=$1
pattern=${2:-}
number=${3:-} # of a line of mutants.txt: this script calls itself for each line
here=$(dirname "$0")
folder=$out/mutation
: "${CC:=cc}"
case $(uname -m) in
    x86_64) engine_flags="-march=x86-64-v3 -DZEM_LANES=8" ;;
    *) engine_flags="-DZEM_LANES=4" ;;
esac

# Every mutant of kernels/ compiles all files that read the kernels; a mutant of host/ compiles its own file. Everything
# else is taken from the build, except the native engines, because a cell would be flown by the narrowest engine that
# fits, which would not have the mutant. One engine flies all cells. It has vectors, for speed, but is called "scalar",
# the name by which the flights ask for it. "baseline" is only there so that the device can be opened.
kernel_readers="host/device/native/native_engine.c host/cell/schedule_table.c
                $(grep -l '"validation_kernel.h"' tests/validation_*.c)"
others="host/device/native/native_engines.c host/cell/cell.c host/cell/cell_causes.c host/cell/ballistics.c"
engines='-DZEM_NATIVE_ENGINES(X)=X(scalar,full,single) X(baseline,full,single)'

kept_objects() {
    for object in $(find "$out/host" -name '*.o') "$out"/embedded_*.o "$out"/tests/validation_*.o; do
        case $object in
            */native_engine_baseline-full-single.o) ;;
            */main.o | */native_engine_*.o) continue ;;
        esac
        # shellcheck disable=SC2086  # lists of files are words
        case " $(echo $kernel_readers $others) " in *"/$(basename "$object" .o).c "*) continue ;; esac
        echo "$object"
    done
}

# build FOLDER SOURCE...: compiles the sources in the folder and links FOLDER/validation.
build() {
    tree=$1
    shift
    flags="-std=c11 -D_POSIX_C_SOURCE=200809L -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp -pthread"
    flags="$flags -I$tree -I$tree/host -I$out"
    all="-DZEM_ISA=scalar -DZEM_VARIANT=full -DZEM_PRECISION=single -DZEM_COMPACT"
    for source in "$@"; do
        case $source in
            */native_engine.c) more="-O1 $engine_flags $all" ;;
            *) more=-O0 ;;
        esac
        # shellcheck disable=SC2086  # flags are words
        $CC $flags $more "$engines" -c -o "$tree/$(basename "$source" .c).o" "$tree/$source" || return 1
    done
    # shellcheck disable=SC2046,SC2086
    $CC -fopenmp -pthread -o "$tree/validation" "$tree"/*.o $(kept_objects) $LIBS
}

# suite FOLDER: runs the suite with a two-hundredth of the trials, which shows gross mistakes at once, and then with a
# twentieth, half of the short form's.
suite() {
    for divisor in 200 20; do
        (
            # shellcheck disable=SC3045  # shells that lack it are not known
            ulimit -t 300 # seconds of processor time, because the machine may have other work
            ZEM_VALIDATION_ISA=scalar ZEM_VALIDATION_DIVISOR=$divisor OMP_NUM_THREADS=1 "$1/validation" --until-failure
        ) >"$1/run.log" 2>&1 || return
    done
}

# mutant FOLDER FILE NAME CHANGE: applies the change to FILE and prints the verdict.
mutant() {
    mkdir "$1"
    cp -r kernels host tests "$1"
    cp "$folder"/none/*.o "$1"
    sed "$4" "$2" >"$1/$2"
    case $2 in kernels/*) changed=$kernel_readers ;; *) changed=$2 ;; esac
    # shellcheck disable=SC2086
    if cmp -s "$2" "$1/$2"; then
        verdict="survived (the change does not apply)"
    elif ! build "$1" $changed >"$1/build.log" 2>&1; then
        verdict="survived (does not build: $(grep -m 1 -e error: -e undefined "$1/build.log"))"
    elif suite "$1"; then
        verdict=survived
    else
        status=$?
        reason=$(grep -m 1 ' | ' "$1/run.log" | cut -c 1-140)
        verdict="killed by ${reason:-ending with status $status: $(tail -n 1 "$1/run.log" | cut -c 1-80)}"
    fi
    rm -rf "$1"
    echo "$2: $3: $verdict"
}

if [ -n "$number" ]; then
    sed -n "${number}p" "$here/mutants.txt" >"$folder/$number.line"
    IFS='	' read -r file name change <"$folder/$number.line"
    mutant "$folder/$number" "$file" "$name" "$change"
    exit 0
fi

rm -rf "$folder"
mkdir -p "$folder/none"
cp -r kernels host tests "$folder/none"
# shellcheck disable=SC2086
if ! build "$folder/none" $kernel_readers $others >"$folder/none/build.log" 2>&1 || ! suite "$folder/none"; then
    echo "mutation: the suite does not build or pass without a mutant" >&2
    tail -n 5 "$folder/none/build.log" "$folder/none/run.log" >&2
    exit 1
fi
export CC LIBS
awk -F '\t' -v pattern="$pattern" '!/^(#|$)/ && index($1 " " $2, pattern) { print NR }' "$here/mutants.txt" |
    xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 sh "$0" "$out" "$pattern" | tee "$folder/verdicts"
survived=$(grep -c ': survived' "$folder/verdicts")
echo "$(grep -c ': killed by' "$folder/verdicts") killed, $survived survived"
[ "$survived" -eq 0 ]
