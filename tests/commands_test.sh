#!/bin/sh
# The commands that work on results: merge, verify, diff, doctrine, effects, plot of two, export, report, trace and
# converge. Needs $ZEM and $SCRATCH, where `out` and `err` are of the last command.
set -u
. tests/shell/expect.sh
cd "$SCRATCH" || exit 1

cat >grid.yaml <<'YAML'
zem: 1
title: A <small> grid & more
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, seeker_lag: 0.05 s, filter_lag: 0.1 s,
              autopilot_lag: 0.2 s, acceleration_limit: 20 gravity}
seeker: {glint: 0.02 m2/Hz}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, values: [2 gravity, 6 gravity, 9 gravity]}
  - {parameter: target.period, values: [1 s, 2 s]}
run: {trials: 301, seed: 1}
YAML

run() { "$ZEM" run grid.yaml --quiet --reproducible "$@"; }

run -o whole.h5
run -o other.h5 --seed 2
for shard in 0 1 2; do run --shard $shard/3 -o part$shard.h5; done

# merge
expect merge_of_all_shards_is_0 0 '' '' "$ZEM" merge all.h5 part2.h5 part0.h5 part1.h5 --reproducible --quiet
holds merged_shards_are_the_run_to_the_byte cmp all.h5 whole.h5
expect merge_of_some_shards_says_which 0 '' 'incomplete: shards 0, 2 of 3' "$ZEM" merge some.h5 part2.h5 part0.h5
expect merge_takes_a_merged_file 0 '' '' "$ZEM" merge rest.h5 some.h5 part1.h5 --reproducible --quiet
holds shards_merged_in_turn_are_the_run_too cmp rest.h5 whole.h5
expect merge_refuses_overlap 65 '' 'part0.h5 both hold shard 0' "$ZEM" merge x.h5 some.h5 part0.h5
expect merge_refuses_whole_results 65 '' 'every trial already' "$ZEM" merge x.h5 whole.h5 part0.h5
run --shard 1/3 --seed 2 -o foreign.h5
expect merge_refuses_another_seed 65 '' 'differ in run.seed' "$ZEM" merge x.h5 part0.h5 foreign.h5
run --shard 1/4 -o quarter.h5
expect merge_refuses_another_division 65 '' 'quarter.h5 is of 4 shards, part0.h5 of 3' \
    "$ZEM" merge x.h5 part0.h5 quarter.h5
expect merge_replaces_no_file 73 '' 'exists already' "$ZEM" merge some.h5 part0.h5 part1.h5
expect merge_needs_a_readable_file 66 '' 'absent.h5' "$ZEM" merge x.h5 part0.h5 absent.h5
holds refused_merges_leave_no_file test ! -e x.h5

# verify
expect verify_of_all_cells_is_0 0 '^6 of 6 cells flown again, 1806 trials' '' \
    "$ZEM" verify whole.h5 --all --quiet --isa baseline --threads 1
holds verify_says_what_it_did grep -q '^6 of 6 cells flown again, 1806 trials: every integer is the same' out
expect verify_of_some_shards_is_0 0 '^6 of 6 cells flown again, 1206 trials' '' "$ZEM" verify some.h5 --all --quiet
expect verify_of_a_shard_is_0 0 '^{"cells":2,' '' "$ZEM" verify part1.h5 --cells 2 --quiet --json
holds json_of_verify_says_no_cell_differs grep -q '"cells":2,"trials":200,"different_cells":0' out
expect verify_needs_a_result 65 '' 'no HDF5 file' "$ZEM" verify grid.yaml

# diff
expect diff_of_equal_results_is_0 0 '^all.h5 minus whole.h5, p_hit' '' "$ZEM" diff whole.h5 all.h5
holds diff_sees_equal_bits grep -q 'equal to the bit' out
expect diff_of_two_seeds_is_0 0 '^other.h5 minus whole.h5, p_hit' '' "$ZEM" diff whole.h5 other.h5
holds diff_names_the_seed grep -q 'differ in run.seed' out
# Radii with long names. In every table the columns must begin below their headings.
run -o long.h5 --set "scoring.hit_radius=[0.0000123457 mm, 1 m]" && run -o long2.h5 --seed 2 --set \
    "scoring.hit_radius=[0.0000123457 mm, 1 m]"
"$ZEM" diff long.h5 long2.h5 --lines 12 | awk '/^ *radius/ { on = 1; at = index($0, "first") + 5 }
    on && !NF { exit } on && substr($0, at - 1, 1) == " " { bad = 1 } on && substr($0, at, 1) != " " { bad = 1 }
    END { exit bad || !on }'
