#!/bin/sh
# The key reference and the schema in models/ are what the program prints from its table of keys (zem reference
# >models/KEYS.md, zem reference --schema >models/scenario.schema.json). Every model is named in the README beside it
# and can be run.
set -u
. tests/shell/expect.sh

"$ZEM" reference >"$SCRATCH/KEYS.md"
holds page_of_keys_is_what_zem_reference_prints cmp "$SCRATCH/KEYS.md" models/KEYS.md
"$ZEM" reference --schema >"$SCRATCH/schema.json"
holds schema_is_what_zem_reference_prints cmp "$SCRATCH/schema.json" models/scenario.schema.json
for file in models/*.yaml; do
    name=$(basename "$file")
    holds "readme_names/$name" grep -qF "\`$name\`" models/README.md
    expect "model_runs/$name" 0 '' '' \
        "$ZEM" run "$file" --trials 20 --quiet --device openmp -o "$SCRATCH/out.h5" --force
done
