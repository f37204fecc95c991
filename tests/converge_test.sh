#!/bin/sh
# The steps of every scenario in models/ are short enough for the precision that it asks for; and longer ones would not
# be.
set -u
. tests/shell/expect.sh

for file in models/*.yaml; do
    expect "steps_are_short_enough/$(basename "$file")" 0 'own step passes' '' "$ZEM" converge "$file" --quiet
done
expect longer_steps_of_weave_fail 8 "Steps 1/[248]* as long pass" "the step is too long" \
    "$ZEM" converge models/weave.yaml --quiet --set run.step_ratio=3 --trials-max 64000

# The default step: at 1e5 trials all errors of the probability are below a tenth of its interval's half-width.
for name in step guidance-laws fifth-order salvo divert telegraph; do
    "$ZEM" converge models/$name.yaml --quiet --trials 100000 --percent 10 --trials-max 1000000 >"$SCRATCH/tenth" \
        2>"$SCRATCH/err"
    holds "default_step_errs_by_less_than_a_tenth/$name" \
        awk '/^p_hit/ { seen++; if (!/ passes /) exit 1 } END { if (!seen) exit 1 }' "$SCRATCH/tenth"
done
expect longer_steps_than_the_default_fail 8 '^p_hit.* fails ' 'the step is too long' \
    "$ZEM" converge models/telegraph.yaml --quiet --trials 100000 --percent 10 --set run.step_ratio=4
