#!/bin/sh
# A finished result is extended by --resume to the bits of the run that had the trials or the precision from the start:
# with more trials, a finer precision, both, as a shard, and after an interruption. An extension is refused if it would
# need to know single trials that the result does not keep. Needs $ZEM and $SCRATCH.
set -u
. tests/shell/expect.sh
cd "$SCRATCH" || exit 1
cat >x.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 0.5 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 degree, sigma: 1 degree}}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep: [{parameter: engagement.flight_time, from: 0.05 s, to: 0.5 s, points: 12}]
run: {trials: 3000}
YAML

# fly OPTION...: flies x.yaml and prints the digests. stops FILE: prints how each cell stopped and how many trials it
# has.
fly() {
    "$ZEM" run x.yaml --quiet --json "$@" |
        sed -n 's/.*"digest":"\([0-9a-f]*\)","miss_digest":"\([0-9a-f]*\)".*/\1 \2/p'
}
stops() { "$ZEM" export "$1" --variable stop_reason --variable trials 2>/dev/null || "$ZEM" export "$1"; }

# extends NAME FIRST SECOND: checks that the run with the options FIRST, extended by --resume with the options SECOND,
# equals the run with SECOND. The options are split into words.
extends() {
    rm -f x.h5 x.shard-* whole.h5
    # shellcheck disable=SC2086
    before=$(fly $2)
    # shellcheck disable=SC2086
    after=$(fly $3 --resume)
    # shellcheck disable=SC2086
    whole=$(fly $3 -o whole.h5)
    out=x.h5
    for file in x.shard-*; do [ -e "$file" ] && out=$file; done
    stops $out >extended.csv
    stops whole.h5 >whole.csv
    bad=
    [ -n "$before" ] && [ "$before" != "$whole" ] || bad='the first run has the digest of the second or none'
    [ "$after" = "$whole" ] || bad="digests $after instead of $whole"
    cmp -s extended.csv whole.csv || bad="$bad; tables differ"
    verdict "$1" "$bad"
}

extends more_trials '--trials 1500' '--trials 5000'
extends many_more_trials '--trials 7' '--trials 9000 --batch 100'
extends a_finer_precision '--precision 0.03 --trials 20000' '--precision 0.012 --trials 20000'
extends the_same_precision_with_more_trials '--precision 0.012 --trials 1600' '--precision 0.012 --trials 20000'
extends a_finer_precision_with_more_trials '--precision 0.02 --trials 1700' '--precision 0.011 --trials 20000'
extends a_finer_precision_with_a_bound_between '--precision 0.02 --trials 20000' '--precision 0.011 --trials 4321'
extends fixed_trials_after_a_precision '--precision 0.02 --trials 2000' '--trials 2000'
extends more_trials_of_a_shard '--trials 1501 --shard 1/3' '--trials 5003 --shard 1/3'

# A refused extension leaves the result alone.
rm -f x.h5
before=$(fly)
cp x.h5 kept.h5
expect fewer_trials_are_refused 73 '' 'cannot be extended to this run: it has 3000 trials in a cell, more than 2000' \
    "$ZEM" run x.yaml --resume --quiet --trials 2000
expect a_precision_that_was_not_asked_for_is_refused 73 '' 'it had no run.precision' \
    "$ZEM" run x.yaml --resume --quiet --trials 9000 --precision 0.01
expect another_seed_is_refused 73 '' 'another scenario, which differs in run.trials, run.seed' \
    "$ZEM" run x.yaml --resume --quiet --trials 9000 --seed 9
holds what_is_refused_is_left_alone cmp x.h5 kept.h5
rm -f x.h5
fly --precision 0.01 --trials 20000 >/dev/null
expect a_coarser_precision_is_refused 73 '' 'is finer than 0.02' \
    "$ZEM" run x.yaml --resume --quiet --precision 0.02 --trials 20000

# An extension that is interrupted continues from its checkpoint. The finished result stays until the extension is done.
rm -f x.h5
before=$(fly)
cp x.h5 kept.h5
trials=3000000
while [ $trials -lt 1000000000 ]; do # with more trials, if the run ended before the signal
    "$ZEM" run x.yaml --trials $trials --resume --quiet --checkpoint 1 --threads 1 --isa scalar 2>err &
    process=$!
    await $process test -e .x.h5.checkpoint
    kill -INT $process
    wait $process
    [ $? -eq 0 ] || break
    trials=$((trials * 4))
    cp kept.h5 x.h5
done
holds the_result_stays_while_it_is_extended cmp x.h5 kept.h5
holds an_extension_is_cut_off test -e .x.h5.checkpoint
after=$(fly --trials $trials --resume)
whole=$(fly --trials $trials -o whole.h5 --force)
verdict an_extension_is_resumed "$([ -n "$after" ] && [ "$after" = "$whole" ] || echo "digests $after, $whole")"
exit 0
