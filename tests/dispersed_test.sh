#!/bin/sh
# Scenarios with dispersed keys, whose trials have parameters of their own. They have the same bits on every engine,
# batch size, device, shard and after a signal; a trial is the same in samples, traces and studies; what cannot be flown
# is refused. Needs $ZEM and $SCRATCH.
set -u
. tests/shell/expect.sh
. tests/shell/opencl_library.sh
cd "$SCRATCH" || exit 1

cat >many.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: {mean: 3 s, sigma: 0.3 s, from: 2 s, to: 4 s}, closing_speed: 4 km/s}
target: {maneuver: step, acceleration: {median: 3 gravity, geometric_sigma: 1.3},
         start: {from: 0 s, to: =engagement.flight_time}}
interceptor: {speed: 1 km/s, seeker_lag: 0.1 s, filter_lag: =interceptor.seeker_lag,
              autopilot_lag: {from: 0.1 s, mode: 0.2 s, to: 0.5 s},
              navigation_gain: {values: [3, 4, 5], weights: [1, 2, 1]},
              displacement_y: {mean: 0 m, sigma: 10 m}, displacement_z: {mean: 0 m, sigma: 10 m}}
scoring: {hit_radius: [1 m, 5 m]}
correlations: [{keys: [interceptor.displacement_y, interceptor.displacement_z], coefficient: 0.6}]
sweep: [{parameter: interceptor.seeker_lag, values: [0.05 s, 0.1 s]}]
run: {trials: 1500, seed: 3}
YAML
digests() { sed -n 's/.*"digest":"\([0-9a-f]*\)","miss_digest":"\([0-9a-f]*\)".*/\1 \2/p' "$1"; }

# Every way of flying gives the digests of the first flight.
expect a_dispersed_scenario_flies 0 '"digest":"' '' "$ZEM" run many.yaml --samples 40 --quiet --json --device cpu
first=$(digests out)
same() {
    same_name=$1
    shift
    "$ZEM" run many.yaml --quiet --json --force -o other.h5 "$@" >other.json 2>other.err
    holds "$same_name" test -n "$first" -a "$(digests other.json)" = "$first"
}
same batches_change_no_bit --device cpu --batch 37 --threads 1
same the_scalar_engine_gives_the_same_bits --device cpu --isa scalar
same the_baseline_engine_gives_the_same_bits --device cpu --isa baseline
same an_audit_finds_no_difference --device cpu --audit 1
if [ -n "$library" ]; then
    same opencl_gives_the_same_bits --device opencl
else
    echo 'skip opencl_gives_the_same_bits: no usable OpenCL device'
fi
for shard in 0 1 2; do
    "$ZEM" run many.yaml --shard $shard/3 -o shard$shard.h5 --quiet --samples 20 --device cpu
done
expect shards_merge_to_the_same_bits 0 anything anything "$ZEM" merge merged.h5 shard0.h5 shard1.h5 shard2.h5
expect the_merged_result_is_the_same 0 'digests *the same' '' "$ZEM" diff many.h5 merged.h5
"$ZEM" run many.yaml --trials 700 -o extended.h5 --quiet --device cpu
expect a_result_is_extended 0 anything '' "$ZEM" run many.yaml -o extended.h5 --resume --quiet --json --device cpu
holds an_extension_has_the_same_bits test "$(digests out)" = "$first"
expect every_cell_and_sample_is_verified 0 'every integer is the same' anything "$ZEM" verify many.h5 --all --device cpu

# A run is stopped by a signal and finished with other batches.
saved() { test -e .long.h5.checkpoint; }
for trials in 50000 500000 5000000; do # with more trials, if the run ended before the signal
    rm -f long.h5 .long.h5.checkpoint
    "$ZEM" run many.yaml -o long.h5 --trials $trials --resume --quiet --checkpoint 1 --threads 1 2>cut.err </dev/null &
    process=$!
    await "$process" saved
    kill -INT "$process" 2>/dev/null
    wait "$process" 2>/dev/null
    ended=$?
    [ "$ended" -eq 0 ] || break
