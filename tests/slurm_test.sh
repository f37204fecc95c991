#!/bin/sh
# The scripts of models/cluster/ under Slurm itself. munged, slurmctld and slurmd run on the loopback interface, without
# systemd and with a configuration of their own. The commands of the page models/guide/clusters.md are run as they stand
# there: an array of four shards, two at a time, and a merge that depends on it. During the run one task is preempted
# and another is told that its time limit is near. Both go back to the queue and continue, and the merged result has the
# digest of the unsharded run. Needs $ZEM, and the packages munge, slurmctld, slurmd and slurm-client.
set -u
. tests/shell/expect.sh
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch; do
    if ! command -v $program >/dev/null; then
        echo "skip slurm: no $program; the packages munge, slurmctld, slurmd and slurm-client have it"
        exit 0
    fi
done

# The folder is not in $SCRATCH, because sockets need short names and parents that everybody may enter.
top=$PWD
folder=$(mktemp -d "${TMPDIR:-/tmp}/zem-slurm.XXXXXX") || exit 1
chmod 755 "$folder"
daemons=
# shellcheck disable=SC2086  # one word a process
trap 'kill $daemons 2>/dev/null; wait; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
mkdir "$folder/munge" "$folder/state" "$folder/spool" "$folder/results" "$folder/bin"
export SLURM_CONF="$folder/slurm.conf"

# Find two ports in a row on which nobody listens.
port=$((20000 + $$ % 10000))
while grep -qiE "$(printf ':(%04X|%04X) ' $port $((port + 1)))" /proc/net/tcp; do port=$((port + 2)); done

# The daemons listen on the loopback interface alone if the name of this machine leads to that interface.
loopback=
if getent ahostsv4 "$(uname -n)" | grep -q '^127\.0\.0\.1 '; then
    loopback=CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
fi

# cred_expire=5: a requeued job waits as long as a credential is valid, at least 5 s.
cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
$loopback
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
GresTypes=gpu
NodeName=localhost NodeAddr=127.0.0.1 CPUs=3 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES PriorityTier=1
PartitionName=urgent Nodes=localhost PriorityTier=2
CONF
# Two ordinary devices stand for GPUs.
printf 'NodeName=localhost Name=gpu File=/dev/%s\n' null zero >"$folder/gres.conf"
: >"$folder/cgroup.conf"
# Newer versions of Slurm need this setting to run without control groups; older ones refuse it.
case $(slurmd -V) in *' 2'[0-2].* | *' 23.0'*) ;; *) echo 'CgroupPlugin=disabled' >"$folder/cgroup.conf" ;; esac

# start NAME COMMAND...: starts a daemon in the background, with its output in NAME.out.
start() {
    started=$1
    shift
    "$@" >"$folder/$started.out" 2>&1 </dev/null &
    daemons="$daemons $!"
}

