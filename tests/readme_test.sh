#!/bin/sh
# The README has a line for every source file and none for a file that is gone; folders say what may not come in.
set -u

# report NAME LIST: the list of offenders is empty, or the test fails with it.
report() {
    if [ -z "$2" ]; then echo "ok $1"; else echo "not ok $1:$2"; fi
}

unnamed=
for file in host/*.c host/*.h host/*.awk kernels/*.h kernels/*.cl; do
    base=$(basename "$file")
    [ -f "${file%.h}.c" ] && base=$(basename "${file%.h}.c") # a header goes with its implementation
    grep -qF "\`$base\`" README.md || unnamed="$unnamed $base"
done
report readme_names_every_source_file "$unnamed"

gone=
# shellcheck disable=SC2016  # backquotes of Markdown
for name in $(sed -n '/^Kernels (/,/^\[models/p' README.md | grep -o '`[a-z0-9_]*\.[a-z]*`' | tr -d '`'); do
    [ -f "host/$name" ] || [ -f "kernels/$name" ] || gone="$gone $name"
done
report readme_names_no_file_that_is_gone "$gone"

silent=
for folder in kernels host models benchmarks tests; do
    grep -qi 'may not come in' "$folder/README.md" || silent="$silent $folder"
done
report folders_say_what_may_not_come_in "$silent"

crossing=$(grep -nE '#[[:space:]]*include[[:space:]]+"[^"]*host/' kernels/*.h kernels/*.cl)
report kernels_include_nothing_from_host "$crossing"

# Libraries are known to one room each.
strangers=
for rule in 'hdf5\.h:host/hdf5_* host/dataset_* host/result_file*' 'libfyaml\.h:host/yaml_document.c' 'udunits2\.h:host/unit.c' \
    'CL/:host/opencl_*'; do
    for file in $(grep -lE "#[[:space:]]*include[[:space:]]+<${rule%%:*}" host/*.c host/*.h); do
        allowed=no
        for pattern in ${rule#*:}; do
            [ "$file" = "$pattern" ] && allowed=yes
        done
        [ $allowed = yes ] || strangers="$strangers $file"
    done
done
report libraries_stay_in_their_rooms "$strangers"