done
holds a_signal_leaves_a_checkpoint test "$ended" -eq 75 -a -s .long.h5.checkpoint
"$ZEM" run many.yaml -o long.h5 --trials $trials --resume --quiet --json --batch 333 >long.json 2>long.err
"$ZEM" run many.yaml -o whole.h5 --trials $trials --quiet --json >whole.json 2>whole.err
holds a_resumed_run_has_the_same_bits test -n "$(digests long.json)" -a "$(digests long.json)" = "$(digests whole.json)"

# A trial is the same in the file, in a trace and in an ensemble.
cat >kept.py <<'PY'
import subprocess, sys, os, xarray
kept = xarray.open_dataset("many.h5")
worst = 0
for cell in (0, 1):
    for trial in (0, 7, 39):
        out = subprocess.run([os.environ["ZEM"], "trace", "many.h5", "--cell", str(cell), "--trial", str(trial)],
                             capture_output=True, text=True, check=True).stdout
        miss = float(next(line.split()[2] for line in out.splitlines() if line.startswith("# miss:")))
        worst = max(worst, abs(miss / float(kept.sample_miss[cell, trial]) - 1))
sys.exit(worst > 1e-8)  # a trace prints nine digits
PY
python=
for candidate in /usr/bin/python3 python3; do
    [ -n "$python" ] || ! "$candidate" -c 'import xarray' 2>/dev/null || python=$candidate
done
if [ -n "$python" ]; then
    holds a_trace_gives_the_miss_of_the_sample "$python" kept.py
else
    echo 'skip a_trace_gives_the_miss_of_the_sample: no Python that has xarray'
fi
expect an_ensemble_flies 0 anything anything "$ZEM" trace many.yaml --cell 1 --ensemble 300 -o ensemble.h5

# The displacement of median 5 m and geometric standard deviation 1.5 is the zero-effort miss of an unguided flight. Its
# mean is 5 exp(ln(1.5)^2/2) = 5.428 m and its standard deviation 2.296 m. The mean of 2,000 trials lies within 0.25 m
# (five standard errors), and 10.4 % lie below 3 m. If trials had the mean parameters of the cell, all would be alike.
cat >unguided.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 4 km/s}
interceptor: {speed: 1 km/s, guidance: none, displacement_y: {median: 5 m, geometric_sigma: 1.5}}
scoring: {hit_radius: 3 m}
run: {trials: 2000}
YAML
"$ZEM" trace unguided.yaml --ensemble 2000 >ensemble.csv 2>/dev/null
holds an_ensemble_has_the_drawn_values \
    awk -F, '/^#/ { next } ++n == 2 { exit !($4 > 5.178 && $4 < 5.678 && $10 > 1.8 && $10 < 2.8) }' ensemble.csv
printf 'title: |\n  Two\n  lines\n' | cat unguided.yaml - >titled.yaml
expect a_title_of_two_lines_is_a_comment 0 '^# title: Two lines$' anything "$ZEM" trace titled.yaml --ensemble 20
expect converge_has_the_drawn_values 0 'p_hit 3 m  *0\.\(09\|1[01]\)' anything \
    "$ZEM" converge unguided.yaml --cells 1 --trials 4000
sed 's/autopilot_lag: {from: 0.1 s, mode: 0.2 s, to: 0.5 s}/autopilot_lag: 0.25 s/' many.yaml >fewer.yaml
"$ZEM" run fewer.yaml --quiet --device cpu
expect a_difference_names_the_key 0 'interceptor.autopilot_lag' anything "$ZEM" diff many.h5 fewer.h5
holds pairs_of_both_are_flown grep -q '^ *pairs  *3000' out

# The lag is the only chance here. It decides which trials change when coarse steps are halved: some of them. With one
# lag for all trials it would be none or all.
cat >coarse.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 6 gravity}
interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: {from: 0.4 s, to: 0.8 s}}
scoring: {hit_radius: 1 m}
run: {trials: 32000, step: 0.5 s, step_ratio: 2}
YAML
expect coarse_steps_are_seen 0 '"step_check":{"trials":96,"gained":\[[1-9]' '' "$ZEM" run coarse.yaml --json --quiet
holds not_all_trials_change test "$(grep -c '"gained":\[96' out)" -eq 0

