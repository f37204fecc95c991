#!/bin/sh
# Checks that other compilers, options, OpenCL drivers, systems and processors give the same bits. Usage: matrix.sh
# [ROW...], from the top folder, after `make all`. `make matrix` runs every row, `make matrix ROW=NAME` one of them.
#
# Each row is one compiler, driver or processor. It flies every scenario of models/ with few trials, and the deck
# "small". The two digests of each flight, of the counts and of the miss distances, are compared with those of the
# scalar engine of build/zem. The digests of the deck are also compared with decks/digests.txt. The script prints a line
# of the table of benchmarks/README.md for each row. A row whose software is missing says so and counts as not run. The
# exit code is 1 if a row failed, and 2 if none failed and none was run.
#
# The script installs no drivers, compilers and systems; README.md has the commands. INTEL_OPENCL and PYPI_POCL name the
# files NAME.icd of drivers from PyPI. DEBIAN_13 names a folder with a Debian 13 made by debootstrap, with the packages
# that the rows need. SYSROOTS names a folder with one sysroot for each architecture, made by mmdebstrap.
set -u

matrix=$PWD/build/matrix debian_13=${DEBIAN_13:-$PWD/build/matrix/debian-13} sysroots=${SYSROOTS:-$PWD/build/matrix}
program=build/zem runner='' options='' trials=32 limitation='' flown=$PWD/build/matrix/flown-$$
result=$flown.h5
all_rows="scalar baseline v3 v4 gcc-11 gcc-12 gcc-13 gcc-14 clang-14 clang-15 clang-16 clang-17 clang-18 clang-19
          O0 O1 Os O3 lto native pocl pocl-pypi intel-pypi oclgrind debian-13-gcc-13 debian-13-gcc-14
          debian-13-clang-17 debian-13-clang-18 debian-13-clang-19 debian-13-pocl debian-13-rusticl
          arm64 armhf riscv64 ppc64el s390x i386"
engines='baseline-full-single scalar-full-single baseline-full-double'
run=0 failed=0
mkdir -p "$matrix"
trap 'rm -f "$flown"* "$matrix/.flown-$$"*' EXIT

# not_run ROW REASON, report ROW RESULT VERSION: print the line of a row.
not_run() { echo "| $1 | not run: $2 | | |"; }
report() {
    run=$((run + 1))
    case $2 in *failed:*) failed=$((failed + 1)) ;; esac
    echo "| $1 | $2 | $3 | $(date -u +%Y-%m-%d) |"
}

scenarios() { echo models/*.yaml benchmarks/decks/small.yaml; }

# digests SCENARIO: prints both digests that $program gives with $options and $trials, or the reason why it gave none. A
# run counts as failed if the device failed and the processor finished the run.
digests() {
    case $1 in */small.yaml) trials_option= ;; *) trials_option="--trials $trials" ;; esac
    # shellcheck disable=SC2086  # lists of words
    $runner "$program" run "$1" $trials_option $options --no-step-check --checkpoint 0 -q --json -f -o "$result" \
        >"$flown" 2>"$flown.err" </dev/null
    if grep -q '"failure":"[^"]' "$flown"; then
        sed 's/.*"failure":"\([^"]\{1,\}\)".*/the device failed: \1/' "$flown"
    elif grep -q '"digest"' "$flown"; then
        sed 's/.*"digest":"\([0-9a-f]*\)","miss_digest":"\([0-9a-f]*\)".*/\1 \2/' "$flown"
    else
        grep '^zem: ' "$flown.err" | tail -n 1
    fi
}

# Writes the digests of the scalar engine of build/zem, with which all rows are compared, to a file. They are computed
# once for each program and number of trials.
reference() (
    file=$matrix/reference-$trials program=build/zem runner='' options='-d cpu --isa scalar' result=$flown.h5
    if [ -z "$(find "$file" -newer build/zem 2>/dev/null)" ]; then
        for scenario in $(scenarios); do echo "$scenario $(digests "$scenario")"; done >"$file.$$"
        mv "$file.$$" "$file"
    fi
    stored=$(awk '$1 == "small" { print $4, $5 }' benchmarks/decks/digests.txt)
    grep -qxF "benchmarks/decks/small.yaml $stored" "$file" ||
        { echo "matrix: the scalar engine does not give the digests of benchmarks/decks/digests.txt" >&2; exit 1; }
)

