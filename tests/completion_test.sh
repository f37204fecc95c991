#!/bin/sh
# Completion of the command line: what bash, zsh and fish propose with the scripts of zem help --completion.
set -u
. tests/shell/expect.sh

for shell in bash zsh fish; do
    expect "script_for/$shell" 0 "$shell completion of zem" '' "$ZEM" help --completion $shell
    cp "$SCRATCH/out" "$SCRATCH/zem.$shell"
done
expect other_shells_have_none 64 '' '--completion csh: bash, zsh or fish' "$ZEM" help --completion csh
mkdir "$SCRATCH/models"
cd "$SCRATCH" || exit 1
: >study.yaml
: >study.h5
: >notes.txt

# Prints what bash proposes for the last of the words.
cat >ask.bash <<'BASH'
. ./zem.bash
compopt() { :; } # the compopt of bash works only while a user types
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_zem
echo "${COMPREPLY[*]}"
BASH

# proposes NAME SHELL LIST WORD...: checks that the shell proposes exactly LIST for the last word.
proposes() {
    name=$1 shell=$2 list=$3
    shift 3
    case $shell in
        bash) got=$(bash ask.bash "$@") ;;
        fish) got=$(fish -c "source zem.fish; complete -C '$*'" | cut -f 1 | tr '\n' ' ' | sed 's/ $//') ;;
    esac
    if [ "$got" = "$list" ]; then verdict "$name/$shell" ''; else verdict "$name/$shell" "\"$got\", not \"$list\""; fi
}

for shell in bash fish; do
    if ! command -v $shell >/dev/null; then
        echo "skip $shell: is not installed"
        continue
    fi
    proposes commands $shell 'show' zem sh
    proposes long_options $shell '--device' zem run models --dev
    proposes examples $shell 'weave' zem run we
    proposes devices $shell 'openmp' zem run x --device openm
    proposes keys $shell 'target.period=' zem run x --set target.pe
    proposes variables $shell 'miss_rms' zem plot x --variable miss_r
    proposes variables_that_are_drawn_alone $shell 'saturated_fraction' zem plot x --variable sa
    proposes interval_methods $shell 'wilson' zem run x --interval w
    proposes words_of_an_option $shell 'half-width' zem plot x --panel half
    proposes commands_for_help $shell 'converge' zem help conv
    proposes example_to_copy $shell 'weave' zem new --example wea
done
if command -v bash >/dev/null; then
    proposes folders bash 'models' zem run mod
    proposes scenarios bash 'study.yaml' zem run stu
    proposes results bash 'study.h5' zem show stu
    proposes scenarios_and_results bash 'study.yaml study.h5' zem trace stu
    proposes outputs bash 'notes.txt' zem plot study.h5 -o not
    proposes nothing_for_numbers bash '' zem run x --seed ''
    # bash divides words at the equals sign.
    proposes value_in_the_same_word bash 'openmp' zem run x --device = openm
    proposes all_values_in_the_same_word bash 'screen print' zem plot x --format =
    proposes nothing_after_a_key bash '' zem run x --set target.maneuver = s
fi
# zsh completes only while a user types. Its _arguments and _describe are therefore replaced by functions that print
# their arguments.
if command -v zsh >/dev/null; then
    holds script_is_read/zsh zsh -n zem.zsh
    cat >ask.zsh <<'ZSH'
_arguments() { print -rl -- "$@" }
_describe() { print -rl -- $commands }
words=(zem "$@") CURRENT=$(($# + 1))
. ./zem.zsh
ZSH
    holds commands_have_a_text/zsh sh -c "zsh -f ask.zsh ru | grep -qF ':command:_zem_commands'"
    zsh -f ask.zsh run '' >specs
    holds options_have_a_text/zsh grep -qxF -e '--seed=[replaces run.seed]:N: ' specs
    holds options_have_both_forms/zsh grep -qF -e '(-o --output)-o[' specs
    holds repeated_options_are_marked/zsh grep -qF -e '*--set=[' specs
    holds keys_are_completed/zsh grep -qF ':KEY=VALUE:_zem_key' specs
    holds brackets_are_escaped/zsh sh -c "! zsh -f ask.zsh plot '' | grep -E '\[[^]]*[^\\]\[.*\]'"
else
    echo "skip zsh: is not installed"
fi
