#!/bin/sh
# `make bundle`: the program in the folder runs with an empty environment, wherever the folder lies, and loads no
# library of the machine except those of the C library. Needs a release build and patchelf.
set -u
. tests/shell/expect.sh

if [ "$ZEM" != "$PWD/build/zem" ]; then
    echo "skip bundle: make bundle takes the release build"
    exit 0
fi
. tests/shell/opencl_library.sh
for tool in patchelf ldd strip; do
    command -v $tool >/dev/null || { echo "skip bundle: there is no $tool"; exit 0; }
done
[ -n "$library" ] || { echo "skip bundle: no OpenCL loader to put into it"; exit 0; }

# The folder moves after it was made, to a name with a space.
holds bundle_is_made env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory bundle BUNDLE="$SCRATCH/made"
mkdir "$SCRATCH/another place"
mv "$SCRATCH/made" "$SCRATCH/another place/zem"
bundle=$SCRATCH/another\ place/zem
ln -s "$bundle/bin/zem" "$SCRATCH/linked"

# Prints the libraries that files load and that are neither in the bundle nor parts of the C library.
foreign_libraries() {
    ldd "$@" | awk -v bundle="$(readlink -f "$bundle")/" '
        /not found/ { print; next }
        $2 != "=>" || index($0, bundle) { next }
        $1 !~ /^(libc|libm|libmvec|libdl|libpthread|librt|libresolv|libutil|libanl)\.so/ { print $1 }' | sort -u
}

# Prints the libraries that a running process has mapped and that are neither in the bundle nor parts of the C library.
foreign_maps() {
    awk '{ for (i = 7; i <= NF; i++) $6 = $6 " " $i; print $6 }' "/proc/$1/maps" | grep '\.so' | sort -u |
        grep -vF "$(readlink -f "$bundle")/" |
        grep -vE '/(ld-linux[^/]*|lib(c|m|mvec|dl|pthread|rt|resolv|util|anl))\.so[.0-9]*$'
}

verdict no_library_comes_from_the_machine "$(foreign_libraries "$bundle/libexec/zem" "$bundle"/tests/*_test \
    "$bundle"/lib/*.so* | tr '\n' ' ')"
holds the_libraries_were_read test "$(ldd "$bundle/libexec/zem" | wc -l)" -gt 10
holds a_foreign_library_is_seen test -n "$(foreign_libraries build/zem)"

cd "$SCRATCH" || exit 1
expect it_runs_without_any_environment 0 '"digest":"[0-9a-f]*"' '' \
    env -i "$SCRATCH/linked" run first -d cpu --trials 100 --json -q -o bundled.h5
bundled=$(grep -o '"digest":"[0-9a-f]*"' out)
expect it_reads_results 0 'autopilot_lag' '' env -i "$SCRATCH/linked" show bundled.h5
"$ZEM" run first -d cpu --trials 100 --json -q -o built.h5 >out
built=$(grep -o '"digest":"[0-9a-f]*"' out)
verdict it_gives_the_digest_of_the_build "$([ "$bundled" = "$built" ] || echo "$bundled, $built")"
expect plot_says_what_it_needs 73 '' 'gnuplot' env -i PATH=/nonexistent "$bundle/libexec/zem" plot bundled.h5 -o x.png

# An empty file under the name of each bundled library must not be loaded in its place, as libraries of a cluster's
# environment might.
mkdir decoys
for file in "$bundle"/lib/zem-*; do
    name=${file##*/}
    : >"decoys/${name#zem-}"
done
expect libraries_of_the_environment_are_not_taken 0 '"digest"' '' env -i LD_LIBRARY_PATH="$SCRATCH/decoys" \
    "$SCRATCH/linked" run first -d cpu --trials 100 --json -q -f -o bundled.h5
holds decoys_stand_in_the_way_of_the_build sh -c "! LD_LIBRARY_PATH='$SCRATCH/decoys' '$ZEM' --version"

# An NVIDIA driver that is present and not registered is named to the OpenCL loader, unless the machine has registered
# drivers.
mkdir drivers
: >drivers/libnvidia-opencl.so.1
# shellcheck disable=SC2016
show='here=$1; . "$here/lib/environment.sh"; echo "vendors=${OCL_ICD_VENDORS:-}"'
if ls /etc/OpenCL/vendors/*.icd >/dev/null 2>&1; then
    expect registered_drivers_are_left_alone 0 '^vendors=$' '' \
        env -i LD_LIBRARY_PATH="$SCRATCH/drivers" /bin/sh -c "$show" sh "$bundle"
else
    expect an_unregistered_driver_is_named 0 'drivers/nvidia$' '' \
        env -i LD_LIBRARY_PATH="$SCRATCH/drivers" /bin/sh -c "$show" sh "$bundle"
fi

# A long run shows what it has loaded. OpenCL is left out, because its drivers are those of the machine.
env -i "$SCRATCH/linked" run weave -d cpu -q --checkpoint 0 -o long.h5 >/dev/null 2>&1 &
runner=$!
holds a_run_computes await $runner grep -q libgomp "/proc/$runner/maps"
verdict a_run_maps_no_library_of_the_machine "$(foreign_maps $runner | tr '\n' ' ')"
kill -INT $runner
wait $runner 2>/dev/null

expect proof_knows_its_options 64 '' '-d LIST' "$bundle/gpu-proof" -x
expect proof_needs_a_gpu 69 '' 'no usable GPU' env -i OCL_ICD_VENDORS=/nonexistent PATH="$PATH" "$bundle/gpu-proof"
