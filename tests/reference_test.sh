#!/bin/sh
# The key reference and the schema in models/ are what the program makes of its table of keys.
"$ZEM" reference >"$SCRATCH/KEYS.md"
if cmp -s "$SCRATCH/KEYS.md" models/KEYS.md; then echo "ok reference/keys"; else echo "not ok reference/keys: models/KEYS.md is stale: zem reference >models/KEYS.md"; fi
"$ZEM" reference --schema >"$SCRATCH/schema.json"
if cmp -s "$SCRATCH/schema.json" models/scenario.schema.json; then echo "ok reference/schema"; else echo "not ok reference/schema: stale: zem reference --schema >models/scenario.schema.json"; fi
for file in models/*.yaml; do
    name=$(basename "$file")
    if grep -q "\`$name\`" models/README.md; then echo "ok reference/$name"; else echo "not ok reference/$name: not in the table of models/README.md"; fi
    if "$ZEM" run "$file" --trials 20 --quiet --device openmp -o "$SCRATCH/out.h5" --force >/dev/null 2>"$SCRATCH/err"; then echo "ok runs/$name"; else echo "not ok runs/$name: $(head -n 1 "$SCRATCH/err")"; fi
done
