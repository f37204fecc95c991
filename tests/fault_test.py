#!/usr/bin/env python3
"""For every command, the n-th call of a function of the C library fails, once or from then on (fault_library.c):
memory, opening, reading, writing, syncing, renaming, closing, mapping, threads and processes. Whatever fails, the
command ends with a documented exit code and never by a signal. A failure has a sentence on standard error; a fault that
does no harm changes no output. Afterwards the old output is there or the new one is complete, and no temporary file is
left.

`make check` tries a sample that is drawn with a fixed seed. `make faults` sets FAULTS to the largest number of calls
that are tried of each function by each command (0 for all of them) and prints a table."""
import collections
import concurrent.futures
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from python.expect import ZEM, check, skip

scratch = os.path.abspath(os.environ["SCRATCH"])
library = os.path.abspath("build/release/tests/fault_library.so")
MOST = int(os.environ.get("FAULTS", "2"))
SHOWN = "FAULTS" in os.environ
SECONDS = 300  # of one command; longer is a hang even on a busy machine

SCENARIO = """zem: 1
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 6 gravity}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep:
  - {parameter: target.acceleration, values: [2 gravity, 6 gravity]}
  - {parameter: interceptor.navigation_gain, values: [3, 4, 5]}
run: {trials: 100, seed: 1}
"""
BENCH = """{"zem_bench": 1, "machine": "a", "kernel_version": 0, "results": [{"deck": "standard", "device": "b",
"valid": true, "engagements": 1, "kernel_seconds": {"median": 1}, "digest": "%s", "miss_digest": "%s"}]}
""" % ("0" * 64, "0" * 64)

# The exit codes that a command may have after a fault of each function, beside 0 if the fault does no harm. 66 and 73
# are only for files that cannot be opened or given their name.
CODES = {"malloc": {70, 74}, "open": {66, 70, 73, 74}, "read": {74}, "write": {74}, "fsync": {74}, "rename": {73, 74},
         "close": {74}, "mmap": {70, 74}, "pthread_create": {70}, "fork": {70}}
COMMANDS = {
    "run": ["run", "grid.yaml", "-o", "out.h5", "--force", "--quiet", "--reproducible", "--device", "openmp",
            "--threads", "2"],
    "show": ["show", "grid.h5"],
    "export": ["export", "grid.h5"],
    "diff": ["diff", "grid.h5", "part0.h5"],
    "doctrine": ["doctrine", "grid.h5", "--fire", "1,1+1", "--raid", "2", "--inventory", "3", "-o", "out.h5"],
    "ensemble": ["trace", "grid.h5", "--cell", "0,0", "--ensemble", "4", "--points", "3", "-o", "out.h5"],
    "sensitivity": ["sensitivity", "grid.h5", "--cell", "0,0", "--trials", "16", "--quiet", "-o", "out.h5"],
    "trace": ["trace", "grid.h5", "--cell", "0,0", "-o", "out.csv"],
    "merge": ["merge", "out.h5", "part0.h5", "part1.h5", "--force", "--quiet", "--reproducible"],
    "verify": ["verify", "grid.h5", "--cells", "1", "--quiet", "--threads", "2"],
    "check": ["check", "grid.yaml"],
    "converge": ["converge", "grid.yaml", "--cells", "1", "--trials", "500", "--quiet"],
    "compare": ["bench", "--compare", "bench.json"],
    "reference": ["reference"],
    "plot": ["plot", "grid.h5", "-o", "out.png"],
    "report": ["report", "grid.h5", "-o", "out.html"],
}
if shutil.which("gnuplot") is None:
    del COMMANDS["plot"], COMMANDS["report"]
OUTPUTS = ("out.h5", "out.csv", "out.png", "out.html")
UNSTEADY = ("check", "converge")  # their output has times, which differ between runs


def faulty(call, at, span):
    """Returns the environment of a process in which calls fail. The number of OpenMP threads is fixed, so that every
    machine makes the same calls."""
    return dict(os.environ, LD_PRELOAD=library, FAULT_PROGRAM=ZEM, FAULT_CALL=call, FAULT_AT=str(at), FAULT_FOR=span,
                OCL_ICD_VENDORS="/nonexistent", OMP_NUM_THREADS="4")


