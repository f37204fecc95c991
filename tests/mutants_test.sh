#!/bin/sh
# Every line of mutants.txt, and every part of a line with several, still changes its file. A line whose pattern no
# longer matches a reworded source would otherwise stay unseen, because `make mutation` takes long and runs rarely.
# Every guidance law and every maneuver has a mutant whose name contains its word.
set -u

cd "$(dirname "$0")/.." || exit 1
awk -F '\t' -v OFS='\t' '!/^(#|$)/ {
    parts = split($3, part, /; s\//)
    for (k = 1; k <= parts; k++) print $1, $2, (k > 1 ? "s/" : "") part[k]
}' tests/mutants.txt >"$SCRATCH/changes"
while IFS='	' read -r file name change; do
    if ! sed "$change" "$file" >"$SCRATCH/changed"; then
        printf 'not ok mutant applies: %s: sed cannot apply "%s" to %s\n' "$name" "$change" "$file"
    elif cmp -s "$file" "$SCRATCH/changed"; then
        printf 'not ok mutant applies: %s: "%s" changes nothing in %s; write it anew in tests/mutants.txt\n' \
            "$name" "$change" "$file"
    else
        echo "ok mutant applies: $name"
    fi
done <"$SCRATCH/changes"

sed -n 's/^ *X(\(GUIDANCE\|MANEUVER\), [A-Z_]*, "\([a-z-]*\)".*/\2/p' host/scenario/choices.h | grep -vx none \
    >"$SCRATCH/words"
for word in $(cat "$SCRATCH/words"); do
    if grep -v '^#' tests/mutants.txt | cut -f 2 | grep -Eq "(^|[^a-z-])${word}s?([^a-z-]|$)"; then
        echo "ok mutant exists: $word"
    else
        echo "not ok mutant exists: no name of a mutant in tests/mutants.txt has the word $word"
    fi
done
words=$(wc -l <"$SCRATCH/words")
if [ "$words" -ge 10 ]; then
    echo "ok the words of laws and maneuvers were found"
else
    echo "not ok the words of laws and maneuvers were found: only $words in host/scenario/choices.h"
fi
