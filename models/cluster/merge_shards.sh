#!/bin/sh
# Merges the shards of a scenario, in the folder of the results. Usage: merge_shards.sh NAME SHARDS. As a Slurm job that
# waits until every task of an array has ended well:
#   sbatch --dependency=afterok:JOB merge_shards.sh weave 64
# Every shard is named, so that one that is missing is an error and does not give a surface from fewer trials.
#SBATCH --job-name=zem-merge
#SBATCH --ntasks=1
#SBATCH --requeue
#SBATCH --output=%x-%j.log
set -eu
name=$1 shards=$2
set --
for shard in $(seq -f "%0${#shards}.0f" 0 $((shards - 1))); do
    set -- "$@" "$name.shard-$shard-of-$shards.h5"
done
exec zem merge "$name.h5" "$@" --force
