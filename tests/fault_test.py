#!/usr/bin/env python3
"""For every command, the n-th call of a function of the C library fails, once or from then on (fault_library.c):
memory, opening, reading, writing, syncing, renaming, closing, mapping, threads and processes. Whatever fails, the
command ends with a documented exit code and never by a signal. A failure has a sentence on standard error; a fault that
does no harm changes no output. Afterwards the old output is there or the new one is complete, and no temporary file is
left.

`make check` tries a sample that is drawn with a fixed seed. `make faults` prints a table and takes FAULTS: the largest
number of calls that are tried of each function by each command, 0 for all of them, or "paths" for the first call of
every path. A path is the chain of callers. A call is tried if no earlier call of the same command had the same callers
within the program. It is also tried if no earlier call of any command had the same callers in libraries and the same
nearest three callers within the program. All other calls repeat a failure that was tried."""
import collections
import concurrent.futures
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from python.expect import ZEM, check, skip

scratch = os.path.abspath(os.environ["SCRATCH"])
library = os.path.abspath("build/release/tests/fault_library.so")
PATHS = os.environ.get("FAULTS") == "paths"
MOST = 0 if PATHS else int(os.environ.get("FAULTS", "2"))
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
FLOWN = ["--quiet", "--reproducible", "--device", "openmp", "--threads", "2"]
RUN = ["run", "grid.yaml", "-o", "out.h5", "--force", *FLOWN]
COMMANDS = {
    "run": RUN,
    "samples": [*RUN, "--samples", "3"],
    "resume": ["run", "grid.yaml", "-o", "left.h5", "--resume", *FLOWN, "--trials", "set by make_checkpoint"],
    "extend": ["run", "grid.yaml", "-o", "grid.h5", "--resume", *FLOWN, "--trials", "200"],
    "show": ["show", "grid.h5"],
    "json": ["show", "grid.h5", "--json"],
    "export": ["export", "grid.h5"],
    "effects": ["effects", "grid.h5"],
    "diff": ["diff", "grid.h5", "part0.h5"],
    "doctrine": ["doctrine", "grid.h5", "--fire", "1,1+1", "--raid", "2", "--inventory", "3", "-o", "out.h5"],
    "shots": ["doctrine", "salvo.h5", "--unit", "shot", "--fire", "1+1", "--quiet", "-o", "out.h5"],
    "ensemble": ["trace", "grid.h5", "--cell", "0,0", "--ensemble", "4", "--points", "3", "-o", "out.h5"],
    "sensitivity": ["sensitivity", "grid.h5", "--cell", "0,0", "--trials", "16", "--quiet", "-o", "out.h5"],
    "trace": ["trace", "grid.h5", "--cell", "0,0", "-o", "out.csv"],
    "merge": ["merge", "out.h5", "part0.h5", "part1.h5", "--force", "--quiet", "--reproducible"],
    "verify": ["verify", "grid.h5", "--cells", "1", "--quiet", "--threads", "2"],
    "check": ["check", "grid.yaml"],
    "converge": ["converge", "grid.yaml", "--cells", "1", "--trials", "500", "--quiet"],
    "devices": ["devices"],
    "compare": ["bench", "--compare", "bench.json"],
    "reference": ["reference"],
    "new": ["new", "out", "--force"],
    "help": ["help", "run"],
    "plot": ["plot", "grid.h5", "-o", "out.png"],
    "report": ["report", "grid.h5", "-o", "out.html"],
}
if shutil.which("gnuplot") is None:
    del COMMANDS["plot"], COMMANDS["report"]
CHECKPOINT = ".left.h5.checkpoint"
INPUTS = ("grid.h5", "grid.yaml", "part0.h5", "part1.h5", "salvo.h5", "bench.json")
OUTPUTS = ("out.h5", "out.csv", "out.png", "out.html", "out.yaml")
UNSTEADY = ("check", "converge", "devices")  # their output has times, or reasons why a device cannot be used
tried_ends = set()  # pairs of a function and the hash of the end of a path


def faulty(call, at, span):
    """Returns the environment of a process in which calls fail. The number of OpenMP threads is fixed, so that every
    machine makes the same calls."""
    return dict(os.environ, LD_PRELOAD=library, FAULT_PROGRAM=ZEM, FAULT_CALL=call, FAULT_AT=str(at), FAULT_FOR=span,
                OCL_ICD_VENDORS="/nonexistent", OMP_NUM_THREADS="4")


class Lines:
    """A pipe into which processes write lines of words, and a thread that reads it to its end."""

    def __init__(self):
        reading, self.writing = os.pipe()
        self.found = []
        self.reader = threading.Thread(target=self.read, args=[reading])
        self.reader.start()

    def read(self, end):
        with os.fdopen(end) as pipe:
            self.found = [line.split() for line in pipe]

    def all(self):
        """The lines, as lists of words, after the processes that write have ended."""
        os.close(self.writing)
        self.reader.join()
        return self.found


def contents(folder):
    return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}


