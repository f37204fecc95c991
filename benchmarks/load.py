#!/usr/bin/env python3
"""Measures five kinds of load: many runs at once, many scenarios in one call, many trials, many cells, and a long run.

Usage: load.py PROGRAM [FOLDER]. Prints the table of README.md. Most of its figures are ratios and memory, which hardly
depend on other load of the machine; those of many cells are elapsed time as well. The script ends if a run fails.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ZEM = str(pathlib.Path(sys.argv[1]).resolve())
FOLDER = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
SCENARIO = """zem: 1
engagement: {kinematics: linear, flight_time: 0.1 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 degree, sigma: 1 degree}}
scoring: {hit_radius: 1 m}
"""

GRID = """zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}
target: {maneuver: step, acceleration: 5 gravity, start: {from: 0 s, to: 5 s}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.5 s}
scoring: {hit_radius: [1 m, 2 m, 4 m]}
sweep:
  - {parameter: target.acceleration, from: 0 gravity, to: 10 gravity, points: 1000}
  - {parameter: interceptor.autopilot_lag, from: 0.2 s, to: 1 s, points: 1000}
run: {trials: 16, seed: 1}
"""


def write(name, trials, seed=1):
    (FOLDER / f"{name}.yaml").write_text(SCENARIO + f"run: {{trials: {trials}, seed: {seed}}}\n")


def start(*words):
    return subprocess.Popen([ZEM, "run", *words, "--force", "--json"], cwd=FOLDER, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def finish(process):
    """Waits for a run. Returns its digests, its processor seconds and its largest resident memory in MiB."""
    output = process.stdout.read() + process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(output)
    digests = re.findall(r'"digest":"([0-9a-f]+)"', output)
    return digests, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def run(*words):
    return finish(start(*words, "--quiet"))


def together():
    words = ["weave", "--trials", "2000"]
    alone = [run(*words, "--seed", str(seed), "-o", f"alone-{seed}.h5") for seed in range(4)]
    begun = [start(*words, "--seed", str(seed), "-o", f"together-{seed}.h5", "--quiet") for seed in range(4)]
    shared = [finish(process) for process in begun]
    same = [one[0] == other[0] for one, other in zip(alone, shared)]
    ratio = sum(used[1] for used in shared) / sum(used[1] for used in alone)
    return f"processor time {ratio:.2f} of that of four runs one after the other; {sum(same)} of 4 digests the same"


def scenarios():
    for number in range(200):
        write(f"s{number:03}", 1000, number)
    names = sorted(path.name for path in FOLDER.glob("s*.yaml"))
    alone, all_at_once = run(names[0]), run(*names)
    files = len(list(FOLDER.glob("s*.h5")))
    return (f"{files} files, {len(set(all_at_once[0]))} digests; processor time of each "
            f"{all_at_once[1] / 200 / alone[1]:.2f} of that of a call for one, memory {all_at_once[2]:.0f} instead of "
            f"{alone[2]:.0f} MiB")


def trials():
    memory = []
    for power in (6, 7, 8, 9):
        write("trials", 10 ** power)
        memory.append(f"{run('trials.yaml')[2]:.1f}")
    return f"memory {', '.join(memory)} MiB with 10^6, 10^7, 10^8 and 10^9 trials of a cell"


def cells():
    (FOLDER / "cells.yaml").write_text(GRID)
    figures = []
    for half in ("0/2", "1/2"):
        run("cells.yaml", "--shard", half, "-o", f"half{half[0]}.h5")
    for words in (["run", "cells.yaml", "-o", "cells.h5", "--quiet", "--force"], ["show", "cells.h5"],
                  ["plot", "cells.h5", "-o", "cells.png"], ["report", "cells.h5", "-o", "cells.html"],
                  ["export", "cells.h5"], ["diff", "cells.h5", "cells.h5"], ["verify", "cells.h5"],
                  ["merge", "merged.h5", "half0.h5", "half1.h5", "--quiet", "--force"]):
        begin = time.monotonic()
        process = subprocess.Popen([ZEM, *words], cwd=FOLDER, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"zem {words[0]} ended with {process.returncode}")
        figures.append(f"`{words[0]}` {time.monotonic() - begin:.1f} s and {used.ru_maxrss / 1024:.0f} MiB")
    return ", ".join(figures)


def week():
    """Starts a run that takes about a week by the estimate of `zem check`, compares the estimate with the first line of
    progress, and then stops the run."""
    write("week", 10 ** 9)
    known = json.loads(subprocess.run([ZEM, "check", "week.yaml", "--json"], cwd=FOLDER, capture_output=True, text=True,
                                      check=True).stdout)["seconds"]
    write("week", int(10 ** 9 * 7 * 86400 / known))
    check = subprocess.run([ZEM, "check", "week.yaml"], cwd=FOLDER, capture_output=True, text=True, check=True).stdout
    process = subprocess.Popen([ZEM, "run", "week.yaml", "--force"], cwd=FOLDER, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if " left" in line:
            break
    process.send_signal(2)
    rest = process.stderr.read()
    left = re.search(r", ([^,]*) left", line)[1]
    return (f"`zem check` says {re.search(r'estimated time: *(.*)', check)[1]}, the first line of progress {left} "
            f"left; exit code {process.wait()} after Ctrl-C{'' if 'resume' in rest else ', WITHOUT A CHECKPOINT'}")


ROWS = {
    "four runs at once, `zem run weave --trials 2000 --seed N &`": together,
    "200 scenarios in one call, `zem run s*.yaml`": scenarios,
    "10^9 trials, `zem run trials.yaml --trials 1000000000`": trials,
    "10^6 cells with 16 trials, `zem run cells.yaml`, then commands that read the result": cells,
    "a run of a week, `zem run week.yaml`": week,
}
print("| load | measured |\n|---|---|")
for load, measure in ROWS.items():
    print(f"| {load} | {measure()} |", flush=True)
