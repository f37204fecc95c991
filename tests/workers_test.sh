#!/bin/sh
# Several runs of one list of scenarios in one folder. With --resume each scenario is flown once and every run succeeds;
# without it the second run is refused. What killed runs left is removed. Shards get names and numbers of their own, and
# a result says how many threads flew it. Needs $ZEM and $SCRATCH.
set -u
. tests/shell/expect.sh
cd "$SCRATCH" || exit 1
unset OMP_NUM_THREADS

# write NAME TRIALS: writes NAME.yaml, a scenario with so many trials in each cell.
write() {
    cat >"$1.yaml" <<YAML
zem: 1
engagement: {kinematics: linear, flight_time: 0.5 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 degree, sigma: 1 degree}}
scoring: {hit_radius: 1 m}
sweep: [{parameter: engagement.flight_time, values: [0.1 s, 0.2 s, 0.5 s]}]
run: {trials: $2}
YAML
}

# Four workers fly twelve scenarios. Exactly one of them reports each result as finished.
mkdir many
cd many || exit 1
for i in 01 02 03 04 05 06 07 08 09 10 11 12; do write "s$i" "30$i"; done
for worker in 1 2 3 4; do
    { "$ZEM" run s*.yaml --resume --threads 1 --json >"$worker.json" 2>"$worker.err"; echo $? >"$worker.code"; } &
done
wait
bad=
for worker in 1 2 3 4; do
    [ "$(cat $worker.code)" -eq 0 ] || bad="worker $worker ended with $(cat $worker.code): $(tail -n 1 $worker.err)"
done
verdict all_workers_end_well "$bad"
cat ./*.json | sed -n '/"event":"finished"/s/^{"scenario":"\([^"]*\)".*/\1/p' | sort >flown
holds each_scenario_is_flown_once test "$(uniq flown | wc -l)" -eq 12 -a "$(wc -l <flown)" -eq 12
holds nothing_else_is_left test -z "$(find . -name '.?*' ! -name . )"
expect a_later_worker_finds_all_complete 0 '' 'is complete already' "$ZEM" run s*.yaml --resume
holds the_table_has_a_line_for_each test "$(grep -c 'yaml  *complete already' "$SCRATCH/err")" -eq 12
cd ..

# A second run of the same output. The first is known to be under way when its checkpoint is written.
write long 1000000000000
"$ZEM" run long.yaml --threads 1 --checkpoint 1 --quiet &
process=$!
await $process test -e .long.h5.checkpoint
expect a_second_run_is_refused 73 '' "long.h5: is being written by another process ([^ ]*, process $process)" \
    "$ZEM" run long.yaml --quiet
expect a_second_worker_leaves_it 0 '' "is left to another process that has begun it ([^ ]*, process $process)" \
    "$ZEM" run long.yaml --resume
kill -9 $process
wait $process 2>/dev/null
touch .long.h5.0123abcd-77.part .long.h5.checkpoint.0123abcd-77.part
touch ..long.h5.checkpoint.0123abcd-77.part .long.h5.mine.part .longer.h5.0123abcd-77.part
"$ZEM" run long.yaml --threads 1 --checkpoint 1 --quiet --resume &
process=$!
await $process test ! -e ..long.h5.checkpoint.0123abcd-77.part -a ! -e .long.h5.0123abcd-77.part
holds files_of_killed_runs_are_removed kill -0 $process
holds other_files_stay test -e .long.h5.mine.part -a -e .longer.h5.0123abcd-77.part
kill -INT $process
wait $process
holds the_killed_run_is_resumed test $? -eq 75

# Names and numbers of shards.
write small 300
for shard in 0 1 2 3; do
    expect "shard_${shard}_has_a_name" 0 '' "small.shard-$shard-of-4.h5: " "$ZEM" run small.yaml --shard $shard/4
done
expect a_task_of_an_array_is_a_shard 0 '' 'small.shard-02-of-12.h5: ' \
    env SLURM_ARRAY_TASK_ID=2 "$ZEM" run small.yaml --shard auto/12
expect an_array_tells_the_number_of_shards 0 '' 'small.shard-1-of-2.h5: ' \
    env SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=1 SLURM_ARRAY_TASK_STEP=1 \
    SLURM_ARRAY_TASK_COUNT=2 "$ZEM" run small.yaml --shard auto
expect no_array_is_refused 64 '' 'no task of an array' \
    env -u PARALLEL_SEQ -u SLURM_ARRAY_TASK_ID "$ZEM" run small.yaml --shard auto
expect shards_are_merged 0 '' anything "$ZEM" merge small.h5 small.shard-?-of-4.h5
expect the_sum_is_the_run 0 '' 'small.h5: is complete already' "$ZEM" run small.yaml --resume

# A run that is killed just after its result has got its name leaves its lock and its checkpoint, which the next run
# removes.
touch .small.h5.lock
expect a_complete_result_is_found 0 '' 'is complete already' "$ZEM" run small.yaml --resume
holds its_lock_is_removed test ! -e .small.h5.lock

# What determines the number of threads, and what the file says of it.
expect threads_follow_openmp 0 '"threads":3,"threads_reason":"OMP_NUM_THREADS"' anything \
    env OMP_NUM_THREADS=3 "$ZEM" run small.yaml --json -o three.h5
expect the_file_says_why 0 'threads  *3 (OMP_NUM_THREADS)' '' "$ZEM" show three.h5
exit 0