# compare ROW VERSION [SCENARIO...]: flies the scenarios, by default all, and prints the line of the row.
compare() {
    row=$1 version=$2 right=0 wrong='' stopped=''
    shift 2
    # shellcheck disable=SC2046
    [ $# -gt 0 ] || set -- $(scenarios)
    reference || exit 1
    for scenario in "$@"; do
        got=$(digests "$scenario")
        if grep -qxF "$scenario $got" "$matrix/reference-$trials"; then
            right=$((right + 1))
        elif [ -n "$limitation" ] && grep -q "$limitation" "$flown.err"; then
            stopped="$stopped $(basename "$scenario" .yaml)"
        else
            wrong="$wrong $(basename "$scenario" .yaml)"
            echo "matrix: $row: $scenario: $got" >&2
        fi
    done
    stopped=${stopped:+; it stops at \`$limitation\` in:$stopped}
    report "$row" "$right of $# right$stopped${wrong:+; failed:$wrong}" "$version"
}

# engine ROW: flies the engine of build/zem for one instruction set.
engine() {
    options="-d cpu --isa $1"
    if ! build/zem run first -d cpu --isa "$1" --trials 1 -q -f -o "$flown.h5" 2>"$flown.err"; then
        not_run "$1" "$(sed 's/^zem: //' "$flown.err")"
    else
        compare "$1" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    fi
}

# Prints the names of the files that git tracks. A copy of the tree inside another system has no git, but a list of the
# names.
tracked_files() { git ls-files 2>/dev/null || cat "$matrix/files"; }

# Finds the header and the library of OpenMP for clang. Any version works with every clang, and Debian installs one at a
# time. Sets $folder.
openmp_of_clang() {
    header=$(find /usr/lib/llvm-*/lib/clang -name omp.h 2>/dev/null | head -n 1)
    library=$(find /usr/lib/llvm-*/lib -maxdepth 1 -name libomp.so 2>/dev/null | head -n 1)
    if [ -z "$header" ] || [ -z "$library" ]; then return 1; fi
    mkdir -p "$matrix/openmp"
    cp "$header" "$matrix/openmp"
    folder=${library%/*}
}

# compiled ROW COMPILER OPTION...: copies the working tree and builds it with a few engines only. Sets $program and
# $version.
compiled() {
    row=$1 compiler=$2 program=$matrix/$1/build/zem options='-d cpu'
    shift 2
    case $compiler in
        clang*)
            openmp_of_clang || { not_run "$row" "there is no libomp for clang"; return 1; }
            compiler="$compiler -I$matrix/openmp" # in CPPFLAGS it would replace the CPPFLAGS of the Makefile
            set -- "$@" LDFLAGS="-L$folder -Wl,-rpath,$folder" ;;
    esac
    command -v "${compiler%% *}" >/dev/null || { not_run "$row" "there is no ${compiler%% *}"; return 1; }
    version=$($compiler --version | head -n 1)
    case $($compiler -dumpmachine) in x86_64*) engines="v3-full-single $engines" ;; esac
    mkdir -p "$matrix/$row"
    tracked_files | tar -c -T - | tar -x -C "$matrix/$row"
    if ! make -C "$matrix/$row" CC="${CACHE:+$CACHE }$compiler" ENGINE_NAMES="$engines" "$@" all \
        >"$matrix/$row.log" 2>&1; then
        report "$row" "failed: does not build, $(grep -m 1 'error: \|Error ' "$matrix/$row.log")" "$version"
        return 1
    fi
}

by_compiler() { compiled "$@" && compare "$1" "$version"; }

# opencl ROW [SCENARIO...]: flies the first OpenCL device that $program finds.
opencl() {
    row=$1
    shift
    # shellcheck disable=SC2086
    $runner "$program" devices --json >"$flown.devices"
    device=$(tr '{' '\n' <"$flown.devices" | grep '"name":"opencl.*"usable":true' | head -n 1)
    options="-d $(echo "$device" | sed 's/^"name":"\([^"]*\)".*/\1/') --deadline 3600"
    if [ -z "$device" ]; then
        not_run "$row" "no usable OpenCL device: $(tr '{' '\n' <"$flown.devices" |
            sed -n 's/.*"reason":"\([^"]\{1,\}\)".*/\1/p; s/.*"notes":\[\(.\{1,\}\)\]}/\1/p' | head -n 1)"
    else
        compare "$row" "$(echo "$device" | sed 's/.*"description":"\([^"]*\)".*/\1/')" "$@"
    fi
}

# driver ROW FILE [SCENARIO...]: flies an OpenCL driver of this machine, which FILE, called NAME.icd, registers.
driver() {
    row=$1 file=$2
    shift 2
    [ -f "$file" ] || { not_run "$row" "there is no driver ${file:-of that name}"; return; }
    rm -rf "$matrix/vendors-$row" # the loader of Khronos takes only a folder
    mkdir -p "$matrix/vendors-$row"
    cp "$file" "$matrix/vendors-$row"
    export OCL_ICD_VENDORS="$matrix/vendors-$row"
    opencl "$row" "$@"
}

# driver_inside ROW FILE: flies an OpenCL driver of the Debian 13, with the program of the bundle made here.
driver_inside() {
    [ -x "$debian_13/bin/sh" ] || { not_run "$1" "there is no Debian 13 in $debian_13"; return; }
    [ -f "$debian_13/etc/OpenCL/vendors/$2" ] || { not_run "$1" "there is no driver $2 in $debian_13"; return; }
    [ -x build/bundle/bin/zem ] || { not_run "$1" "there is no bundle: make bundle"; return; }
    rm -rf "$debian_13/bundle"
    cp -R build/bundle "$debian_13/bundle"
    runner="chroot $debian_13 env -C /bundle HOME=/root OCL_ICD_VENDORS=/etc/OpenCL/vendors/$2 RUSTICL_ENABLE=llvmpipe"
    program=bin/zem result=/tmp/flown-$1.h5
    opencl "$1"
}

# Flies Oclgrind, an interpreter of OpenCL that checks memory, data races and uninitialised values. It is slow, so only
# scenarios of few cells are flown, with one trial a cell. A message of its checks is a failure.
simulated() {
    library=/usr/lib/oclgrind/liboclgrind-rt-icd.so
    [ -e $library ] || { not_run oclgrind "there is no $library"; return; }
    echo $library >"$matrix/oclgrind.icd"
    : >"$matrix/oclgrind.messages"
    trials=1 limitation=llvm.experimental.noalias.scope.decl # Oclgrind 21.10 does not know this intrinsic
    OCLGRIND_DATA_RACES=1 OCLGRIND_UNINITIALIZED=1 OCLGRIND_LOG="$matrix/oclgrind.messages"
    export OCLGRIND_DATA_RACES OCLGRIND_UNINITIALIZED OCLGRIND_LOG
    driver oclgrind "$matrix/oclgrind.icd" models/aerodynamic-limit.yaml models/carleton.yaml models/first.yaml \
        models/salvo.yaml
    if [ -s "$matrix/oclgrind.messages" ]; then
        report oclgrind-messages "failed: $(head -n 1 "$matrix/oclgrind.messages")" ''
    else
        report oclgrind-messages "no message of memory, race and initialisation checks" ''
    fi
}

# emulated ROW TRIPLET QEMU: builds by a cross compiler with a sysroot, and flies under qemu.
emulated() {
    root=$sysroots/$1 runner="qemu-$3-static -L $root"
    [ -d "$root/usr/include" ] || { not_run "$1" "there is no sysroot $root"; return; }
    command -v "qemu-$3-static" >/dev/null || { not_run "$1" "there is no qemu-$3-static"; return; }
    [ -e "$root/lib" ] || ln -s usr/lib "$root/lib" # Debian 13
    # Links that lead out of the sysroot, such as libm.so.
    find "$root/usr/lib/$2" "$root/lib64/" -lname '/*' ! -lname "$root/*" 2>/dev/null | while read -r link; do
        ln -sf "$root$(readlink "$link")" "$link"
    done
    trials=1
    PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$root/usr/lib/$2/pkgconfig:$root/usr/share/pkgconfig
    export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
    UDUNITS2_XML_PATH=$root/usr/share/xml/udunits/udunits2.xml
    export UDUNITS2_XML_PATH
    compiled "$1" "$2-gcc --sysroot=$root" LDFLAGS="-Wl,-rpath-link,$root/usr/lib/$2" || return
    compare "$1" "$version, $(qemu-"$3"-static --version | head -n 1)"
}

# answers ROW TRIPLET QEMU OPTION...: for a processor without 128-bit integers. The build of zem has to name that
# reason, and the known answers have to be right.
answers() {
    row=$1 root=$sysroots/$1 triplet=$2 qemu=qemu-$3-static
    shift 3
    [ -d "$root/usr/include" ] || { not_run "$row" "there is no sysroot $root"; return; }
    command -v "$qemu" >/dev/null || { not_run "$row" "there is no $qemu"; return; }
    command -v "$triplet-gcc" >/dev/null || { not_run "$row" "there is no $triplet-gcc"; return; }
    source=benchmarks/known_answers.c
    version="$($triplet-gcc --version | head -n 1), $($qemu --version | head -n 1)"
    if ! "${CC:-gcc}" $source -std=c11 -ffp-contract=off -O2 -I. -o "$matrix/answers" -lm ||
        ! "$triplet-gcc" --sysroot="$root" "$@" $source -std=c11 -ffp-contract=off -O2 -static -I. \
            -o "$matrix/answers-$row" -lm; then
        report "$row" 'failed: the known answers do not compile' "$version"
    elif [ "$("$matrix/answers" | sha256sum)" != "$($qemu "$matrix/answers-$row" | sha256sum)" ]; then
        report "$row" 'failed: the known answers are wrong' "$version"
    elif ! echo '#include "scenario/scenario_keys.h"' | "$triplet-gcc" --sysroot="$root" -Ihost -fsyntax-only -x c - \
        2>&1 | grep -q 'zem needs 128-bit integers'; then
        report "$row" 'failed: the build does not say why it stops' "$version"
    else
        report "$row" 'known answers right; zem does not build, and says that it needs 128-bit integers' "$version"
    fi
}

# inside ROW: flies the build of a compiler of the Debian 13, by this script inside it.
inside() {
    [ -x "$debian_13/bin/sh" ] || { not_run "debian-13-$1" "there is no Debian 13 in $debian_13"; return; }
    mkdir -p "$debian_13/matrix/build/matrix"
    tracked_files >"$debian_13/matrix/build/matrix/files"
    tracked_files | tar -c -T - | tar -x -C "$debian_13/matrix"
    chroot "$debian_13" sh -c "cd /matrix && make all ENGINE_NAMES='v3-full-single $engines' >build/log 2>&1 &&
        sh benchmarks/matrix.sh $1" >"$flown.inside"
    sed -n 's/^| /| debian-13-/p' "$flown.inside" | grep . || not_run "debian-13-$1" "it does not build there"
    case $(cat "$flown.inside") in *'| not run'* | '') ;; *failed:*) run=$((run + 1)) failed=$((failed + 1)) ;;
        *) run=$((run + 1)) ;; esac
}

fly_row() {
    strict='-fno-math-errno -fno-trapping-math'
    case $1 in
        scalar | baseline | v3 | v4) engine "$1" ;;
        gcc-* | clang-*) by_compiler "$1" "$1" ;;
        O0 | O1 | Os | O3) by_compiler "$1" "${CC:-gcc}" CFLAGS="-$1" ENGINE_FLAGS="-$1 $strict" ;;
        lto) by_compiler lto "${CC:-gcc}" CFLAGS='-O2 -flto=auto' ;;
        native) by_compiler native "${CC:-gcc}" CFLAGS='-O2 -march=native' ;;
        pocl) driver pocl "$(grep -l pocl /etc/OpenCL/vendors/*.icd 2>/dev/null | head -n 1)" ;;
        rusticl) RUSTICL_ENABLE=llvmpipe driver rusticl /etc/OpenCL/vendors/rusticl.icd ;;
        debian-13-pocl) driver_inside "$1" pocl.icd ;;
        debian-13-rusticl) driver_inside "$1" rusticl.icd ;;
        pocl-pypi) driver pocl-pypi "${PYPI_POCL:-$matrix/pocl-pypi.icd}" ;;
        intel-pypi) driver intel-pypi "${INTEL_OPENCL:-$matrix/intel-pypi.icd}" ;;
        oclgrind) simulated ;;
        debian-13-*) inside "${1#debian-13-}" ;;
        arm64) emulated arm64 aarch64-linux-gnu aarch64 ;;
        armhf) answers armhf arm-linux-gnueabihf arm ;;
        riscv64) emulated riscv64 riscv64-linux-gnu riscv64 ;;
        ppc64el) emulated ppc64el powerpc64le-linux-gnu ppc64le ;;
        s390x) emulated s390x s390x-linux-gnu s390x ;;
        i386) answers i386 i686-linux-gnu i386 -msse2 -mfpmath=sse ;;
        *) echo "matrix: there is no row $1; the rows are:" $all_rows >&2; exit 64 ;;
    esac
}

# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $all_rows
for wanted in "$@"; do
    (fly_row "$wanted"
    echo "$run $failed" >"$flown.counts") || exit $?
    read -r ran bad <"$flown.counts"
    total_run=$((${total_run:-0} + ran)) total_failed=$((${total_failed:-0} + bad))
done
echo "matrix: $total_run rows run, $total_failed failed, of $# rows" >&2
[ $total_failed -eq 0 ] || exit 1
[ $total_run -gt 0 ] || exit 2