verdict columns_of_diff_have_room_for_long_radii "$([ $? -eq 0 ] || echo 'they are shifted')"
"$ZEM" show long.h5 | awk '/^  hit radius/ { on = 1; at = index($0, "largest"); next } on && !NF { exit }
    on && (substr($0, at, 1) !~ /[0-9]/ || substr($0, at - 2, 2) != "  ") { bad = 1 } END { exit bad || !on }'
verdict columns_of_show_have_room_for_long_radii "$([ $? -eq 0 ] || echo 'they are shifted')"
run -o gain.h5 --seed 2 --set interceptor.navigation_gain=2.2
expect diff_of_two_gains_prints_json 0 '^{"first":"whole.h5","second":"gain.h5",' '' "$ZEM" diff whole.h5 gain.h5 --json
holds json_of_diff_says_beyond_chance grep -q '"chance_of_smallest":[0-9.]*e-' out
run -o paired.h5 --set interceptor.navigation_gain=2.9
run -o paired_kept.h5 --set interceptor.navigation_gain=2.9 --samples 301
run -o whole_kept.h5 --samples 301
# differences FILE: prints the differences of a comparison, one per line.
differences() { sed 's/.*"differences":\[//; s/},{/}\n{/g' "$1"; }
expect diff_flies_the_pairs_of_one_seed_again 0 'pairs  *1806, from the trials of both, flown again' '' \
    "$ZEM" diff whole.h5 paired.h5
"$ZEM" diff whole.h5 paired.h5 --json >flown.json
expect diff_takes_the_pairs_that_files_keep 0 'that both files keep' '' \
    "$ZEM" diff whole_kept.h5 paired_kept.h5 --json --pairs-max 0
differences out >kept.list
differences flown.json >flown.list
holds pairs_flown_again_are_those_that_were_kept cmp kept.list flown.list
# More trials of a cell than one thread flies at a time. Pairs that do not give the counts of both files are not used.
run -o many.h5 --trials 40000 && run -o many_paired.h5 --trials 40000 --set interceptor.navigation_gain=2.9
expect pairs_of_many_trials_give_the_counts_of_the_files 0 'pairs  *240000, from the trials of both, flown again' '' \
    "$ZEM" diff many.h5 many_paired.h5 --threads 3
cp out many.list
"$ZEM" diff many.h5 many_paired.h5 --threads 1 >many.alone
holds pairs_do_not_depend_on_the_threads cmp many.list many.alone
holds some_of_the_pairs_differ grep -q '"first_only":[1-9]' flown.list
expect diff_without_pairs_says_so 0 'holds for any dependence' 'flies them again' \
    "$ZEM" diff whole.h5 paired.h5 --pairs-max 5
run -o longer.h5 --trials 5000
expect diff_of_unequal_trials_of_one_seed_finds_nothing 0 '0 of 12 differences are significant' '' \
    "$ZEM" diff whole.h5 longer.h5
holds diff_of_unequal_trials_names_both_tests grep -q "each at half the significance level" out
run -o coarse.h5 --set 'target.roll=1 degree' --set 'scoring.hit_radius=[1 m]'
expect diff_needs_the_same_grid 65 '' 'the hit radii are 0.5, 1 m in the first one and 1 m in the second one' \
    "$ZEM" diff whole.h5 coarse.h5
run -o fewer.h5 --set 'sweep=[{parameter: target.acceleration, values: [2 gravity, 6 gravity, 9 gravity]},
    {parameter: target.period, values: [1 s, 3 s]}]'
expect diff_names_the_points_that_differ 65 '' \
    'differ: target.period has 2 points from 1 to 2 s in the first one and 2 points from 1 to 3 s in the second one$' \
    "$ZEM" diff whole.h5 fewer.h5
run -o period.h5 --set 'sweep=[{parameter: target.period, values: [1 s, 3 s]}]'
expect diff_names_the_axes_that_differ 65 '' \
    'the first one sweeps target.acceleration, target.period and the second one target.period$' \
    "$ZEM" plot whole.h5 period.h5 -o difference.png

# A signal while gnuplot draws. This gnuplot never ends by itself.
mkdir -p slow
printf '#!/bin/sh\necho $$ >%s/drawing\nexec sleep 600\n' "$PWD" >slow/gnuplot
chmod +x slow/gnuplot
for command in 'report whole.h5 -o drawn.html' 'plot whole.h5 -o drawn.png' 'effects whole.h5 -o drawn.svg'; do
    name=${command%% *}
    # shellcheck disable=SC2086  # a list of words
    PATH=$PWD/slow:$PATH "$ZEM" $command >out 2>err &
    await $! test -s drawing
    kill -INT $!
    wait $!
    code=$?
    [ ! -s drawing ] || kill "$(cat drawing)" # gnuplot takes signals as usual, so this ends it
    tries=0
    while kill -0 "$(cat drawing)" 2>/dev/null && [ $tries -lt 100 ]; do tries=$((tries + 1)) && sleep 0.1; done
    ! kill -0 "$(cat drawing)" 2>/dev/null || kill -KILL "$(cat drawing)"
    rm -f drawing
    [ $tries -lt 100 ] || echo "gnuplot does not end by a signal" >>err
    bad=$([ $code = 130 ] && [ $tries -lt 100 ] && grep -q 'stopped by a signal' err \
        || echo "exit code $code: $(cat err)")
    ls .drawn.* >left 2>/dev/null && bad="$bad left: $(tr '\n' ' ' <left)"
    verdict "a_signal_ends_${name}_without_a_file" "$bad"
