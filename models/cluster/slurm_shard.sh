#!/bin/sh
# A task of a Slurm array, which flies one shard of a scenario. Submit it from the folder in which the results shall be.
# The options of sbatch give the resources of one task. The arguments are the scenario and options of `zem run`:
#   sbatch --array=0-63 --gpus-per-task=1 slurm_shard.sh weave.yaml --device gpu     # one GPU a task
#   sbatch --array=0-63 --cpus-per-task=8 slurm_shard.sh weave.yaml --device cpu     # a part of a CPU node
#   sbatch --array=0-63%16 --exclusive slurm_shard.sh weave.yaml --device cpu        # whole nodes, 16 at a time
# After a failure, submit the same array again: shards that are complete are left as they are, and the others continue.
#SBATCH --job-name=zem
#SBATCH --ntasks=1
#SBATCH --requeue
#SBATCH --signal=B:USR1@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%A_%a.log

zem run "$@" --shard auto --resume &

# The signals TERM and USR1 make zem write a checkpoint and end with code 75. Slurm sends TERM to every process of a
# task that is preempted, requeued or cancelled, zem included. This script ignores TERM and waits for zem. Two minutes
# before the time limit Slurm sends USR1 to this script alone. The script passes USR1 on to zem and puts the task back
# into the queue, and the task continues from its checkpoint.
trap : TERM
trap 'again=yes; kill -USR1 $!' USR1
again=
while kill -0 $! 2>/dev/null; do
    wait $!
    code=$?
done
if [ -n "$again" ] && [ "$code" -eq 75 ]; then
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
