#!/bin/sh
# Every fact has one owner. The words of choices stand in host/scenario/choices.h and those of outcomes in
# host/result/outcome.h. No other file of host/ may write these words, enumerate them or compare a choice with a bare
# number. The words are read from the tables, so that a new row is guarded too. Each rule must first fail on a planted
# line.
set -u

top=$PWD
choices=host/scenario/choices.h
outcomes=host/result/outcome.h

# Words that also have another meaning in host/ (no loader, a field of JSON) are not searched for alone. A second list
# of a choice is still found by its other words.
common_words='none|step'

alternatives() { sort -u | paste -s -d '|' -; }

# These print the words of all choices, their keys, the words and names of outcomes, and the names of reasons to stop,
# each as "a|b|c".
choice_words() {
    sed -n 's/^ *X([A-Z_]*, [A-Z_]*, "\([a-z-]*\)".*/\1/p' $choices | grep -vxE "$common_words" | alternatives
}
choice_keys() { sed -n 's/^ *X(\([A-Z_]*\), [a-z_]*).*/\1/p' $choices | alternatives; }
outcome_words() {
    sed -n 's/^ *X(ZEM_OUTCOME_[A-Z_]*, "\([a-z_]*\)", "\([a-z ]*\)".*/\1|\2/p' $outcomes | tr '|' '\n' | alternatives
}
reason_names() {
    sed -n 's/^ *X(ZEM_STOP_[A-Z_]*, "[a-z]*", "\([a-z]* [a-z ]*\)".*/\1/p' $outcomes | alternatives
}

# found OWNER PATTERN [REMOVED]: prints the matches in the files of host/ except OWNER, as "file: match". Comments are
# left out, lines are joined, and matches of REMOVED are deleted first.
found() {
    # shellcheck disable=SC2016  # the program is awk's
    find host -name '*.[ch]' ! -path "$1" | LC_ALL=C sort | LC_ALL=C xargs awk -v pattern="$2" -v removed="${3:-}" '
        function look() {
            if (removed != "") gsub(removed, "", text)
            while (match(text, pattern)) {
                print file ": " substr(text, RSTART, RLENGTH)
                text = substr(text, RSTART + RLENGTH)
            }
        }
        FNR == 1 { if (file != "") look(); file = FILENAME; text = ""; inside = 0 }
        {
            line = $0
            while (line != "") {
                if (inside) {
                    end = index(line, "*/")
                    if (!end) break
                    line = substr(line, end + 2); inside = 0
                }
                begin = index(line, "/*")
                if (!begin) { text = text line; break }
                text = text substr(line, 1, begin - 1); line = substr(line, begin + 2); inside = 1
            }
            text = text " "
        }
        END { look() }'
}

# Finds words of a choice as a text of their own or in a list. The default values in the table of keys are permitted,
# because they are written as a user writes them.
repeated_words() {
    words=$(choice_words)
    found $choices "\"($words)\"|\"([^\"]*[|])?($words)[|][^\"]*\"|\"[^\"]*[|]($words)([|][^\"]*)?\"" \
        'ZEM_CHOICE, "1", "[a-z-]*"'
}

# Finds enumerations of a choice.
repeated_enumerators() { found $choices "enum [a-z_]* *[{]([^}]*[ ,])?(ZEM_)?($(choice_keys))_[A-Z]+"; }

# Finds comparisons of a choice with a bare number.
bare_numbers() { found none "ZEM_KEY_($(choice_keys))[])][a-z.)]* *([=!]=|[<>]=?) *[0-9][0-9.]*"; }

# Finds words and names of outcomes and reasons, alone or in a list.
repeated_outcomes() {
    inside='hit_or_miss|not_closing|time_limit|not_finite'
    found $outcomes "\"($(outcome_words)|$(reason_names))\"|\"[^\"]*($inside)[^\"]*\""
}

# planted NAME RULE FILE LINE: checks that RULE finds more when LINE is appended to host/FILE in a copy.
planted() {
    rm -rf "$SCRATCH/copy"
    mkdir -p "$SCRATCH/copy"
    cp -r "$top/host" "$SCRATCH/copy"
    before=$(cd "$SCRATCH/copy" && $2 | wc -l)
    echo "$4" >>"$SCRATCH/copy/host/$3"
    after=$(cd "$SCRATCH/copy" && $2 | wc -l)
    if [ "$after" -gt "$before" ]; then echo "ok $1"; else echo "not ok $1: not seen"; fi
}

planted a_word_again_is_seen repeated_words view/show.c 'static const char law[] = "ogl";'
planted a_list_of_words_is_seen repeated_words scenario/scenario_check.c 'static const char laws[] = "none|pn";'
planted a_second_enumeration_is_seen repeated_enumerators cell/cell.c 'enum { GUIDANCE_NONE, GUIDANCE_PN };'
planted a_bare_number_is_seen bare_numbers run/trace.c 'int f(value *v) { return v[ZEM_KEY_LETHALITY].first != 0.0; }'
planted a_bare_index_is_seen bare_numbers cell/cell.c 'int f(value *v) { return index(v, ZEM_KEY_MANEUVER) == 2; }'
planted an_outcome_again_is_seen repeated_outcomes view/show.c 'static const char end[] = "time limit";'
planted a_list_of_outcomes_is_seen repeated_outcomes run/trace.c 'static const char ends[] = "passed not_closing";'
planted a_reason_again_is_seen repeated_outcomes view/show.c 'static const char why[] = "precision reached";'

for rule in repeated_words repeated_enumerators bare_numbers repeated_outcomes; do
    seen=$($rule)
    if [ -z "$seen" ]; then
        echo "ok no_$rule"
    else
        echo "not ok no_$rule: $(echo "$seen" | head -n 5 | tr '\n' ';')"
    fi
done

# The description of the file format names every outcome.
missing=
for word in $(sed -n 's/^ *X(ZEM_[A-Z_]*, "\([a-z_]*\)".*/\1/p' $outcomes); do
    grep -qw "$word" models/FILE-FORMAT.md || missing="$missing $word"
done
if [ -z "$missing" ]; then
    echo "ok the_format_page_is_complete"
else
    echo "not ok the_format_page_is_complete:$missing"
fi

# The tables were read: the lists of words are not empty.
count() { tr '|' '\n' | wc -l; }
if [ "$(choice_words | count)" -ge 15 ] && [ "$(choice_keys | count)" -ge 7 ] &&
    [ "$(outcome_words | count)" -ge 9 ] && [ "$(reason_names | count)" -ge 2 ]; then
    echo "ok the_tables_were_read"
else
    echo "not ok the_tables_were_read: $(choice_words); $(choice_keys); $(outcome_words); $(reason_names)"
fi
