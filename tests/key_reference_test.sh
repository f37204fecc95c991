#!/bin/sh
# The key reference and the schema in models/ are what the program makes of its table of keys.
set -u
. tests/shell/expect.sh

"$ZEM" reference >"$SCRATCH/KEYS.md"
if cmp -s "$SCRATCH/KEYS.md" models/KEYS.md; then echo "ok reference/keys"; else echo "not ok reference/keys: models/KEYS.md is stale: zem reference >models/KEYS.md"; fi
"$ZEM" reference --schema >"$SCRATCH/schema.json"
if cmp -s "$SCRATCH/schema.json" models/scenario.schema.json; then echo "ok reference/schema"; else echo "not ok reference/schema: stale: zem reference --schema >models/scenario.schema.json"; fi
for file in models/*.yaml; do
    name=$(basename "$file")
    holds "reference/$name" grep -qF "\`$name\`" models/README.md
    expect "runs/$name" 0 '' '' "$ZEM" run "$file" --trials 20 --quiet --device openmp -o "$SCRATCH/out.h5" --force
done