def try_once(command, call, at, span, by_path=False):
    """Runs a command with a fault in a folder of its own. Returns exit code, output, errors, the files before and after
    as dictionaries of their bytes, and the lines that the library wrote: the number of calls of each process, or with
    `by_path` the first call of every path."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        for name in INPUTS + ((CHECKPOINT,) if command == "resume" else ()):
            shutil.copy(os.path.join(scratch, name), folder)
        for name in OUTPUTS:
            pathlib.Path(folder, name).write_text("old")
        before = contents(folder)
        lines = Lines()
        environment = faulty(call, at, span)
        environment["FAULT_PATHS" if by_path else "FAULT_COUNT"] = str(lines.writing)
        try:
            done = subprocess.run([ZEM, *COMMANDS[command]], cwd=folder, env=environment, capture_output=True,
                                  pass_fds=[lines.writing], timeout=SECONDS)
            code, out, err = done.returncode, done.stdout, done.stderr.decode(errors="replace").strip()
        except subprocess.TimeoutExpired:
            code, out, err = None, b"", "hangs"
        after = contents(folder)
        if after.get(CHECKPOINT, b"") != before.get(CHECKPOINT, b"") and CHECKPOINT in after:
            after[CHECKPOINT] = resumed(folder)
        return code, out, err, before, after, lines.all()


def resumed(folder):
    """Resumes from the checkpoint that a faulty run wrote, without a fault. Returns the bytes of the result, which
    `why_wrong` takes in place of the checkpoint, or none if the checkpoint is of no use."""
    done = subprocess.run([ZEM, *COMMANDS["resume"]], cwd=folder, capture_output=True, timeout=SECONDS)
    return pathlib.Path(folder, "left.h5").read_bytes() if done.returncode == 0 else b""


def why_wrong(command, call, tried, whole):
    """Returns what is wrong with a run that had a fault, "" if nothing is. `whole` is the run without a fault."""
    code, out, err, before, after, _ = tried
    wanted = whole[4]
    if code is None or code < 0:
        return f"ended by signal {-(code or 0)}" if code else "hangs"
    if code not in CODES[call] | {whole[0]}:
        return f"exit code {code}: {err[:200]}"
    if code != whole[0] and not err:
        return f"exit code {code} without a sentence"
    if code == whole[0] and after != wanted:
        return f"exit code {code} and wrong files: {[name for name in after if after[name] != wanted.get(name)]}"
    for name in before.keys() | after.keys():
        if name == CHECKPOINT and after.get(name) == wanted["left.h5"]:
            continue  # a later checkpoint, which leads to the same result
        if after.get(name) not in (before.get(name), wanted.get(name)):
            return f"{name} is neither the old nor the new one"
    if command == "resume" and CHECKPOINT not in after and after.get("left.h5") != wanted["left.h5"]:
        return "checkpoint lost"
    if code == whole[0] and command not in UNSTEADY and out != whole[1]:
        return "other output without a failure"
    return ""


def first_of_paths(command, call):
    """Returns the numbers of the calls that come by a path that was not tried."""
    numbers, own_paths = set(), set()
    for number, own, end in try_once(command, call, 0, "once", by_path=True)[5]:
        if own not in own_paths or (call, end) not in tried_ends:
            numbers.add(int(number))
        own_paths.add(own)
        tried_ends.add((call, end))
    return sorted(numbers)


def try_calls(pool, command, call):
    """Lets chosen calls of a function fail in a command, each once and each from then on. Returns the number of
    tries."""
    whole = try_once(command, call, 0, "once")
    calls = max((int(line[0]) for line in whole[5]), default=0)
    numbers = first_of_paths(command, call) if PATHS else list(range(1, calls + 1))
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
        print(f"# {command} {call}: {calls} calls, {len(tries)} tries, exit codes {dict(codes)}, {len(wrong)} wrong")
    check(f"{call}_fails_in_{command}", not wrong, "; ".join(wrong[:5]))
    return len(tries)


def make_inputs():
    pathlib.Path(scratch, "grid.yaml").write_text(SCENARIO)
    pathlib.Path(scratch, "bench.json").write_text(BENCH)
    for name, options in (("grid", []), ("part0", ["--shard", "0/2"]), ("part1", ["--shard", "1/2"]),
                          ("salvo", ["--set", "salvo.shots=3", "--set", "salvo.spacing=0.1 s"])):
        subprocess.run([ZEM, "run", "grid.yaml", "-o", f"{name}.h5", "--quiet", "--device", "openmp", *options],
                       cwd=scratch, check=True)
    make_checkpoint()


def make_checkpoint():
    """Stops a run of the slowest engine after a moment, which leaves a checkpoint. The run gets more trials until it is
    not over by then. The fastest engine flies the rest of it in a moment."""
    trials = 1000
    while not os.path.exists(os.path.join(scratch, CHECKPOINT)):
        run = subprocess.Popen([ZEM, "run", "grid.yaml", "-o", "left.h5", "--trials", str(trials), "--device", "openmp",
                                "--isa", "scalar", "--threads", "1", "--batch", "500", "--force", "--quiet"],
                               cwd=scratch, stderr=subprocess.DEVNULL)
        time.sleep(0.15)
        run.send_signal(signal.SIGINT)
        run.wait()
        COMMANDS["resume"][-1] = str(trials)
        trials *= 2


def main():
    if not os.path.exists(library) or os.path.basename(os.path.dirname(ZEM)) != "build":
        skip("faults", "the library cannot be preloaded into a program with a sanitizer")
        return
    make_inputs()
    probe = try_once("show", "malloc", 1000, "ever")
    check("the_library_makes_calls_fail", probe[0] == 70 and int(probe[5][0][0]) >= 1000, f"{probe[0]}: {probe[2]}")
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