done

# show, with every axis held
expect show_prints_the_value_of_one_cell 0 '^  0\.[0-9]*  \[0\.[0-9]*, 0\.[0-9]*\]$' '' \
    "$ZEM" show whole.h5 --slice acceleration=6 --slice period=2

# effects, and the picture of a difference
run -o gains.h5 --trials 4000
expect effects_names_every_part 0 'share of the variance' '' "$ZEM" effects gains.h5
expect effects_prints_json 0 '"main_effects"' '' "$ZEM" effects gains.h5 --json
holds json_of_effects_is_json python3 -c 'import json; json.load(open("out"))'
expect effects_refuses_means_without_known_noise 64 '' 'effects of divert_mean cannot be told from noise' \
    "$ZEM" effects gains.h5 --variable divert_mean
for variable in $("$ZEM" effects gains.h5 --variable nope 2>&1 | sed 's/.*there are //; s/,//g'); do
    "$ZEM" effects gains.h5 --variable "$variable" >out 2>err
    code=$?
    echo "$variable" >>variables
    { [ $code = 0 ] || { [ $code = 64 ] && grep -q 'cannot be told from noise' err; } \
        || { [ $code = 65 ] && grep -q 'need a value in every cell' err; }; } || echo "$variable: $code" >>wrong
done
holds effects_knows_or_refuses_every_variable sh -c '[ ! -e wrong ] && [ $(wc -l <variables) -gt 12 ]'
expect effects_needs_a_result 65 '' 'no HDF5 file' "$ZEM" effects grid.yaml
if command -v gnuplot >/dev/null; then
    expect effects_are_drawn 0 'effects on p_hit' '' "$ZEM" effects gains.h5 -o effects.svg
    holds the_picture_of_effects_is_complete grep -q '</svg>' effects.svg
    expect differences_are_drawn 0 '' '' "$ZEM" plot whole.h5 gain.h5 -o difference.svg
    holds the_picture_of_differences_is_complete grep -q 'gain.h5 minus whole.h5' difference.svg
    expect difference_is_of_p_hit 64 '' 'leave --variable' "$ZEM" plot whole.h5 gain.h5 --variable miss_rms -o x.svg
    expect difference_replaces_no_input 73 '' 'gain.h5' "$ZEM" plot whole.h5 gain.h5 -o gain.h5
else
    echo 'skip effects_are_drawn: no gnuplot'
fi

# export
expect export_is_0 0 '^cell,' '' "$ZEM" export whole.h5
holds export_has_a_line_a_cell test "$(wc -l <out)" -eq 7
holds export_has_units grep -q '^cell,acceleration (gravity),period (s),trials,hits\[0.5 m\],' out
holds export_is_rectangular test "$(awk -F, '{ print NF }' out | sort -u | wc -l)" -eq 1
holds exported_trials_add_up test "$(awk -F, 'NR > 1 { n += $4 } END { print n }' out)" -eq 1806
cat >wide.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 0.1 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: 0 degree, heading_error_z: 0.1 degree}
scoring: {hit_radius: 1 m}
sweep:
  - {parameter: interceptor.heading_error_y, from: 0 degree, to: 69 degree, points: 70}
  - {parameter: interceptor.displacement_y, from: 0 m, to: 70 m, points: 71}
run: {trials: 1, seed: 1, step: 0.1 s}
YAML
"$ZEM" run wide.yaml --quiet -o wide.h5
expect export_of_many_cells_is_0 0 '^4969,69,70,' '' "$ZEM" export wide.h5
# Several threads write the rows. Cell k must be in row k, with its own values of the axes.
holds rows_are_in_the_order_of_the_cells test "$(awk -F, 'NR > 1 &&
    ($1 != NR - 2 || $2 != int($1 / 71) || $3 != $1 % 71 || $4 != 1)' out | wc -l)" -eq 0
holds no_row_is_missing test "$(wc -l <out)" -eq 4971
holds every_row_is_whole test "$(awk -F, '{ print NF }' out | sort -u | wc -l)" -eq 1

