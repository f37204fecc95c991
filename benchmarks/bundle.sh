#!/bin/sh
# Makes a folder from which zem runs on a machine without network, packages or root: `make bundle`, from the top folder.
# Usage: bundle.sh FOLDER ZEM TEST_PROGRAM... The folder is made anew. It holds the program, the test programs, every
# shared library that they load except the parts of the C library, the OpenCL loader, the units database, models and
# decks.
#
# The libraries get names of their own (zem-libz.so.1), as auditwheel gives them for Python. LD_LIBRARY_PATH of a
# cluster therefore cannot put other libraries in their place, and an OpenCL driver that needs a newer libz gets the
# libz of its machine.
set -eu

folder=$1 zem=$2
shift 2
prefix=zem-

fail() {
    echo "bundle: $*" >&2
    exit 1
}

command -v patchelf >/dev/null || fail "patchelf is missing (apt install patchelf)"

# Whether a library is a part of glibc. These stay outside the bundle, because they fit only the dynamic linker of their
# own machine.
is_c_library() {
    case ${1##*/} in
        ld-linux* | ld64.so* | linux-vdso* | libc.so* | libm.so* | libmvec.so* | libdl.so* | libpthread.so* | \
            librt.so* | libresolv.so* | libutil.so* | libanl.so* | libnss_*) ;;
        *) return 1 ;;
    esac
}

# Prints the name and the path of every shared library that the files load, directly or through other libraries.
libraries_of() {
    ldd "$@" | awk '$2 != "=>" { next } $3 == "not" { print $1, "missing" } $3 ~ /^\// { print $1, $3 }' | sort -u
}

# Prints the path at which the dynamic linker finds a library of this name.
find_library() {
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p | awk -v name="$1" '$1 == name { print $NF; exit }'
}

# own_names FILE PATH: makes a file load the libraries under their new names, from the folder PATH. This takes two
# calls, because patchelf 0.14 mixes up names and path in one call.
own_names() {
    replaced=
    for needed in $(patchelf --print-needed "$1"); do
        is_c_library "$needed" || replaced="$replaced --replace-needed $needed $prefix$needed"
    done
    # shellcheck disable=SC2086  # a list of options without spaces in them
    [ -z "$replaced" ] || patchelf $replaced "$1"
    patchelf --set-rpath "$2" "$1"
}

loader=$(find_library libOpenCL.so.1)
[ -n "$loader" ] || fail "the OpenCL loader libOpenCL.so.1 is missing (apt install ocl-icd-libopencl1)"
units=
for place in "${UDUNITS2_XML_PATH:-}" /usr/share/xml/udunits/udunits2.xml /usr/share/udunits/udunits2.xml; do
    if [ -z "$units" ] && [ -f "$place" ]; then units=$(dirname "$place"); fi
done
[ -n "$units" ] || fail "the units database udunits2.xml is missing (apt install libudunits2-dev)"

rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/libexec" "$folder/lib" "$folder/tests" "$folder/benchmarks" "$folder/share" \
    "$folder/licences"
cp "$zem" "$folder/libexec/zem"
[ $# -eq 0 ] || cp "$@" "$folder/tests"
strip "$folder/libexec/zem" "$folder"/tests/*

libraries_of "$folder/libexec/zem" "$loader" "$folder"/tests/* | while read -r name path; do
    [ "$path" != missing ] || fail "the library $name is missing"
    is_c_library "$name" && continue
    cp -L "$path" "$folder/lib/$prefix$name"
    package=$(dpkg -S "$(readlink -f "$path")" "$path" 2>/dev/null | head -n 1 | cut -d: -f1)
    [ -z "$package" ] || cp "/usr/share/doc/$package/copyright" "$folder/licences/$package" 2>/dev/null || true
    version=$([ -z "$package" ] || dpkg-query -W -f='${Package} ${Version}' "$package" 2>/dev/null || true)
    echo "$prefix$name ${version:-of this machine}" >>"$folder/lib/libraries.txt"
done
cp -L "$loader" "$folder/lib/libOpenCL.so.1"
chmod 644 "$folder"/lib/*
for library in "$folder"/lib/*.so*; do
    case ${library##*/} in $prefix*) patchelf --set-soname "${library##*/}" "$library" ;; esac
    # shellcheck disable=SC2016  # the dynamic linker reads $ORIGIN
    own_names "$library" '$ORIGIN'
done
for program in "$folder/libexec/zem" "$folder"/tests/*; do
    # shellcheck disable=SC2016
    own_names "$program" '$ORIGIN/../lib'
done

# An OpenCL loader for rehearsals of gpu-proof: it reports devices of processors as GPUs.
mkdir "$folder/tests/posing"
# shellcheck disable=SC2086  # CC may be a command with options
${CC:-gcc} -std=gnu11 -O1 -fPIC -shared -I. -Ihost -Wno-deprecated-declarations \
    -o "$folder/tests/posing/libOpenCL.so.1" tests/faulty_opencl.c -ldl

cp -R "$units" "$folder/share/udunits"
mkdir -p "$folder/share/man/man1" "$folder/share/man/man5" "$folder/share/completion"
cp build/manuals/*.1 "$folder/share/man/man1"
cp build/manuals/*.5 "$folder/share/man/man5"
cp build/manuals/zem.bash build/manuals/zem.zsh build/manuals/zem.fish "$folder/share/completion"
cp -R models LICENSE CHANGELOG.md "$folder"
cp -R benchmarks/decks "$folder/benchmarks"
cp tests/goldens.txt "$folder/tests"
cp benchmarks/bundle/zem "$folder/bin/zem"
cp benchmarks/bundle/environment.sh "$folder/lib"
cp benchmarks/bundle/README.md benchmarks/bundle/Makefile "$folder"
cp benchmarks/gpu_proof.sh "$folder/gpu-proof"
chmod 755 "$folder/bin/zem" "$folder/gpu-proof"

# Drivers that a machine may have without registering them, as NVIDIA's containers do. Each driver gets a folder with a
# file that registers it, because the loader takes every file of a folder.
while read -r name library; do
    mkdir -p "$folder/drivers/$name"
    echo "$library" >"$folder/drivers/$name/$name.icd"
done <<'DRIVERS'
nvidia libnvidia-opencl.so.1
amd libamdocl64.so
intel libigdrcl.so
DRIVERS

# Writes the newest version of the C library that a file of the bundle needs.
find "$folder/libexec" "$folder/lib" "$folder/tests" -type f -exec grep -aohE 'GLIBC_2\.[0-9]+' {} + | sort -uV |
    tail -n 1 | sed 's/GLIBC_//' >"$folder/lib/glibc-needed.txt"
echo "bundle: $folder has $(du -sh "$folder" | cut -f1), needs a C library (glibc) of version" \
    "$(cat "$folder/lib/glibc-needed.txt") or later and nothing else"
