#!/bin/sh
# One task of a Slurm array: flies one shard of a scenario. Submit it from the folder that gets the results, with the
# resources of one task, the scenario, and options of `zem run` behind it:
#   sbatch --array=0-63 --gpus-per-task=1 slurm_shard.sh weave.yaml --device gpu     # one GPU a task
#   sbatch --array=0-63 --cpus-per-task=8 slurm_shard.sh weave.yaml --device cpu     # a part of a CPU node
#   sbatch --array=0-63%16 --exclusive slurm_shard.sh weave.yaml --device cpu        # whole nodes, 16 at a time
# A task that was preempted or failed is submitted again in the same way; shards that are complete are left alone.
#SBATCH --job-name=zem
#SBATCH --ntasks=1
#SBATCH --requeue
#SBATCH --signal=B:USR1@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%A_%a.log

zem run "$@" --shard auto --resume &

# Both signals make zem write a checkpoint and end with code 75. Slurm sends TERM to every process of a task that is
# preempted, requeued or cancelled, so this script has only to outlive it. USR1 comes to this script alone, two minutes
# before the time limit; the task then goes back to the queue and continues from its checkpoint.
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
