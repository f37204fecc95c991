#!/usr/bin/env python3
"""Result files made to do harm: links out of the file, pipes in place of files, sizes that nothing stored explains,
foreign filters, cycles. Each is refused with a documented exit code and a sentence, within the memory that its size
justifies; what is harmless is read. Processor time and memory of the program are limited, so that a hang or an
excess ends as a failure."""
import os
import pathlib
import resource
import shutil
import subprocess

import h5py
import numpy

zem, scratch = os.environ["ZEM"], os.environ["SCRATCH"]
os.chdir(scratch)

SCENARIO = """zem: 1
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 6 gravity}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 9 gravity, points: 5}
  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 6}
run: {trials: 50, seed: 1}
"""
WORDS = 0
MEMORY_MAX = 400 << 20  # bytes in memory; a command on the good file takes 60 MiB
SANITIZED = "san/" in zem


def check(name, good, why=""):
    print(f"ok {name}" if good else f"not ok {name}: {why}")


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def spoken(*arguments):
    """Runs zem and returns what it said, with its exit code; a hang is an exit code of None."""
    try:
        return subprocess.run([zem, *arguments], capture_output=True, text=True, preexec_fn=limit, timeout=120)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, None, "", "hangs")


def hostile(name, change, codes, word):
    """Changes a copy of the good file and has every command read it."""
    path = f"{name}.h5"
    shutil.copy("good.h5", path)
    with h5py.File(path, "r+") as file:
        change(file)
    for command in (["show", path], ["export", path], ["verify", path], ["diff", "good.h5", path],
                    ["merge", "merged.h5", path, "good.h5"], ["trace", path, "--cell", "0,0"],
                    ["run", "good.yaml", "-o", path, "--resume", "--quiet"]):
        done = spoken(*command)
        expected = [73] if command[0] == "run" and 65 in codes else codes
        if command[0] == "merge" and 0 in codes:
            expected = [65]  # neither file is a shard
        good = done.returncode in expected and (done.returncode == 0 or command[0] in ("run", "merge")
                                                or word in done.stderr)
        check(f"{command[0]}_of_{name}", good, f"exit code {done.returncode}: {done.stderr.strip()[:300]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    check(f"memory_of_{name}", SANITIZED or peak < MEMORY_MAX, f"{peak >> 20} MiB")


def replaced(name, make):
    """A change that puts another object in place of NAME."""
    def change(file):
        del file[name]
        make(file)
    return change


def external(file_name):
    return lambda file: file.__setitem__("stop_reason", h5py.ExternalLink(file_name, "/x"))


def claim_cells(file):
    """A scenario of ten million cells, and datasets of that size with nothing in them."""
    text = SCENARIO.replace("points: 5", "points: 3162").replace("points: 6", "points: 3162")
    del file.attrs["scenario"]
    file.attrs["scenario"] = text
    for name in ("stop_reason", "tally/totals"):
        shape, kind = file[name].shape, file[name].dtype
        del file[name]
        shape = (3162, 3162) if name == "stop_reason" else (3162 * 3162, shape[1])
        file.create_dataset(name, shape, kind, chunks=(64, min(64, shape[1])), compression="gzip")


def claim_chunks(file):
    """A dataset whose one chunk is far larger than the file."""
    shape = file["tally/totals"].shape
    del file["tally/totals"]
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_chunk((1 << 16, 1 << 12))
    creation.set_deflate(4)
    space = h5py.h5s.create_simple(shape, (h5py.h5s.UNLIMITED, h5py.h5s.UNLIMITED))
    h5py.h5d.create(file["tally"].id, b"totals", h5py.h5t.STD_U64LE, space, creation)


def store_elsewhere(file):
    del file["stop_reason"]
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_external(b"pipe", 0, 30)
    h5py.h5d.create(file.id, b"stop_reason", h5py.h5t.STD_U8LE, h5py.h5s.create_simple((5, 6)), creation)


def map_elsewhere(file):
    layout = h5py.VirtualLayout((5, 6), "u1")
    layout[...] = h5py.VirtualSource("pipe", "x", (5, 6))
    del file["stop_reason"]
    file.create_virtual_dataset("stop_reason", layout)


def other_filter(file):
    values = file["stop_reason"][...]
    del file["stop_reason"]
    file.create_dataset("stop_reason", data=values, chunks=(5, 6), compression="lzf")


def many_texts(file):
    """One text of 100 kB, counted ten thousand times."""
    del file.attrs["scenario_name"]
    kind = h5py.string_dtype()
    file.attrs.create("overrides", numpy.array(["x" * 1000] * 20000, dtype=object), dtype=kind)
    file.attrs["scenario_name"] = "x"


def wrong_provenance(file):
    del file["run"].attrs["wall_seconds"]
    file["run"].attrs["wall_seconds"] = "long"


def no_provenance(file):
    del file["run"]


def cycle(file):
    file["tally/self"] = file["tally"]
    file["tally/up"] = file["/"]


def soft_cycle(file):
    del file["tally"]
    file["tally"] = h5py.SoftLink("/tally/tally")


def repacked(file):
    """What h5repack does is no attack: other chunks, another level of compression."""
    values = file["tally/totals"][...]
    del file["tally/totals"]
    file.create_dataset("tally/totals", data=values, chunks=(7, 11), compression=9, shuffle=True)


def claim_samples(file):
    file.create_dataset("sample", (1 << 40,), "i8", chunks=(1024,), compression="gzip")


pathlib.Path("good.yaml").write_text(SCENARIO)
done = spoken("run", "good.yaml", "-o", "good.h5", "--quiet", "--threads", "1")
check("a_good_file_is_made", done.returncode == 0, done.stderr)
os.mkfifo("pipe")
shutil.copy("good.h5", "other.h5")

hostile("an_external_link_to_a_pipe", replaced("stop_reason", external("pipe")), [65], "not followed")
hostile("an_external_link_to_a_result", replaced("stop_reason", external("other.h5")), [65], "not followed")
hostile("an_external_group", replaced("tally", lambda f: f.__setitem__("tally", h5py.ExternalLink("pipe", "/"))), [65],
        "not followed")
hostile("external_provenance", replaced("run", lambda f: f.__setitem__("run", h5py.ExternalLink("pipe", "/"))), [65],
        "not followed")
hostile("a_soft_link", replaced("stop_reason", lambda f: f.__setitem__("stop_reason", h5py.SoftLink("/tally"))), [65],
        "not followed")
hostile("a_cycle_of_soft_links", soft_cycle, [65], "not followed")
hostile("values_in_a_pipe", store_elsewhere, [65], "in other files")
hostile("a_virtual_dataset", map_elsewhere, [65], "in other files")
hostile("a_foreign_filter", other_filter, [65], "other means than deflate")
hostile("cells_of_which_nothing_is_stored", claim_cells, [65], "cannot be all of it")
hostile("a_chunk_larger_than_the_file", claim_chunks, [65], "larger than the file can explain")
hostile("samples_of_which_nothing_is_stored", claim_samples, [65], "")
hostile("twenty_thousand_texts", many_texts, [65], "")
hostile("provenance_of_another_type", wrong_provenance, [65], "group run")
hostile("absent_provenance", no_provenance, [0], "")
hostile("a_cycle_of_groups", cycle, [0], "")
hostile("other_chunks", repacked, [0], "")

os.mkfifo(".piped.h5.checkpoint")
done = spoken("run", "good.yaml", "-o", "piped.h5", "--resume", "--quiet", "--device", "openmp")
check("a_pipe_in_place_of_a_checkpoint_is_refused",
      done.returncode == 66 and "checkpoint .piped.h5.checkpoint: cannot be read: it is a" in done.stderr,
      f"exit code {done.returncode}: {done.stderr}")

for name, path in (("a_pipe", "pipe"), ("a_device", "/dev/zero"), ("a_folder", ".")):
    for command in (["show", path], ["diff", "good.h5", path], ["export", path]):
        done = spoken(*command)
        check(f"{command[0]}_of_{name}", done.returncode == 66 and "cannot be read" in done.stderr,
              f"exit code {done.returncode}: {done.stderr}")