def try_once(command, call, at, span):
    """Runs a command with a fault in a folder of its own. Returns exit code, output, errors, output files, number of
    calls and files that are left."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        for name in ("grid.h5", "grid.yaml", "part0.h5", "part1.h5", "bench.json"):
            os.link(os.path.join(scratch, name), os.path.join(folder, name))
        for name in OUTPUTS:
            pathlib.Path(folder, name).write_text("old")
        before = set(os.listdir(folder))
        reading, writing = os.pipe()
        environment = dict(faulty(call, at, span), FAULT_COUNT=str(writing))
        try:
            done = subprocess.run([ZEM, *COMMANDS[command]], cwd=folder, env=environment, capture_output=True,
                                  pass_fds=[writing], timeout=SECONDS)
            code, out, err = done.returncode, done.stdout, done.stderr.decode(errors="replace").strip()
        except subprocess.TimeoutExpired:
            code, out, err = None, b"", "hangs"
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            calls = max([int(word) for word in pipe.read().split()], default=0)
        files = {name: pathlib.Path(folder, name).read_bytes() for name in OUTPUTS}
        return code, out, err, files, calls, set(os.listdir(folder)) - before


def why_wrong(command, call, tried, whole):
    """Returns what is wrong with a run that had a fault, "" if nothing is. `whole` is the run without a fault."""
    code, out, err, files, _, left = tried
    if code is None or code < 0:
        return f"ended by signal {-(code or 0)}" if code else "hangs"
    if left:
        return f"left {left}"
    if code not in CODES[call] | {whole[0]}:
        return f"exit code {code}: {err[:200]}"
    if code != whole[0] and not err:
        return f"exit code {code} without a sentence"
    for name, content in files.items():
        if content not in (b"old", whole[3][name]):
            return f"{name} is neither the old nor the new one"
        if code == whole[0] and content != whole[3][name]:
            return f"{name} is not the new one, in spite of exit code {code}"
    if code == whole[0] and command not in UNSTEADY and out != whole[1]:
        return "other output without a failure"
    return ""


def try_calls(pool, command, call):
    """Lets chosen calls of a function fail in a command, each once and each from then on. Returns the number of
    tries."""
    whole = try_once(command, call, 0, "once")
    numbers = list(range(1, whole[4] + 1))
    if MOST and len(numbers) > MOST:
        numbers = sorted(random.Random(f"{command} {call}").sample(numbers, MOST))
    tries = [(command, call, number, span) for number in numbers for span in ("once", "ever")]
    wrong, codes = [], collections.Counter()
    for one, tried in zip(tries, pool.map(lambda one: try_once(*one), tries)):
        codes[tried[0]] += 1
        why = why_wrong(command, call, tried, whole)
        if why:
            wrong.append(f"call {one[2]}, {one[3]}: {why}")
    if SHOWN:
        print(f"# {command} {call}: {whole[4]} calls, {len(tries)} tries, exit codes {dict(codes)}, {len(wrong)} wrong")
    check(f"{call}_fails_in_{command}", not wrong, "; ".join(wrong[:5]))
    return len(tries)


def main():
    if not os.path.exists(library) or os.path.basename(os.path.dirname(ZEM)) != "build":
        skip("faults", "the library cannot be preloaded into a program with a sanitizer")
        return
    pathlib.Path(scratch, "grid.yaml").write_text(SCENARIO)
    pathlib.Path(scratch, "bench.json").write_text(BENCH)
    for name, options in (("grid", []), ("part0", ["--shard", "0/2"]), ("part1", ["--shard", "1/2"])):
        subprocess.run([ZEM, "run", "grid.yaml", "-o", f"{name}.h5", "--quiet", "--device", "openmp", *options],
                       cwd=scratch, check=True)
    probe = try_once("show", "malloc", 1000, "ever")
    check("the_library_makes_calls_fail", probe[0] == 70 and probe[4] >= 1000, f"{probe[0]}: {probe[2]}")
    spared = subprocess.run([sys.executable, "-c", "print('whole')"], env=faulty("malloc", 1, "ever"),
                            capture_output=True)
    check("other_programs_are_spared", spared.stdout == b"whole\n", f"{spared.returncode}: {spared.stderr}")
    tries = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for command in sys.argv[1:] or COMMANDS:
            for call in CODES:
                tries += try_calls(pool, command, call)
    print(f"# {tries} tries")


main()
