#!/bin/sh
# Limits of form. Lines of source and of prose have at most 120 columns, functions at most 60 lines with their head, C
# files at most 500 lines. No comment ends on a line of its own or only says what it implements. The spelling is
# maneuver. C files are as clang-format 14 writes them. Each rule must first fail on a planted file, and pass at its
# limit.
set -u
. tests/shell/expect.sh

columns=120 function_lines=60 file_lines=500

c_files() {
    find benchmarks host kernels tests -type f \( -name '*.[ch]' -o -name '*.cl' \)
}

sources() {
    c_files
    find .ci -type f
    find benchmarks host kernels tests -type f \( -name '*.cpp' -o -name '*.py' -o -name '*.sh' -o -name '*.awk' \
        -o -name '*.js' -o -name '*.css' -o -name '*.html' \)
    echo Makefile
}

wide_lines() {
    sources | xargs awk -v most=$columns 'length($0) > most { print FILENAME ":" FNR " has " length($0) " columns" }'
}

# Prints wide lines of documents outside tables and blocks of code, which show what the program prints or what to type.
wide_prose() {
    { find host kernels benchmarks models tests -name '*.md' && find . -maxdepth 1 -name '*.md'; } | sed 's|^\./||' |
        xargs awk -v most=$columns 'FNR == 1 { code = 0 } /^ *```/ { code = !code }
            !code && !/^\|/ && length($0) > most { print FILENAME ":" FNR " has " length($0) " columns" }'
}

# Prints functions that are too long. A definition has its brackets in column 0. Its head begins after an empty line, a
# directive, a comment or the end of another declaration.
long_functions() {
    c_files | xargs awk -v most=$function_lines '
        FNR == 1 { start = head = 0 }
        /^\{/ { start = head ? head : FNR }
        /^\}/ {
            if (start && FNR - start + 1 > most) print FILENAME ":" start " has " FNR - start + 1 " lines"
            start = 0
        }
        !start && /^$|^[#}]|[;}\/]$/ { head = 0; next }
        !start && !head { head = FNR }'
}

long_files() {
    c_files | xargs awk -v most=$file_lines 'FNR == most + 1 { print FILENAME " has more than " most " lines" }'
}

# Prints comments whose end stands on a line of its own, which a formatter makes if the last word ends just before the
# last column.
lone_comment_ends() {
    c_files | xargs grep -HnE '^[[:space:]]*\*/[[:space:]]*$'
}

# Prints comments that only say what they implement. The brackets in the pattern keep this file from finding itself,
# here and below.
empty_comments() {
    sources | xargs grep -Hn 'Implementation [o]f'
}

foreign_spellings() {
    { find .ci benchmarks host kernels models tests -type f && find . -maxdepth 1 -type f; } |
        xargs grep -HIin 'mano[e]uv' | sed 's|^\./||'
}

unformatted_lines() {
    c_files | xargs "$formatter" --dry-run 2>&1 | grep 'clang-format' | sed 's/ .*//'
}

# names RULE FILE: writes standard input to FILE in a tree of its own, and succeeds if RULE prints something about FILE.
names() {
    cat >"$SCRATCH/tree/$2"
    (cd "$SCRATCH/tree" && $1) >"$SCRATCH/said"
    rm "$SCRATCH/tree/$2"
    grep -q "^$2" "$SCRATCH/said"
}

# planted NAME RULE FILE: checks that RULE sees the violation on standard input.
planted() {
    if names "$2" "$3"; then verdict "$1" ''; else verdict "$1" 'not seen'; fi
}

# allowed NAME RULE FILE: checks that RULE sees no violation on standard input.
allowed() {
    if names "$2" "$3"; then verdict "$1" "$(head -n 1 "$SCRATCH/said")"; else verdict "$1" ''; fi
}

line_of() { printf "# %$(($1 - 2))s\n" end; }
file_of() { yes '' | head -n "$1"; }
function_of() {
    printf '/* Planted. */\nint planted(int first,\n            int second)\n{\n'
    yes '    first += second;' | head -n $(($1 - 4))
    printf '}\n'
}

for folder in .ci benchmarks host kernels models tests; do
    mkdir -p "$SCRATCH/tree/$folder"
done
cp Makefile .clang-format "$SCRATCH/tree"

for file in host/planted.c kernels/planted.cl tests/planted.sh benchmarks/planted.py host/planted.awk .ci/planted; do
    line_of $((columns + 1)) | planted "a_wide_line_of_${file}_is_seen" wide_lines $file
done
line_of $columns | allowed a_line_as_wide_as_the_limit_is_allowed wide_lines host/planted.c
line_of $((columns + 1)) | planted a_wide_line_of_prose_is_seen wide_prose models/planted.md
line_of $columns | allowed prose_as_wide_as_the_limit_is_allowed wide_prose models/planted.md
printf '```\n%s\n```\n|%s|\n' "$(line_of 130)" "$(line_of 130)" |
    allowed wide_code_and_tables_are_allowed wide_prose models/planted.md
function_of $((function_lines + 1)) | planted a_long_function_is_seen long_functions host/planted.c
function_of $function_lines | allowed a_function_as_long_as_the_limit_is_allowed long_functions host/planted.c
for file in host/planted.c host/planted.h kernels/planted.cl; do
    file_of $((file_lines + 1)) | planted "a_long_file_${file}_is_seen" long_files $file
done
file_of $file_lines | allowed a_file_as_long_as_the_limit_is_allowed long_files host/planted.c
printf '    /* A comment.\n     */\n' | planted a_lone_end_of_a_comment_is_seen lone_comment_ends host/planted.c
printf '/* A comment.\n * It ends here. */\n' | allowed an_end_behind_a_word_is_allowed lone_comment_ends host/planted.c
printf '/* %s of planted.h. */\n' Implementation | planted an_empty_comment_is_seen empty_comments host/planted.c
printf '# Man%sring targets\n' oeuv | planted a_foreign_spelling_is_seen foreign_spellings models/planted.md
printf '# Maneuvering targets\n' | allowed the_spelling_of_the_keys_is_allowed foreign_spellings models/planted.md

for rule in wide_lines wide_prose long_functions long_files lone_comment_ends empty_comments foreign_spellings; do
    verdict "there_are_no_$rule" "$($rule | cut -c 1-100 | head -n 5 | tr '\n' ';')"
done
holds the_sources_were_read test "$(sources | wc -l)" -gt 300

formatter=
for candidate in clang-format-14 clang-format; do
    case $("$candidate" --version 2>/dev/null) in *'version 14.'*) formatter=$candidate && break ;; esac
done
if [ -z "$formatter" ]; then
    echo "skip there_are_no_unformatted_lines: no clang-format 14 here, and other versions format differently"
    exit 0
fi
for file in host/planted.c host/planted.h kernels/planted.cl; do
    echo 'int  planted;' | planted "an_unformatted_line_of_${file}_is_seen" unformatted_lines $file
done
echo 'int planted;' | allowed a_formatted_line_is_allowed unformatted_lines host/planted.c
verdict there_are_no_unformatted_lines "$(unformatted_lines | head -n 5 | tr '\n' ';')"

# `make format` mends every file that the rule of formatting names.
cd "$SCRATCH/tree" || exit 1
for folder in benchmarks host kernels tests; do
    for ending in c h cl; do echo 'int  planted;' >"$folder/planted.$ending"; done
done
holds unformatted_lines_are_seen_everywhere test "$(unformatted_lines | wc -l)" -eq 12
holds make_format_runs make --no-print-directory format
verdict make_format_mends_what_is_seen "$(unformatted_lines | tr '\n' ';')"
