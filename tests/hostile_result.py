#!/usr/bin/env python3
"""Result files made to do harm: links out of the file, pipes in place of files, sizes larger than the stored bytes can
hold, filters other than deflate, cycles. The program must refuse each with a documented exit code and a sentence, and
use no more memory than the size of the file justifies. Changes that do no harm must be read. Processor time and memory
of the program are limited, so that a hang or an excess fails the test."""
import os
import pathlib
import resource
import shutil
import subprocess

import h5py
import numpy

from python.expect import ZEM, check

scratch = os.environ["SCRATCH"]
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
SANITIZED = "san/" in ZEM


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def spoken(*arguments):
    """Runs zem and returns the completed process. The exit code is None if the program hangs."""
    try:
        return subprocess.run([ZEM, *arguments], capture_output=True, text=True, preexec_fn=limit, timeout=120)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, None, "", "hangs")


def hostile(name, change, codes, word):
    """Applies `change` to a copy of the good file and lets every command read it. The exit code must be in `codes`, and
    a refusal must contain `word`."""
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
            expected = [65]  # merge refuses it, because neither file is a shard
        good = done.returncode in expected and (done.returncode == 0 or command[0] in ("run", "merge")
                                                or word in done.stderr)
        check(f"{command[0]}_of_{name}", good, f"exit code {done.returncode}: {done.stderr.strip()[:300]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    check(f"memory_of_{name}", SANITIZED or peak < MEMORY_MAX, f"{peak >> 20} MiB")


def hostile_counts(name, change, codes, word):
    """Calls `hostile` for each of the two datasets of integers from which everything else is computed."""
    for dataset in ("miss_counts", "tally/totals"):
        hostile(f"{name}_as_{dataset.replace('/', '_')}", lambda file: change(file, dataset), codes, word)


def replaced(name, make):
    """Returns a change that deletes the object `name` and lets `make` put another one in its place."""
    def change(file):
        del file[name]
        make(file)
    return change


def external(file_name):
    return lambda file: file.__setitem__("stop_reason", h5py.ExternalLink(file_name, "/x"))


def claim_cells(file):
    """Claims a scenario of ten million cells, with datasets of that size in which nothing is stored."""
    text = SCENARIO.replace("points: 5", "points: 3162").replace("points: 6", "points: 3162")
    del file.attrs["scenario"]
    file.attrs["scenario"] = text
    for name in ("stop_reason", "miss_counts", "tally/totals"):
        shape, kind = file[name].shape, file[name].dtype
        del file[name]
        shape = (3162 * 3162, shape[1]) if name == "tally/totals" else (3162, 3162, *shape[2:])
        file.create_dataset(name, shape, kind, chunks=(1, *(min(64, n) for n in shape[1:])), compression="gzip")


def claim_nothing(file, name):
    """Replaces a dataset by one of the right shape and type in which nothing is stored."""
    shape, kind = file[name].shape, file[name].dtype
    del file[name]
    file.create_dataset(name, shape, kind, chunks=shape, compression="gzip")


def claim_chunks(file, name):
    """Replaces a dataset by one whose only chunk is far larger than the file."""
    shape = file[name].shape
    del file[name]
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_chunk((1 << 16, 1 << 12) if len(shape) == 2 else (1 << 8, 1 << 8, 1 << 12))
    creation.set_deflate(4)
    space = h5py.h5s.create_simple(shape, (h5py.h5s.UNLIMITED,) * len(shape))
    h5py.h5d.create(file.id, name.encode(), h5py.h5t.STD_U64LE, space, creation)


def store_elsewhere(file, name="stop_reason"):
    dataset = file[name]
    shape, kind, size = dataset.shape, dataset.id.get_type(), dataset.nbytes
    del file[name]
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_external(b"pipe", 0, size)
    h5py.h5d.create(file.id, name.encode(), kind, h5py.h5s.create_simple(shape), creation)


def map_elsewhere(file, name="stop_reason"):
    shape, kind = file[name].shape, file[name].dtype
    layout = h5py.VirtualLayout(shape, kind)
    layout[...] = h5py.VirtualSource("pipe", "x", shape)
    del file[name]
    file.create_virtual_dataset(name, layout)


def other_filter(file, name="stop_reason"):
    values = file[name][...]
    del file[name]
    file.create_dataset(name, data=values, chunks=values.shape, compression="lzf")


def link_elsewhere(file, name):
    del file[name]
    file[name] = h5py.ExternalLink("other.h5", name)


def stored_as(make):
    """Returns a change that stores make(values) in place of the values of a dataset, with their type and shape."""
    def change(file, name):
        values = make(file[name][...])
        del file[name]
        file[name] = values
    return change


def raised(values):
    """Raises one count beyond the 50 trials of a cell."""
    values = values.astype("i8")
    values.flat[200] = 1 << 40
    return values


def negative(values):
    values = values.astype("i8")
    values.flat[values.argmax()] = -1
    return values


def set_format(number):
    def change(file):
        file.attrs["zem_format"] = numpy.uint64(number)
    return change


def whole_tallies(most):
    """Returns a change that turns the file into format 1 with `most` trials of a cell in one bin of the histogram."""
    def change(file):
        counts, plain = file["miss_counts"][...].astype("u8"), file["tally/totals"][...]
        counts[2, 3, 100] = most
        del file["tally/totals"]
        plain = numpy.delete(plain, 6, axis=1)  # format 1 lacks the outcome "not acquired"
        file["tally/totals"] = numpy.concatenate([plain[:, :19], counts.reshape(30, 258), plain[:, 19:]], axis=1)
        set_format(1)(file)
    return change


def many_texts(file):
    """Stores twenty thousand texts of 1000 characters in one attribute."""
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


def repacked(file, name):
    """Stores a dataset again as h5repack may: with other chunks, another level of compression and a wider type. That is
    no attack."""
    values = file[name][...]
    del file[name]
    file.create_dataset(name, data=values.astype("u8"), chunks=(5, 4, 11)[-values.ndim:], compression=9, shuffle=True)


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
hostile("cells_of_which_nothing_is_stored", claim_cells, [65], "stores too few bytes")
hostile_counts("an_external_link", link_elsewhere, [65], "not followed")
hostile_counts("values_in_a_pipe", store_elsewhere, [65], "in other files")
hostile_counts("a_virtual_dataset", map_elsewhere, [65], "in other files")
hostile_counts("a_foreign_filter", other_filter, [65], "other means than deflate")
hostile_counts("nothing", claim_nothing, [65], "stores too few bytes")
hostile_counts("a_chunk_larger_than_the_file", claim_chunks, [65], "too large for the size of the file")
hostile_counts("no_dataset", lambda file, name: file.pop(name), [65], "missing")
hostile_counts("a_group", lambda file, name: (file.pop(name), file.create_group(name)), [65], "")
hostile_counts("a_smaller_dataset", stored_as(lambda values: values[..., 1:]), [65], "another type or shape")
hostile_counts("a_flat_dataset", stored_as(lambda values: values.ravel()), [65], "another type or shape")
hostile_counts("fractions", stored_as(lambda values: values / 3), [65], "another type or shape")
hostile_counts("a_count_beyond_the_trials", stored_as(raised), [65], "changed after")
hostile_counts("a_negative_count", stored_as(negative), [65], "changed after")
hostile("format_1_without_its_totals", set_format(1), [65], "another type or shape")
hostile("format_0", set_format(0), [65], "older zem")
hostile("format_4", set_format(4), [65], "newer zem")
hostile("format_1_with_a_count_beyond_the_trials", whole_tallies(1 << 40), [65], "tally/totals")
hostile("format_1_with_another_count", whole_tallies(13), [65], "changed after")
hostile("samples_of_which_nothing_is_stored", claim_samples, [65], "")
hostile("twenty_thousand_texts", many_texts, [65], "")
hostile("provenance_of_another_type", wrong_provenance, [65], "group run")
hostile("absent_provenance", no_provenance, [0], "")
hostile("a_cycle_of_groups", cycle, [0], "")
hostile_counts("other_chunks", repacked, [0], "")



def glanced(name, change, code, word):
    """Changes a copy of the result with many cells and lets `show` read it. With so many cells `show` does not compute
    the digests again."""
    shutil.copy("many.h5", f"{name}.h5")
    with h5py.File(f"{name}.h5", "r+") as file:
        change(file)
    done = spoken("show", f"{name}.h5")
    said = done.stdout if code == 0 else done.stderr
    check(f"glance_at_{name}", done.returncode == code and word in said and "\033" not in done.stdout + done.stderr,
          f"exit code {done.returncode}: {done.stderr.strip()[:300]}")


def set_digest(file):
    file.attrs["digest"] = "\033]0;x\007" + "0" * 57


def miscount(file):
    totals = file["tally/totals"]
    totals[70, 1] += numpy.uint64(1) << numpy.uint64(60)


text = SCENARIO.replace("points: 5", "points: 256").replace("points: 6", "points: 256")
text = text.replace("trials: 50", "trials: 1")
pathlib.Path("many.yaml").write_text(text)
done = spoken("run", "many.yaml", "-o", "many.h5", "--quiet", "--threads", "1", "--device", "openmp")
check("a_result_of_many_cells_is_made", done.returncode == 0, done.stderr)
glanced("good_cells", lambda file: None, 0, "digests were not computed again")
glanced("a_digest_of_control_characters", set_digest, 65, "attribute digest")
glanced("outcomes_that_do_not_add_up", miscount, 65, "tally/totals")
glanced("an_absent_histogram", lambda file: file.pop("miss_counts"), 65, "variable miss_counts")
glanced("an_empty_histogram", lambda file: claim_nothing(file, "miss_counts"), 65, "stores too few bytes")

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
