#!/bin/sh
# The READMEs lead to every source file: kernels/README.md names each file of kernels/, and README.md each room of
# host/, whose own README names its files (rooms_test.sh). Folders say what they must not contain, and kernels/ includes
# nothing from host/.
set -u
. tests/shell/expect.sh

unnamed=
for file in kernels/*.h kernels/*.cl; do
    grep -qF "\`$(basename "$file")\`" kernels/README.md || unnamed="$unnamed $file"
done
for room in $(find host -mindepth 1 -type d ! -name __pycache__ | sort); do
    grep -qF "($room/README.md)" README.md || unnamed="$unnamed $room"
done
verdict readme_leads_to_every_room_and_kernel "$unnamed"

gone=
# shellcheck disable=SC2016  # backquotes of Markdown
for name in $(grep -o '`[a-z0-9_]*\.\(h\|cl\)`' kernels/README.md | tr -d '`'); do
    [ -f "kernels/$name" ] || gone="$gone $name"
done
for link in $(grep -oE '\]\([A-Za-z][^):#]*' README.md CONTRIBUTING.md ./*/README.md |
    sed 's/README.md:\](/README.md>/; s/CONTRIBUTING.md:\](/CONTRIBUTING.md>/' | tr ' ' '>'); do
    [ -e "$(dirname "${link%%>*}")/${link#*>}" ] || gone="$gone ${link#*>}"
done
verdict documents_name_no_file_that_is_gone "$gone"

silent=
for folder in kernels host models benchmarks tests; do
    grep -qi 'must not contain' "$folder/README.md" || silent="$silent $folder"
done
verdict folders_say_what_they_must_not_contain "$silent"

crossing=$(grep -nE '#[[:space:]]*include[[:space:]]+"[^"]*host/' kernels/*.h kernels/*.cl)
verdict kernels_include_nothing_from_host "$crossing"
