#!/bin/sh
# Flies the shards of a scenario with GNU parallel and merges them. The arguments are the scenario, the number of
# shards, the number of shards that run at a time on each machine, and options of `zem run`. The environment variable
# PARALLEL may hold options of GNU parallel:
#   sh parallel_shards.sh weave.yaml 8 2                                                     # on this machine
#   PARALLEL='--sshloginfile machines' sh parallel_shards.sh weave.yaml 64 1 --device gpu    # on the machines of a list
# All machines must be able to read and write the current folder. A shard that fails is tried twice more, on another
# machine if there is one. After an interruption, give the same command again: it continues the shards that are not
# complete.
set -eu
scenario=$1 shards=$2 at_a_time=$3
shift 3
name=$(basename "$scenario" .yaml)
seq 0 $((shards - 1)) | parallel --quote --jobs "$at_a_time" --workdir "$PWD" --retries 3 --termseq TERM,60000,KILL \
    zem run "$scenario" --shard "{}/$shards" --resume "$@"
exec sh "$(dirname "$0")/merge_shards.sh" "$name" "$shards"
