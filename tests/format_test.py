#!/usr/bin/env python3
"""Result files of the formats 1 and 2 are read like those of the present format. Every command gives the same output
for all of them, whatever integer type stores the counts, and files of different formats may be merged, compared and
resumed. format_1.h5 was written by the last program that wrote format 1. The other files are made from present ones, so
that they have the present kernel version."""
import os
import pathlib
import shutil

import h5py
import numpy

from python.expect import check, skip, zem

scratch = os.environ["SCRATCH"]
tests = pathlib.Path("tests").resolve()
os.chdir(scratch)

HISTOGRAM = 20  # words of a tally before those of the histogram
NOT_ACQUIRED = 6  # word of a tally that the formats 1 and 2 lack, and then the number of the outcome "no trial"
BEGINNING = """zem: 1
engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 6 gravity}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s,
              heading_error_y: {mean: 0 degree, sigma: 0.5 degree}}
scoring: {hit_radius: [0.5 m, 1 m, 3 m]}
"""
GRID = """sweep:
  - {parameter: target.acceleration, from: 0 gravity, to: 9 gravity, points: 4}
  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 3}
"""
SCENARIOS = {  # name: scenario, integer type of the counts, options of the run
    "narrow": (BEGINNING + GRID + "run: {trials: 200}\n", "uint8", []),
    "salvo": (BEGINNING + GRID + "salvo: {shots: 2, spacing: 0.1 s}\nrun: {trials: 256}\n", "uint16", []),
    "wide": (BEGINNING + "run: {trials: 65536}\n", "uint32", []),
    "samples": (BEGINNING + GRID + "run: {trials: 255}\n", "uint8", ["--samples", "20"]),
}
GNUPLOT = shutil.which("gnuplot") is not None


def run(scenario, path, *options):
    done = zem("run", scenario, "-o", path, "--quiet", "--force", "--device", "openmp", *options)
    check(f"run_of_{path}", done.returncode == 0, done.stderr)


def turn_old(path, old, version=1):
    """Makes a file of format 1 or 2, `old`, from one of the present format."""
    shutil.copy(path, old)
    with h5py.File(old, "r+") as file:
        counts, words = file["miss_counts"][...].astype("u8"), file["tally/totals"][...]
        if version == 1:
            parts = words[:, :HISTOGRAM], counts.reshape(len(words), -1), words[:, HISTOGRAM:]
            words = numpy.concatenate(parts, axis=1)
            del file["miss_counts"]
            file["miss_counts"] = counts
        del file["tally/totals"]
        words = numpy.delete(words, NOT_ACQUIRED, axis=1)
        file.create_dataset("tally/totals", data=words, chunks=(1, 20), compression=4)
        if "sample_outcome" in file:
            outcome = file["sample_outcome"][...]
            file["sample_outcome"][...] = numpy.where(outcome == NOT_ACQUIRED, NOT_ACQUIRED - 1, outcome)
        file.attrs["zem_format"] = numpy.uint64(version)


def digests(path):
    with h5py.File(path) as file:
        return file.attrs["zem_format"], file.attrs["digest"], file.attrs["miss_digest"]


def same_words(name, old, new, *command):
    """Checks that a command prints the same for both files, except for their names."""
    first, second = zem(command[0], old, *command[1:]), zem(command[0], new, *command[1:])
    good = first.returncode == second.returncode == 0 and first.stdout.replace(old, new) == second.stdout
    check(name, good, f"exit codes {first.returncode}, {second.returncode}: {first.stderr}{first.stdout[:300]}")


def same_page(name, old, new, *command):
    for path, output in ((old, "old" + command[-1]), (new, "new" + command[-1])):
        done = zem(command[0], path, "-o", output, *command[1:-1])
        check(f"{name}_of_{path}", done.returncode == 0 and os.path.getsize(output) > 0, done.stderr)
    first, second = (pathlib.Path(end + command[-1]).read_bytes() for end in ("old", "new"))
    check(f"{name}_is_the_same", first.replace(old.encode(), new.encode()) == second)


def every_command(name, old, new):
    for command in (["show"], ["show", "--json"], ["show", "--variable", "miss_quantile"], ["export", "--histogram"],
                    ["verify", "--all", "--quiet"]):
        same_words(f"{name}_{'_'.join(command).replace('--', '')}", old, new, *command)
    if GNUPLOT:
        same_page(f"{name}_report", old, new, "report", ".html")
        same_page(f"{name}_radius", old, new, "plot", "--against", "radius", ".svg")
    done = zem("diff", old, new)
    check(f"{name}_diff", done.returncode == 0 and "equal to the bit" in done.stdout, done.stdout + done.stderr)
    done = zem("trace", old, "--trial", "7", *(["--cell", "1,1"] if name != "wide" else []))
    check(f"{name}_trace", done.returncode == 0, done.stderr)


