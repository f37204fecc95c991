#!/bin/sh
# Shows that the validation suite would notice: applies one small wrong change at a time to a copy of kernels/ and host/, builds
# the suite with it and reports whether a row failed (killed) or none did (survived). Not a part of `make check`: takes half an hour.
# Usage: tests/mutation.sh BUILD_FOLDER [PATTERN], from the top folder, by `make mutation`; CC and LIBS are the Makefile's. PATTERN selects
# mutants whose line contains it. A mutant that changes nothing any more counts as survived: bring its line up to date.
set -u

out=$1
pattern=${2:-}
here=$(dirname "$0")
case $(uname -m) in
    x86_64) engine_flags="-march=x86-64-v3 -DZEM_LANES=8" ;;
    *) engine_flags="-DZEM_LANES=4" ;;
esac
folder=$out/mutation
rm -rf "$folder"
mkdir -p "$folder/objects"
cp -r kernels host tests "$folder"

# Compiled anew with a mutant: the engine and the table of steps first, and if no row fails the tests that call kernel functions themselves. All else
# is taken from the build; of its native engines the one called "scalar" is replaced, by one of vectors for speed, and asked for by that name.
first="host/schedule_table.c host/native_engine.c"
second="tests/validation_guidance.c tests/validation_salvo.c tests/validation_estimator.c tests/validation_body.c"
mutable="host/cell.c host/ballistics.c"
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp -pthread -I$folder/host -I$folder/kernels -I$out"
kept=
for object in "$out"/host/*.o "$out"/embedded_*.o "$out"/tests/validation_*.o; do
    case $object in
        */main.o | */native_engine_scalar-full.o) continue ;;
    esac
    case " $first $second $mutable " in *"/$(basename "$object" .o).c "*) continue ;; esac
    kept="$kept $object"
done

# build SOURCE...: compiles these and links.
build() {
    pids=
    for source in "$@"; do
        case $source in
            */native_engine.c) more="-O1 $engine_flags -DZEM_ISA=scalar -DZEM_VARIANT=full" ;;
            *) more=-O0 ;;
        esac
        # shellcheck disable=SC2086  # flags are words
        $CC $flags $more -c -o "$folder/objects/$(basename "$source" .c).o" "$folder/$source" 2>>"$folder/log" &
        pids="$pids $!"
    done
    for pid in $pids; do wait "$pid" || return 1; done
    # shellcheck disable=SC2086
    $CC -fopenmp -pthread -o "$folder/validation" "$folder"/objects/*.o $kept $LIBS 2>>"$folder/log"
}

suite() { ZEM_VALIDATION_ISA=scalar ZEM_VALIDATION_DIVISOR=20 timeout 120 "$folder/validation" --until-failure >"$folder/log.run" 2>&1; }

: >"$folder/log"
# shellcheck disable=SC2086  # lists of files are words
if ! build $first $second $mutable || ! suite; then
    echo "mutation: the suite does not build or pass without a mutant" >&2
    tail -n 5 "$folder/log" "$folder/log.run" >&2
    exit 1
fi

cp -r "$folder/objects" "$folder/pristine"

killed=0
survived=0
while IFS='	' read -r file name change; do
    case $file in '' | '#'*) continue ;; esac
    case "$file $name" in *"$pattern"*) ;; *) continue ;; esac
    sed "$change" "$file" >"$folder/$file"
    : >"$folder/log"
    case $file in
        kernels/*) sources=$first later=$second ;;
        *) sources=$file later= ;;
    esac
    # shellcheck disable=SC2086
    if cmp -s "$file" "$folder/$file"; then
        verdict="survived (the change does not apply)"
    elif ! build $sources; then
        verdict="survived (does not compile: $(grep -m 1 error: "$folder/log"))"
    elif suite && { [ -z "$later" ] || { build $later && suite; }; }; then
        verdict=survived
    else
        reason=$(grep -m 1 -e ' | ' -e 'self-test' "$folder/log.run" | cut -c 1-110)
        verdict="killed by ${reason:-a crash or the time limit}"
    fi
    cp "$file" "$folder/$file"
    cp "$folder"/pristine/*.o "$folder/objects"
    case $verdict in killed*) killed=$((killed + 1)) ;; *) survived=$((survived + 1)) ;; esac
    echo "$file: $name: $verdict"
done <"$here/mutants.txt"
echo "$killed killed, $survived survived"
[ "$survived" -eq 0 ]
