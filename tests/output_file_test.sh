#!/bin/sh
# The outputs of every command that writes one. An output is complete or not there, and after a failure the old one is
# kept. Inputs, links and devices are not replaced. Names and titles of any content reach gnuplot, pages, tables and the
# terminal as text only. Needs $ZEM and $SCRATCH, where `out` and `err` are of the last command.
set -u
. tests/shell/expect.sh
cd "$SCRATCH" || exit 1

# If the title and the name of the file were more than text, they would clear the screen, run a command, and begin an
# element and a row.
cat >grid.yaml <<'YAML'
zem: 1
title: "it's `touch pwned` \e[2J <script>alert(1)</script> @x \u202e reversed"
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 6 gravity}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, values: [2 gravity, 6 gravity, 9 gravity]}
  - {parameter: interceptor.navigation_gain, values: [3, 4]}
run: {trials: 50, seed: 1}
YAML
escape=$(printf '\033')
evil="a$escape[31m
,=1+1"
cp grid.yaml "$evil.yaml"
expect a_run_with_a_hostile_name_is_0 0 '' '31m.x0a,=1+1.yaml: using' "$ZEM" run "$evil.yaml" -o grid.h5
controls() { LC_ALL=C grep -c "$escape" "$1" | grep -vx 0; }
expect_no_controls() { verdict "$1" "$(controls err; controls out)"; }
expect_no_controls a_run_prints_no_control_characters
cp grid.h5 "$evil.h5"
expect show_of_a_hostile_name_is_0 0 'x1b.31m.x0a,=1+1.h5' '' "$ZEM" show "$evil.h5"
expect_no_controls show_prints_no_control_characters
expect diff_of_hostile_names_is_0 0 'x1b.31m.x0a,=1+1.h5 minus' '' "$ZEM" diff grid.h5 "$evil.h5"
expect_no_controls diff_prints_no_control_characters
expect a_failure_names_the_file 66 '' 'x1b.31m: ' "$ZEM" show "absent$escape[31m"
expect_no_controls a_failure_prints_no_control_characters
expect trace_of_a_hostile_name_is_0 0 '^# a.x1b.31m.x0a,=1+1.yaml, ' '' "$ZEM" trace "$evil.yaml" --cell 0,0
holds a_name_begins_no_row_of_a_trace test -z "$(grep '^,=' out)"
expect_no_controls trace_prints_no_control_characters

# refused NAME OUTPUT COMMAND...: checks that the command ends with 73 and leaves OUTPUT as it was.
refused() {
    refused_name=$1 refused_output=$2
    shift 2
    ls -di "$refused_output" >before
    expect "$refused_name" 73 '' 'not replaced' "$@"
    holds "${refused_name}_and_kept" sh -c "ls -di '$refused_output' | cmp - before && cmp grid.h5 kept.h5"
}
cp grid.h5 kept.h5
ln grid.h5 hard.png
ln -s grid.h5 soft.csv
ln -s nowhere dangling.html
mkfifo pipe.csv
ln -s grid.h5 link.h5
refused trace_replaces_no_input grid.h5 "$ZEM" trace grid.h5 --cell 0,0 -o grid.h5
refused trace_replaces_no_scenario grid.yaml "$ZEM" trace grid.yaml --cell 0,0 -o ./grid.yaml
refused report_replaces_no_input grid.h5 "$ZEM" report grid.h5 -o grid.h5
refused plot_replaces_no_input_by_another_name hard.png "$ZEM" plot grid.h5 -o hard.png
refused trace_follows_no_link soft.csv "$ZEM" trace grid.yaml --cell 0,0 -o soft.csv
refused report_follows_no_dangling_link dangling.html "$ZEM" report grid.h5 -o dangling.html
refused trace_waits_for_no_pipe pipe.csv "$ZEM" trace grid.yaml --cell 0,0 -o pipe.csv
refused run_replaces_no_scenario grid.yaml "$ZEM" run grid.yaml -o grid.yaml --force
refused run_replaces_no_link link.h5 "$ZEM" run grid.yaml -o link.h5 --force
refused merge_replaces_no_part grid.h5 "$ZEM" merge grid.h5 grid.h5 kept.h5 --force
if mknod device.html c 1 3 2>/dev/null; then # its own, so that a wrong program cannot replace the machine's
    refused report_replaces_no_device device.html "$ZEM" report grid.h5 -o device.html
