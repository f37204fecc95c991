#!/bin/sh
# The scripts of models/cluster/ for GNU parallel and HTCondor, with a merge of all shards and with a shard missing.
# slurm_test.sh tests those for Slurm. The command of the page models/guide/clusters.md is run as it stands there.
# HTCondor is not in Debian, so that its files are expanded here, macro by macro, into command lines, which run one
# after the other. Needs $ZEM and $SCRATCH, and the package parallel for a part.
set -u
. tests/shell/expect.sh
page=$PWD/models/guide/clusters.md
mkdir "$SCRATCH/results" "$SCRATCH/bin"
cp models/cluster/* "$SCRATCH/results"
cd "$SCRATCH/results" || exit 1
unset PARALLEL OMP_NUM_THREADS

# The zem that the scripts run flies few trials. If the file `fail` exists, it fails once, with shard 3.
cat >"$SCRATCH/bin/zem" <<ZEM
#!/bin/sh
[ "\$1" = run ] || exec "$ZEM" "\$@"
case "\$*" in *' 3/8 '*) if rm "$SCRATCH/fail" 2>/dev/null; then echo 'zem: failed on purpose' >&2; exit 70; fi ;; esac
exec "$ZEM" "\$@" --trials 500 --threads 1
ZEM
chmod 755 "$SCRATCH/bin/zem"
PATH=$SCRATCH/bin:$PATH
digest() { sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' "$1"; }
same_digest() { "$ZEM" show "$1" --json >"$1.json" && test -n "$whole" -a "$(digest "$1.json")" = "$whole"; }

expect a_scenario 0 anything anything "$ZEM" new weave --example step
expect the_undivided_run 0 '"digest":"' '' "$ZEM" run weave.yaml -o whole.h5 --trials 500 --quiet --json
whole=$(digest "$SCRATCH/out")

# HTCondor. The variables are those of the line VARS, but with four shards.
#
# expand FILE PROCESS: prints "executable arguments" of a submit description, and then the number of its jobs.
expand() {
    sed -n 's/^VARS ALL_NODES //p' condor_shards.dag | grep -o '[a-z]*="[^"]*"' | tr -d '"' |
        sed 's/^shards=.*/shards=4/' | awk -v process="$2" '
        NR == FNR { key = $0; sub(/=.*/, "", key); value[key] = substr($0, length(key) + 2); next }
        /^[a-z_]+ = / { key = $1; sub(/^[a-z_]+ = /, ""); command[key] = $0 }
        /^queue/ { command["queue"] = NF > 1 ? $2 : 1 }
        function expanded(text,   macro, name, fallback) {
            value["Process"] = process
            while (match(text, /\$\([A-Za-z]+(:[^)]*)?\)/)) {
                macro = name = substr(text, RSTART + 2, RLENGTH - 3)
                fallback = ""
                if (sub(/:.*/, "", name)) fallback = substr(macro, length(name) + 2)
                text = substr(text, 1, RSTART - 1) (name in value ? value[name] : fallback) \
                    substr(text, RSTART + RLENGTH)
            }
            return text
        }
        END { gsub(/"/, "", command["arguments"]); print expanded(command["executable"] " " command["arguments"])
              print expanded(command["queue"]) }' - "$1"
}
holds the_merge_follows_the_shards grep -qx 'PARENT shards CHILD merge' condor_shards.dag
holds there_is_a_job_for_each_shard test "$(expand condor_shards.sub 0 | tail -n 1)" = 4
for process in 0 1 2 3; do
    # shellcheck disable=SC2046
    expect condor_job_$process 0 '' "weave.shard-$process-of-4.h5: " $(expand condor_shards.sub $process | head -n 1)
done
# shellcheck disable=SC2046
expect condor_merges 0 '' 'weave.h5: ' sh $(expand condor_merge.sub 0 | head -n 1)
holds the_sum_is_the_undivided_run same_digest weave.h5

# With a shard missing the script fails; a merge by hand gives a surface of fewer trials.
rm weave.h5 weave.shard-1-of-4.h5
expect a_missing_shard_is_an_error 66 '' 'weave.shard-1-of-4.h5: ' sh merge_shards.sh weave 4
holds an_error_leaves_no_surface test ! -e weave.h5

if ! parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
    echo "skip parallel: no GNU parallel; the package parallel has it"
    exit 0
fi
command=$(awk '/^```/ { on = $0 == "```console cluster"; next } on && sub(/^\$ /, "")' "$page")
: >"$SCRATCH/fail"
expect the_command_of_the_page 0 anything 'weave.h5: ' sh -c "$command"
holds a_shard_that_failed_was_tried_again test ! -e "$SCRATCH/fail" -a -e weave.shard-3-of-8.h5
holds the_parallel_sum_is_the_undivided_run same_digest weave.h5
rm weave.shard-5-of-8.h5
expect the_same_command_goes_on 0 anything 'weave.shard-5-of-8.h5: ' sh -c "$command"
holds complete_shards_are_left_alone test "$(grep -c 'is complete already' "$SCRATCH/err")" -eq 7
exit 0
