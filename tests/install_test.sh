#!/bin/sh
# `make install` and `make uninstall`. The installed program works without the source tree, installed pages link only to
# installed files, and nothing is left behind. Needs a release build.
set -u
. tests/shell/expect.sh

root=$SCRATCH/root program=$SCRATCH/root/usr/bin/zem
if [ "$ZEM" != "$PWD/build/zem" ]; then
    echo "skip install: make install takes the release build"
    exit 0
fi

# Prints the links of installed pages that lead to nothing.
dead_links() {
    find "$root" -name '*.md' | sort | while read -r page; do
        grep -oE '\]\([^):#]+' "$page" | cut -c3- | while read -r link; do
            [ -e "$(dirname "$page")/$link" ] || echo "${page##*/} links to $link"
        done
    done
}

holds install_succeeds env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory install DESTDIR="$root" PREFIX=/usr
holds pages_are_installed test -s "$root/usr/share/zem/models/guide/tutorial.md"
holds cluster_scripts_are_installed test -x "$root/usr/share/zem/models/cluster/slurm_shard.sh" \
    -a -s "$root/usr/share/zem/models/cluster/condor_shards.dag" -a -s "$root/usr/share/zem/models/guide/clusters.md"
holds manuals_are_installed test -s "$root/usr/share/man/man1/zem-run.1" -a -s "$root/usr/share/man/man5/zem-scenario.5"
holds completions_are_installed test -s "$root/usr/share/bash-completion/completions/zem" \
    -a -s "$root/usr/share/zsh/site-functions/_zem" -a -s "$root/usr/share/fish/vendor_completions.d/zem.fish"
verdict installed_pages_link_to_what_is_installed "$(dead_links | head -n 5 | tr '\n' ';')"
holds installed_pages_have_links grep -q '](../../zem/models/guide/README.md)' "$root/usr/share/doc/zem/README.md"
echo 'See [this](absent.md).' >"$root/usr/share/doc/zem/planted.md"
holds a_dead_link_is_seen test -n "$(dead_links)"
awk -f .ci/installed_links.awk "$root/usr/share/doc/zem/planted.md" >"$SCRATCH/stripped"
holds a_dead_link_becomes_its_text grep -qx 'See this.' "$SCRATCH/stripped"

cd "$SCRATCH" || exit 1
expect installed_program_runs_an_example 0 '"file":"first.h5"' '' "$program" run first --quiet --json --trials 100
expect installed_program_writes_a_scenario 0 '' 'study.yaml' "$program" new study
holds new_scenario_names_the_installed_schema \
    grep -qx "# yaml-language-server: \$schema=$root/usr/share/zem/models/scenario.schema.json" study.yaml
cd "$OLDPWD" || exit 1

holds uninstall_succeeds env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory uninstall DESTDIR="$root" PREFIX=/usr
verdict uninstall_leaves_no_file "$(find "$root" ! -type d | head -n 5 | tr '\n' ' ')"