def the_kept_file():
    """format_1.h5: the histogram and the hits that are read from its totals equal its own variables."""
    kept = str(tests / "format_1.h5")
    done = zem("export", kept, "--histogram")
    check("a_file_of_format_1_is_read", done.returncode == 0, done.stderr)
    rows = [line.split(",") for line in done.stdout.splitlines()]
    with h5py.File(kept) as file:
        counts = file["miss_counts"][...]
        hits = file["hits"][...]
        check("it_is_of_format_1", file.attrs["zem_format"] == 1 and file["tally/totals"].shape == (3, 280))
    first = [i for i, heading in enumerate(rows[0]) if heading.startswith("miss_counts")]
    exported = numpy.array([[int(row[i]) for i in first] for row in rows[1:]])
    check("its_histogram_is_read", (exported == counts).all(), exported)
    first = [i for i, heading in enumerate(rows[0]) if heading.startswith("hits")]
    check("its_hits_are_read", (numpy.array([[int(row[i]) for i in first] for row in rows[1:]]) == hits).all())


def shards():
    """Shards of both formats add up to the whole run. A result of format 1 that is resumed with more trials equals the
    longer run."""
    for number in range(3):
        run("narrow.yaml", f"shard-{number}.h5", "--shard", f"{number}/3")
    turn_old("shard-1.h5", "old-shard-1.h5")
    turn_old("shard-2.h5", "old-shard-2.h5", 2)
    done = zem("merge", "merged.h5", "shard-0.h5", "old-shard-1.h5", "old-shard-2.h5", "--quiet")
    check("shards_of_all_formats_merge", done.returncode == 0 and digests("merged.h5") == digests("narrow.h5"),
          done.stderr)
    for trials, width in ((230, "u1"), (900, "u2")):
        shutil.copy("old-narrow.h5", "extended.h5")
        done = zem("run", "narrow.yaml", "-o", "extended.h5", "--resume", "--quiet", "--trials", str(trials))
        run("narrow.yaml", "longer.h5", "--trials", str(trials))
        with h5py.File("extended.h5") as file:
            kind = file["miss_counts"].dtype
        check(f"a_file_of_format_1_is_extended_to_{trials}_trials",
              done.returncode == 0 and digests("extended.h5") == digests("longer.h5") and kind == width, done.stderr)


def texts():
    """A single text is stored with a fixed length, so that Octave and MATLAB read it. A text that is too long for that,
    and several texts, have a variable length. The program reads all of them."""
    text = BEGINNING + GRID + "title: M\nreferences: [one, two]\nrun: {trials: 20}\n"
    for name, comment in (("short", ""), ("long", "# " + "x" * 70 + "\n")):
        pathlib.Path(f"{name}.yaml").write_text(text + 1000 * comment)
        run(f"{name}.yaml", f"{name}.h5", "--set", "interceptor.autopilot_lag=0.3 s", "--set", "run.confidence=0.9")
        with h5py.File(f"{name}.h5") as file:
            objects = [file, *(file[item] for item in file)]
            kinds = {(item, attribute): h5py.check_string_dtype(item.attrs.get_id(attribute).dtype)
                     for item in objects for attribute in item.attrs if attribute not in
                     ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Dimid")}
            loose = {attribute for (_, attribute), kind in kinds.items() if kind and kind.length is None}
            brief = [attribute for (_, attribute), kind in kinds.items() if kind and kind.length == 1]
            check(f"{name}_texts_are_of_fixed_length", not brief and loose == {"references", "overrides"} | (
                {"scenario"} if comment else set()), f"{loose} {brief}")
            check(f"{name}_title_is_that_of_the_scenario", file.attrs["title"] in (b"M", "M"), file.attrs["title"])
        shown = zem("show", f"{name}.h5")
        good = "interceptor.autopilot_lag=0.3 s" in shown.stdout and ": M\n" in shown.stdout
        check(f"{name}_texts_are_read_again", shown.returncode == 0 and good, shown.stdout + shown.stderr)


the_kept_file()
texts()
for name, (text, kind, options) in SCENARIOS.items():
    pathlib.Path(f"{name}.yaml").write_text(text)
    run(f"{name}.yaml", f"{name}.h5", *options)
    with h5py.File(f"{name}.h5") as file:
        check(f"{name}_counts_are_{kind}", file["miss_counts"].dtype == kind, file["miss_counts"].dtype)
    turn_old(f"{name}.h5", f"old-{name}.h5")
    every_command(name, f"old-{name}.h5", f"{name}.h5")
    turn_old(f"{name}.h5", f"second-{name}.h5", 2)
    for command in (["show"], ["show", "--json"], ["export", "--histogram"], ["verify", "--all", "--quiet"]):
        label = f"{name}_of_format_2_{'_'.join(command).replace('--', '')}"
        same_words(label, f"second-{name}.h5", f"{name}.h5", *command)
same_words("effects", "old-narrow.h5", "narrow.h5", "effects", "--variable", "miss_rms")
if GNUPLOT:
    same_page("map", "old-narrow.h5", "narrow.h5", "plot", ".svg")
    same_page("quantile", "old-narrow.h5", "narrow.h5", "plot", "--variable", "miss_quantile", ".svg")
else:
    skip("pictures", "there is no gnuplot")
shards()
