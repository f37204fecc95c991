#!/bin/sh
# Manual pages (zem help --man). Every command, the program and its two file formats have one. Each page names every
# option, key and variable of the tables, texts are printed unchanged, and man gives no warning.
set -u
. tests/shell/expect.sh

commands=$("$ZEM" help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }')

# rendered PAGE: writes the page as text without line breaks and bold to $SCRATCH/text, and man's warnings to
# $SCRATCH/warned.
rendered() {
    MANROFFOPT=-c MANWIDTH=500 man --warnings=all -l "$1" 2>"$SCRATCH/warned" | col -bx >"$SCRATCH/text"
}

holds commands_were_read test "$(echo "$commands" | wc -l)" -gt 10
expect page_of_no_command_gets_a_suggestion 64 '' 'did you mean "devices"' "$ZEM" help --man devcies
expect form_must_be_known 64 '' '--help=html: text, man' "$ZEM" run --help=html
if ! man --version >/dev/null 2>&1 || ! command -v groff >/dev/null || ! command -v col >/dev/null; then
    echo "skip pages_are_read_by_man: needs man, groff and col"
    exit 0
fi
for command in $commands; do
    expect "page_of/$command" 0 '^.TH "ZEM' '' "$ZEM" help --man "$command"
    cp "$SCRATCH/out" "$SCRATCH/page"
    rendered "$SCRATCH/page"
    verdict "man_warns_of_nothing/$command" "$(head -n 2 "$SCRATCH/warned" | tr '\n' ' ')"
    missing=
    for option in $("$ZEM" "$command" --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort -u); do
        grep -qe "$option" "$SCRATCH/text" || missing="$missing $option"
    done
    verdict "page_has_every_option/$command" "$missing"
    holds "page_has_the_examples/$command" grep -qF "$("$ZEM" "$command" --help | tail -n 1)" "$SCRATCH/text"
done
for page in '' scenario result; do
    expect "page_of/zem$page" 0 '^.TH "ZEM' '' "$ZEM" help --man $page
    cp "$SCRATCH/out" "$SCRATCH/page"
    rendered "$SCRATCH/page"
    verdict "man_warns_of_nothing/zem$page" "$(head -n 2 "$SCRATCH/warned" | tr '\n' ' ')"
    cp "$SCRATCH/text" "$SCRATCH/text-$page"
done
missing=
for key in $("$ZEM" reference | sed -n 's/^## //p; s/^| `\([a-z_]*\)` | .*|.*|.*|.*|.*|.*|$/\1/p'); do
    grep -qw "$key" "$SCRATCH/text-scenario" || missing="$missing $key"
done
verdict page_has_every_key "$missing"
holds page_says_for_which_kinematics_a_key_is_required \
    test "$(tr -s '[:space:]' ' ' <"$SCRATCH/text-scenario" | grep -c 'closing speed; above 0. Required in kine')" -eq 1
holds page_has_the_meaning_of_words \
    grep -q 'an acceleration that swings as a sine in one plane' "$SCRATCH/text-scenario"
holds quotation_marks_come_through grep -qF "effective navigation ratio N'" "$SCRATCH/text-scenario"
missing=
for variable in $(sed -n 's/^| `\([a-z_]*\)` | axes.*/\1/p' models/FILE-FORMAT.md); do
    grep -qw "$variable" "$SCRATCH/text-result" || missing="$missing $variable"
done
verdict page_has_every_variable "$missing"
holds page_has_the_exit_codes grep -q '^ *75 *stopped by a signal' "$SCRATCH/text-"
