#!/bin/sh
# zem bench on the deck "small": digests, challenge, JSON by its schema, comparison of results. The speeds that it
# measures are not kept. Needs $ZEM (the program) and $SCRATCH (an empty folder), where `out` and `err` are of the last
# command.
set -u
. tests/shell/expect.sh

top=$PWD
cd "$SCRATCH" || exit 1

json_begins='^{"zem_bench":1,'

# bench OPTION...: measures the deck "small" on the native backend.
bench() {
    "$ZEM" bench --deck small --device openmp --quiet "$@"
}

text_of() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2"
}

expect small_is_valid 0 '^deck small, version [0-9]*, on openmp$' '' bench --repeat 2
holds bench_says_valid_and_why grep -q '^VALID: both digests are those of the deck' out
holds bench_says_engagements_a_second grep -q '^  engagements .*/s median' out
holds bench_says_the_share_of_the_measured_limit grep -q '^  share .*% of that limit in flops' out
holds quiet_bench_writes_nothing_to_standard_error test ! -s err

expect json_is_0 0 "$json_begins" '' bench --repeat 3 --threads 1 --json --machine 'test "machine"'
mv out threads.json
holds json_is_one_line test "$(wc -l <threads.json)" -eq 1
python=
for candidate in /usr/bin/python3 python3; do
    if command -v "$candidate" >/dev/null; then
        python=$candidate
        break
    fi
done
if [ -n "$python" ]; then
    checker=$top/benchmarks/check_schema.py schema=$top/benchmarks/bench.schema.json
    holds json_is_by_the_schema "$python" "$checker" "$schema" threads.json
    sed 's/"gpu":false/"gpu":"no"/' threads.json >wrong.json
    expect schema_refuses_a_wrong_type 1 "gpu: 'no' is no boolean" '' "$python" "$checker" "$schema" wrong.json
    for file in "$top"/benchmarks/results/*.json; do
        case $file in *peers* | *'*'*) continue ;; esac
        holds "recorded_$(basename "$file" .json)_is_by_the_schema" "$python" "$checker" "$schema" "$file"
    done
else
    echo "skip json_is_by_the_schema: no python3"
fi

# The scalar engine does the same work with the same digests.
expect scalar_is_valid 0 "$json_begins" '' bench --isa scalar --repeat 1 --json
mv out scalar.json
digest=$(text_of digest threads.json)
holds scalar_has_the_same_digest test -n "$digest" -a "$(text_of digest scalar.json)" = "$digest"

# A challenge is other work, which recomputing proves. Its digest is the same on every device, and another one for
# another challenge.
expect challenge_is_valid 0 "$json_begins" '' bench --repeat 1 --challenge 271828 --json
mv out challenge.json
challenged=$(text_of digest challenge.json)
holds challenge_is_proved_by_cells grep -q '"proof":"[0-9]* of 16 cells recomputed' challenge.json
holds challenge_has_another_digest test "$challenged" != "$digest"
expect challenge_on_another_engine_is_valid 0 "$json_begins" '' \
    bench --isa baseline --repeat 1 --challenge 271828 --json
holds challenge_gives_one_digest test -n "$challenged" -a "$(text_of digest out)" = "$challenged"
expect other_challenge_is_valid 0 "$json_begins" '' bench --repeat 1 --challenge 271829 --json
holds other_challenge_gives_another_digest test "$(text_of digest out)" != "$challenged"

# Comparison of recorded results.
expect compare_is_0 0 '^deck small$' 'challenge.json: deck small is flown again' \
    "$ZEM" bench --compare threads.json scalar.json challenge.json
holds compare_shows_every_result test "$(grep -c ' VALID ' out)" -eq 3
holds compare_draws_bars grep -q '########' out
sed "s/$digest/$(echo "$digest" | tr 0-9a-f 1-9a-f0)/" threads.json >forged.json
expect forged_digest_is_6 6 '^deck small$' '1 of 2 results are INVALID' "$ZEM" bench --compare forged.json scalar.json
holds forged_digest_is_shown grep -q 'INVALID *its digests are not those of the deck' out
holds compare_shows_the_processor grep -q '1 thread had [0-9.]* % of the processor.*; 20[0-9-]*T' out
expect compare_prints_json 0 '^{"zem_bench_comparison":1,.*"verdict":"VALID","reason":null' '' \
    "$ZEM" bench --compare threads.json --json
sed 's/"valid":true/"valid":false/' threads.json >admitted.json
expect recorded_invalid_is_6 6 '^deck small$' 'INVALID' "$ZEM" bench --compare admitted.json
holds invalid_alone_has_no_bar grep -q " INVALID   recorded as INVALID$" out
# A rate far above that of the valid result, so that its bar would not fit.
sed 's/"repetitions":\[[^]]*/"repetitions":[1e-9,1e-9,1e-9/' admitted.json >boast.json
expect invalid_beside_valid_is_6 6 ' VALID  *########################################$' '1 of 2 results are INVALID' \
    "$ZEM" bench --compare scalar.json boast.json
rows=$(sed -n 's/.* INVALID   //p;s/.* VALID  .*/valid/p' out | tr '\n' ',')
holds invalid_comes_first_and_has_no_bar test "$rows" = 'recorded as INVALID,valid,'
expect compare_and_check_exclude_each_other 64 '' 'exclude each other' "$ZEM" bench --compare a.json --check b.json
expect comparison_of_no_json_is_65 65 '' 'no JSON' "$ZEM" bench --compare "$top/Makefile"
echo '{}' >empty.json
expect comparison_of_other_json_is_65 65 '' 'not a result of zem bench' "$ZEM" bench --compare empty.json
expect comparison_of_a_missing_file_is_66 66 '' 'absent.json' "$ZEM" bench --compare absent.json

# Wrong usage.
expect unknown_deck_is_64 64 '' 'there are small, standard' "$ZEM" bench --deck smal
expect file_without_compare_is_64 64 '' 'files go with --compare' "$ZEM" bench threads.json
expect challenge_must_be_a_number 64 '' '--challenge many' "$ZEM" bench --challenge many
expect repeat_must_not_be_zero 64 '' '--repeat 0' "$ZEM" bench --repeat 0
expect too_many_decks_are_64 64 '' 'takes at most 32 names' "$ZEM" bench --device openmp \
    --deck "$(seq -s , 33 | sed 's/[0-9]\{1,\}/small/g')"
expect unknown_device_is_69 69 '' 'no device is called' "$ZEM" bench --deck small --device abacus
expect full_json_is_74 74 '' 'standard output could not be written' \
    sh -c '"$1" bench --deck small --device openmp --repeat 1 --quiet --json >/dev/full' - "$ZEM"

if "$ZEM" devices | grep -q '^opencl:[0-9:]* *yes'; then
    expect small_on_opencl_is_valid 0 '^deck small, version [0-9]*, on opencl:' anything \
        "$ZEM" bench --deck small --device opencl --repeat 1 --quiet
    # Some drivers print messages of their own. Lines of zem and warnings about its kernels are failures.
    holds small_on_opencl_is_silent sh -c '! grep -Eq "^zem: |warnings? generated" err'
    holds opencl_has_a_measured_limit grep -q '^  limit .*flop/s and .*operations/s measured' out
else
    echo "skip small_on_opencl_is_valid: no OpenCL device here"
fi
exit 0
