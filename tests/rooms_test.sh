#!/bin/sh
# The rooms of host/ build on each other in one direction. The table of host/README.md lists them from the lowest to the
# highest. A file may include headers of its own room, of rooms above it in that table and of kernels/. No header
# includes itself by way of others. Each library is included only by the files that may know it. Every file stands in a
# room whose README names it. Each rule must first fail on a planted violation.
set -u
. tests/shell/expect.sh

top=$PWD

# Prints the rooms from the lowest to the highest.
room_order() {
    sed -n 's/^| \[`\([a-z/]*\)\/`\].*/\1/p' host/README.md
}

# Prints every include as "file room included-path"; the room of main.c is "-".
all_includes() {
    find host -name '*.[ch]' | sort | while read -r file; do
        room=$(dirname "${file#host/}")
        [ "$room" = . ] && room=-
        sed -n 's/^#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$file" | sed "s|^|${file#host/} $room |"
    done
}

# Prints includes of a room that comes later in the table, and includes that name no room.
backward_includes() {
    room_order >"$SCRATCH/order"
    all_includes | awk -v order="$SCRATCH/order" '
        BEGIN { while ((getline room < order) > 0) place[room] = ++count; place["-"] = count + 1 }
        $3 ~ /^kernels\// || $3 == "build_info.h" { next }
        { room = $3; if (!sub(/\/[^\/]*$/, "", room)) room = ""
          if (!(room in place)) print $1 " includes " $3 ", which is in no room"
          else if (place[room] > place[$2]) print $1 " includes " $3 }'
}

# Prints headers that include themselves by way of others.
header_cycles() {
    all_includes | awk '$1 ~ /\.h$/ && $3 ~ /\.h$/ && $3 !~ /^kernels\// { print $1, $3 }' |
        tsort 2>&1 >/dev/null | grep '\.h$'
}

# Prints files outside a room, rooms that the table does not list, files that the README of their room does not name,
# and names in a README whose file is gone.
stray_files() {
    find host -maxdepth 1 -type f ! -name main.c ! -name README.md
    find host -mindepth 1 -type d ! -name __pycache__ | sed 's|^host/||' | grep -vxF "$(room_order)"
    for room in $(room_order); do
        [ -d "host/$room" ] || { echo "host/$room is gone"; continue; }
        grep -qi 'must not contain' "host/$room/README.md" ||
            echo "host/$room/README.md does not say what it must not contain"
        for file in host/"$room"/*.*; do
            name=$(basename "$file")
            case $name in README.md) continue ;; esac
            [ -f "${file%.h}.c" ] && name=$(basename "${file%.h}.c") # a header goes with its implementation
            grep -qF "\`$name\`" "host/$room/README.md" || echo "$file is not in the README of its room"
        done
        # shellcheck disable=SC2016  # backquotes of Markdown
        sed -n 's/^| `\([a-z0-9_.]*\)` |.*/\1/p' "host/$room/README.md" | while read -r name; do
            [ -f "host/$room/$name" ] || echo "host/$room/README.md names $name, which is gone"
        done
    done
}

# Prints files that include a library and may not.
strangers() {
    for rule in 'hdf5:host/result/hdf5_dataset.h' 'result/hdf5_dataset:host/result/*' \
        'result/hdf5_image:host/result/*' 'result/dataset_blocks:host/result/*' \
        'libfyaml:host/scenario/yaml_document.c' 'udunits2:host/scenario/unit.c' 'CL/:host/device/opencl/*'; do
        library=${rule%%:*}
        find host -name '*.[ch]' -exec grep -lE "#[[:space:]]*include[[:space:]]+[<\"]$library" {} + |
            while read -r file; do
                allowed=no
                for pattern in ${rule#*:}; do
                    # shellcheck disable=SC2254  # a pattern is meant
                    case $file in $pattern) allowed=yes ;; esac
                done
                [ $allowed = yes ] || echo "$file includes $library"
            done
    done
}

# planted NAME RULE FILE LINE: checks that RULE prints something when LINE is appended to host/FILE in a copy.
planted() {
    rm -rf "$SCRATCH/copy"
    mkdir -p "$SCRATCH/copy"
    cp -r "$top/host" "$SCRATCH/copy"
    echo "$4" >>"$SCRATCH/copy/host/$3"
    if [ -n "$(cd "$SCRATCH/copy" && $2)" ]; then verdict "$1" ''; else verdict "$1" 'not seen'; fi
}

planted an_include_that_runs_back_is_seen backward_includes base/error.c '#include "run/run.h"'
planted an_include_of_no_room_is_seen backward_includes view/show.c '#include "view.h"'
planted a_cycle_of_headers_is_seen header_cycles base/error.h '#include "device/backend.h"'
planted a_stray_file_is_seen stray_files stray.c '/* */'
planted a_file_that_no_readme_names_is_seen stray_files run/unnamed.c '/* */'
planted a_library_in_a_foreign_room_is_seen strangers view/show.c '#include <hdf5.h>'
planted a_library_past_its_header_is_seen strangers result/result_file.c '#include <hdf5.h>'
planted a_header_of_a_library_in_a_foreign_room_is_seen strangers view/show.c '#include "result/hdf5_image.h"'

for rule in backward_includes header_cycles stray_files strangers; do
    verdict "there_are_no_$rule" "$($rule | head -n 5 | tr '\n' ';')"
done
holds the_includes_were_read test "$(all_includes | wc -l)" -gt 300
