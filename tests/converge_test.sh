#!/bin/sh
# The steps of every scenario in models/ are short enough for the precision that it asks for; and longer ones would not be.
set -u
. tests/shell/expect.sh

for file in models/*.yaml; do
    expect "steps_of/$(basename "$file")" 0 'own step passes' '' "$ZEM" converge "$file" --quiet
done
expect longer_steps_of_weave_fail 8 "Steps 1/[248]* as long pass" "the step is too long" "$ZEM" converge models/weave.yaml --quiet --set run.step_ratio=3 --trials-max 64000
