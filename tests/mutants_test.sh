#!/bin/sh
# Every line of mutants.txt, and every part of a line with several, still changes its file. A line whose pattern no
# longer matches a reworded source would otherwise stay unseen, because `make mutation` takes long and runs rarely.
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
