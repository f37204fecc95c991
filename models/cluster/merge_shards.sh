#!/bin/sh
# Merges the shards of the scenario NAME in the current folder into NAME.h5. Usage: merge_shards.sh NAME SHARDS, where
# SHARDS is the number of shards. As a Slurm job that waits until every task of the array JOB has ended without error:
#   sbatch --dependency=afterok:JOB merge_shards.sh weave 64
# The script names every shard, so a missing shard is an error. Otherwise the result would have fewer trials.
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