# --set accepts a distribution, and parts of a distribution can be swept.
expect set_takes_a_distribution 0 'seeker_lag: {mean: 0.1 s, sigma: 0.02 s, from: 0 s, to: 1 s}' '' "$ZEM" check \
    many.yaml --set 'sweep=[]' --set 'interceptor.seeker_lag={mean: 0.1 s, sigma: 0.02 s, from: 0 s, to: 1 s}'
spread='{parameter: target.acceleration.geometric_sigma, from: 1, to: 2, points: 3}'
mode='{parameter: interceptor.autopilot_lag.mode, values: [0.2 s, 0.3 s]}'
expect parts_can_be_swept 0 '' anything "$ZEM" run many.yaml --trials 200 -o swept.h5 --set "sweep=[$spread, $mode]"

# What cannot be flown is refused before the run.
expect a_filter_that_would_know_the_noise_is_refused 65 '' 'seeker.glint: varies from trial to trial, and a Kalman' \
    "$ZEM" check many.yaml --set seeker.estimator=kalman --set 'seeker.glint={from: 0.1 m2/Hz, to: 0.2 m2/Hz}'
expect a_salvo_of_drawn_errors_is_refused 65 '' 'interceptor.displacement_y: every shot of a salvo draws an error' \
    "$ZEM" check many.yaml --set salvo.shots=2
cat >low.yaml <<'YAML'
zem: 1
engagement: {kinematics: point-mass, flight_time: 5 s,
             intercept_altitude: {mean: 10 km, sigma: 4 km, from: 0 km, to: 20 km}}
target: {speed: 2 km/s, flight_path_angle: -30 degree}
interceptor: {speed: 1 km/s, flight_path_angle: 30 degree}
scoring: {hit_radius: 1 m}
run: {trials: 100}
YAML
expect a_start_below_ground_is_found_before_the_run 65 '' \
    'with engagement.intercept_altitude near an end of its distribution.*below ground' "$ZEM" run low.yaml
holds nothing_is_written test ! -e low.h5

# The result has a variable flight_time_mean, so that the axis of the swept mean gets another name.
cat >"$SCRATCH/mean.yaml" <<'END'
zem: 1
engagement: {kinematics: linear, flight_time: {mean: 3 s, sigma: 0.2 s, from: 2 s, to: 4 s}, closing_speed: 4 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: 0.1 degree}
scoring: {hit_radius: 10 m}
sweep: [{parameter: engagement.flight_time.mean, values: [2.5 s, 3.5 s]}]
run: {trials: 50}
END
expect a_swept_mean_flight_time_has_a_name_of_its_own 0 '' '' \
    "$ZEM" run "$SCRATCH/mean.yaml" --quiet --device openmp -o "$SCRATCH/mean.h5"
expect and_the_axis_is_in_the_file 0 'flight_time_mean_2' '' "$ZEM" export "$SCRATCH/mean.h5"

# The warning about an unstable radome. The loop (1 + 0.1 s)(1 + 0.2 s) - k (1 + s) with k = N' Vc R / VM = 16 R is
# stable while k < 0.3, so up to the slope R = 0.01875. Of a normal slope the thousandths at both ends do not count, so
# that it reaches 3.09 sigma.
cat >radome.yaml <<'YAML'
zem: 1
engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}
target: {maneuver: step, acceleration: 5 gravity}
interceptor: {speed: 1 km/s, navigation_gain: 4, autopilot_lag: 0.2 s, seeker_lag: 0.1 s, turning_rate_lag: 1 s}
seeker: {radome_slope: {mean: 0, sigma: 0.0062}}
scoring: {hit_radius: 3 m}
run: {trials: 100}
YAML
expect check_warns_of_slopes_that_are_drawn 0 anything 'radome_slope: .*unstable from a slope of 0\.01875 on' \
    "$ZEM" check radome.yaml
expect check_warns_of_no_slope_below 0 anything '' "$ZEM" check radome.yaml --set "seeker.radome_slope.sigma=0.006"
expect check_warns_of_the_end_of_a_uniform_slope 0 anything 'radome_slope: .*unstable from a slope of 0\.01875 on' \
    "$ZEM" check radome.yaml --set "seeker.radome_slope={from: -0.01, to: 0.019}"