else
    echo "skip report_replaces_no_device: device nodes cannot be made here, which needs root"
fi
expect a_folder_is_no_output 73 '' 'is a folder' "$ZEM" run grid.yaml -o . --force
expect an_output_in_no_folder_is_73 73 '' 'folder nowhere does not exist' "$ZEM" trace grid.yaml --cell 0,0 -o nowhere/t
expect an_output_where_no_file_can_be_is_73 73 '' 'folder /proc takes no new files' \
    "$ZEM" trace grid.yaml --cell 0,0 -o /proc/t

# Simulates a disk that is full after 12 KiB, by the shell's limit on the size of a file, with its signal ignored.
on_small_disk() { (trap '' XFSZ; ulimit -f 24; "$@"); }
# full NAME OUTPUT COMMAND...: checks that the command ends with 74, keeps the old output, and leaves no other file.
full() {
    full_name=$1 full_output=$2
    shift 2
    echo good >"$full_output"
    expect "$full_name" 74 '' "$full_output: .*" on_small_disk "$@"
    holds "${full_name}_and_the_old_file_kept" sh -c "echo good | cmp - '$full_output'"
}
full trace_on_a_full_disk_is_74 full.csv "$ZEM" trace grid.yaml --cell 0,0 -o full.csv --set 'run.step=0.5 ms'

if command -v gnuplot >/dev/null; then
    full plot_on_a_full_disk_is_74 full.png "$ZEM" plot grid.h5 -o full.png
    full report_on_a_full_disk_is_74 full.html "$ZEM" report grid.h5 -o full.html
    number=0
    for folder in '|touch pwned;' 'a"b`touch pwned`' "it's" '$(touch pwned)' "$evil"; do
        mkdir -p "$folder"
        number=$((number + 1))
        expect "a_picture_in_hostile_folder_${number}_is_0" 0 '' '' "$ZEM" plot grid.h5 -o "$folder/r.png"
        holds "it_is_whole_in_hostile_folder_$number" test -s "$folder/r.png"
    done
    for kind in svg pdf; do
        expect "a_hostile_title_in_${kind}_is_0" 0 '' '' "$ZEM" plot grid.h5 -o "$evil.$kind"
    done
    holds no_element_begins_in_a_picture sh -c "! grep -q '<script' '$evil.svg'"
    expect report_of_a_hostile_title_is_0 0 '' '' "$ZEM" report "$evil.h5" -o page.html
    holds no_element_begins_in_a_page sh -c '! grep -q "<script>alert" page.html'
    holds no_control_character_is_in_a_page sh -c "! LC_ALL=C grep -q '$escape' page.html"
    holds no_name_or_title_was_run test -z "$(find . -name '*pwned*' ! -name '|*' ! -name 'a"*' ! -name '$*')"

    # A gnuplot whose picture lacks its last bytes, and that reports no error, as on a full disk.
    mkdir -p bin
    printf '#!/bin/sh\n"%s" "$@" | head -c -20\n' "$(command -v gnuplot)" >bin/gnuplot
    chmod +x bin/gnuplot
    for kind in png svg pdf; do
        echo good >"cut.$kind"
        expect "a_cut_${kind}_is_74" 74 '' "cut.$kind: gnuplot wrote an incomplete picture" \
            env PATH="$SCRATCH/bin:$PATH" "$ZEM" plot grid.h5 -o "cut.$kind"
        holds "a_cut_${kind}_replaces_nothing" sh -c "echo good | cmp - cut.$kind"
    done
else
    echo "skip pictures: no gnuplot here"
fi
holds no_temporary_file_is_left test -z "$(find . -name '.*.part' -o -name '.*.svg')"
exit 0
