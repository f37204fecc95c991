#!/bin/sh
# Flies the shards of a scenario with GNU parallel and merges them: the scenario, the number of shards, the number of
# shards at a time on each machine, and options of `zem run`. Options of parallel come from the variable PARALLEL:
#   sh parallel_shards.sh weave.yaml 8 2                                                     # on this machine
#   PARALLEL='--sshloginfile machines' sh parallel_shards.sh weave.yaml 64 1 --device gpu    # on those of a list
# All machines see this folder. A shard that fails is tried twice more, on another machine if there is one. After an
# interruption the same command goes on, and shards that are complete are left alone.
set -eu
scenario=$1 shards=$2 at_a_time=$3
shift 3
name=$(basename "$scenario" .yaml)
seq 0 $((shards - 1)) | parallel --quote --jobs "$at_a_time" --workdir "$PWD" --retries 3 --termseq TERM,60000,KILL \
    zem run "$scenario" --shard "{}/$shards" --resume "$@"
exec sh "$(dirname "$0")/merge_shards.sh" "$name" "$shards"