# report
if command -v gnuplot >/dev/null; then
    expect report_is_0 0 '' '' "$ZEM" report whole.h5 -o page.html
    holds report_escapes_text grep -q 'A &lt;small&gt; grid &amp; more' page.html
    holds report_has_pictures test "$(grep -c '<figure>' page.html)" -eq 5
    digest=$("$ZEM" show whole.h5 --json | sed -n 's/.*"digest": "\([0-9a-f]*\)".*/\1/p')
    holds report_names_the_digest grep -q "$digest" page.html
    expect report_fetches_nothing 1 '' '' grep -oE '(src|href)=.https?:[^ ]*' page.html
else
    echo "skip report_is_0: no gnuplot here"
fi
expect report_needs_an_output 64 '' 'OUT.html' "$ZEM" report whole.h5
expect report_without_gnuplot_is_73 73 '' 'needs gnuplot' env PATH=/nonexistent "$ZEM" report whole.h5 -o none.html
holds failed_report_leaves_nothing test -z "$(find . -name '*none.html*')"

# doctrine
expect doctrine_is_0 0 '^whole.h5: doctrine, hit radius' '' "$ZEM" doctrine whole.h5 --fire 1,1+1 --raid 2
expect doctrine_names_a_bad_list 64 '' '"3x" is no sequence of volleys' "$ZEM" doctrine whole.h5 --fire 2,3x
expect doctrine_of_single_shots_is_0 0 'those of one salvo' '' "$ZEM" doctrine whole.h5 --unit shot --raid 2
expect doctrine_counts_the_shots_of_a_salvo 64 '' '"1+1" needs 2 shots' "$ZEM" doctrine whole.h5 --unit shot --fire 1+1

# trace
expect trace_needs_a_cell 64 '' 'for each of the 2 sweep axes' "$ZEM" trace grid.yaml
expect trace_needs_all_indices 64 '' 'one index for each.*the cell that tables give this number is --cell 1,1$' \
    "$ZEM" trace grid.yaml --cell 3
expect trace_checks_the_range 64 '' 'axis period, which counts from 0 to 1' "$ZEM" trace grid.yaml --cell 0,2
expect trace_refuses_a_trial_not_counted 64 '' 'none of the 301' "$ZEM" trace whole.h5 --cell 0,0 --trial 301
expect trace_refuses_a_trial_of_another_shard 64 '' 'none of the 100' "$ZEM" trace part1.h5 --cell 0,0 --trial 3
expect trace_refuses_a_missing_shot 64 '' 'the salvo has 1 shot' "$ZEM" trace grid.yaml --cell 0,0 --shot 1
expect trace_draws_no_single_trial 64 '' 'go with --ensemble N' "$ZEM" trace grid.yaml --cell 0,0 -o single.png
expect trace_names_the_option_given 64 '' '--seed goes with a scenario' "$ZEM" trace whole.h5 --cell 0,0 --seed 3
expect trace_reads_a_pipe 0 '# outcome' '' sh -c 'cat grid.yaml | "$ZEM" trace /dev/stdin --cell 0,0'
expect trace_of_a_folder_is_66 66 '' 'this is a folder' "$ZEM" trace .
expect trace_of_a_result_is_0 0 '' '' "$ZEM" trace whole.h5 --cell 2,1 --trial 5 -o result.csv
expect trace_of_its_scenario_is_0 0 '' '' "$ZEM" trace grid.yaml --cell 2,1 --trial 5 -o scenario.csv
holds traces_of_result_and_scenario_are_the_same cmp result.csv scenario.csv
expect trace_of_a_result_takes_no_set 64 '' 'goes with a scenario file' \
    "$ZEM" trace whole.h5 --cell 0,0 --set run.seed=3

# converge. The step moves the time at the limit by 45 % of the half-width of its interval, because noise enters and
# leaves the limit many times; --percent 60 allows it.
expect own_step_passes 0 '^Error budget of 2 of 6 cells' '' "$ZEM" converge grid.yaml --quiet --cells 2 --percent 60
holds converge_says_that_the_step_passes grep -q "own step passes" out
expect long_step_is_8 8 '^Error budget of 2 of 6 cells' 'the step is too long' \
    "$ZEM" converge grid.yaml --quiet --cells 2 --trials 3000 --percent 60 --set 'run.step=30 ms' --set run.step_ratio=4
holds converge_advises_a_shorter_step grep -q 'Steps 1/[248]* as long pass: --set "run.step=' out
expect raw_noise_at_a_limit_is_8 8 '^Error budget of 1 of 6 cells' 'the step is too long' \
    "$ZEM" converge grid.yaml --quiet --cells 1 --trials 1000000 --set 'interceptor.filter_lag=0 s'
expect converge_prints_json 0 '^{$' '' "$ZEM" converge grid.yaml --quiet --cells 1 --percent 60 --json
holds json_of_converge_has_the_verdict grep -q '"verdict": "passes"' out
exit 0