# polled NAME COMMAND...: waits until the command succeeds. Gives up if a daemon has ended, or after five hundred tries,
# which take at least 100 s; ten tries are usual.
polled() {
    polled_name=$1 looks=0
    shift
    until "$@" >"$folder/polled" 2>&1; do
        looks=$((looks + 1))
        # shellcheck disable=SC2086
        if [ $looks -gt 500 ] || ! kill -0 $daemons 2>/dev/null; then
            verdict "$polled_name" "not seen: $(tail -qn 2 "$folder"/*.out "$folder/polled" | tr '\n' ' ')"
            tail -n 20 "$folder"/*.out "$folder"/results/*.log
            timeout 5 scancel --user="$(id -un)"
            exit 0
        fi
        sleep 0.2
    done
    verdict "$polled_name" ''
}

head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 400 "$folder/munge/key"
start munged munged --foreground --key-file="$folder/munge/key" --socket="$folder/munge/socket" \
    --pid-file="$folder/munge/pid" --seed-file="$folder/munge/seed" --log-file="$folder/munge/log"
start slurmctld slurmctld -D -c
start slurmd slurmd -D -N localhost
is_idle() { sinfo -h -o %t | grep -q idle; }
polled slurm_starts is_idle

# The zem that the tasks run uses one thread and writes a checkpoint each second. In their first life the two tasks that
# are interrupted use the slow scalar engine, so that they are in the middle of their work however quick the machine is.
# It also notes the GPU that Slurm gave to the task.
cat >"$folder/bin/zem" <<ZEM
#!/bin/sh
[ "\$1" = run ] || exec "$ZEM" "\$@"
scontrol show job -d "\$SLURM_JOB_ID" |
    awk -v job="JobId=\$SLURM_JOB_ID" '/^JobId/ { own = \$1 == job } own && /GRES=/' >>"$folder/given"
case \${SLURM_ARRAY_TASK_ID-}:\${SLURM_RESTART_COUNT-0} in 0:0 | 1:0) set -- "\$@" --isa scalar ;; esac
exec "$ZEM" "\$@" --device cpu --threads 1 --checkpoint 1 --trials \$(cat "$folder/trials")
ZEM
chmod 755 "$folder/bin/zem"
PATH=$folder/bin:$PATH
cp "$top"/models/cluster/* "$folder/results"
cd "$folder/results" || exit 1

# page_commands: prints the commands that a reader of the page types.
page_commands() {
    awk '/^```/ { on = $0 == "```console slurm"; next } on && sub(/^\$ /, "")' "$top/models/guide/clusters.md"
}
command_of() { page_commands | sed -n "/$1/p"; }
holds the_page_has_the_commands test "$(page_commands | grep -c .)" -eq 4

# Choose the number of trials so that a shard takes two seconds on one thread with the best engine of this machine.
"$ZEM" run weave --trials 200 --threads 1 --device cpu --quiet --json -o "$folder/sized.h5" >"$folder/sized"
sed -n 's/.*"wall_seconds":\([0-9.e+-]*\).*/\1/p' "$folder/sized" | awk '{ print int(200 * 8 / $1) }' >"$folder/trials"
holds the_trials_are_sized grep -qx '[1-9][0-9]*' "$folder/trials"

eval "$(command_of 'zem new')" >"$folder/new" 2>&1
eval "$(command_of 'array=0-3%2 ')"
holds the_array_is_submitted test -n "${job-}"
holds the_merge_is_submitted eval "$(command_of afterok)"

# Wait until both tasks have written a checkpoint, then interrupt them.
most=0
running() {
    now=$(squeue -h -r -n zem -t R -o %K | wc -l)
    [ "$now" -le $most ] || most=$now
}
two_fly() { running; test -e .weave.shard-0-of-4.h5.checkpoint -a -e .weave.shard-1-of-4.h5.checkpoint; }
polled two_tasks_fly two_fly
sbatch --partition=urgent --cpus-per-task=2 --output="$folder/urgent.log" --wrap 'sleep 1' >"$folder/urgent"
preempted() {
    running
    victim=$(squeue -h -r -j "$job" -t PD -o %K | awk '$1 < 2')
    test "$victim" = 0 -o "$victim" = 1
}
polled one_is_preempted_and_requeued preempted
scancel --batch --signal=USR1 "${job}_$((1 - victim))"
merged() { running; test -e weave.h5; }
polled the_sum_appears merged
finished() { test -z "$(squeue -h)"; }
polled the_queue_is_empty finished

verdict two_tasks_at_a_time "$([ $most -eq 2 ] || echo "$most were seen at most")"
for task in 0 1; do
    log=zem-${job}_$task.log
    holds task_${task}_was_stopped_and_not_killed grep -q 'stopped by a signal after [1-9]' "$log"
    holds task_${task}_continued_from_its_checkpoint grep -q 'going on after [1-9][0-9]* trials' "$log"
done
holds one_was_preempted grep -q 'DUE TO PREEMPTION' "zem-${job}_$victim.log"
holds the_other_was_not sh -c '! grep -q "DUE TO PREEMPTION" "$1"' sh "zem-${job}_$((1 - victim)).log"
holds no_checkpoint_is_left test -z "$(find . -name '.?*' ! -name .)"
digest() { sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' "$1"; }
expect the_unsharded_run 0 '"digest":"' '' \
    "$ZEM" run weave.yaml -o whole.h5 --trials "$(cat "$folder/trials")" --quiet --json
whole=$(digest "$SCRATCH/out")
expect the_merged_surface 0 anything '' "$ZEM" show weave.h5 --json
holds the_digests_are_the_same test -n "$whole" -a "$(digest "$SCRATCH/out")" = "$whole"

# The array is submitted again, for GPUs. Each task gets one GPU, and complete shards are left alone.
eval "$(command_of gpus-per-task)"
polled the_second_array_ends finished
holds each_task_is_given_one_gpu test "$(grep -c 'GRES=gpu:1(' "$folder/given")" -eq 4
holds complete_shards_are_left_alone test "$(grep -l 'is complete already' zem-"${gpu_job-}"_*.log | wc -l)" -eq 4

# A missing shard is an error, and gives no surface of fewer trials.
rm weave.shard-2-of-4.h5
expect a_missing_shard_is_an_error 66 '' 'weave.shard-2-of-4.h5: ' sh ./merge_shards.sh weave 4
exit 0
