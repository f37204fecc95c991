#!/usr/bin/env python3
"""A run that is killed again and again ends with the digest of a run that was not killed, and leaves no file behind.

A round flies one scenario until its run is complete. A life is one process of that run. Every life has another device,
engine, batch size and number of threads. Some engines are fifty times slower than others, and in some lives the whole
program is stopped for nineteen twentieths of the time. A life ends by SIGKILL at a random moment, by SIGKILL as soon as
a new checkpoint is written, or by SIGINT. Rounds follow each other until there were ZEM_KILLS kills, 20 by default.
ZEM_SEED repeats a failure only roughly, because the moments depend on the machine.

No check fails because a life took long. The last lines print how long the longest life went without progress and how
long the longest SIGINT took, for a person who knows what else the machine did."""
import json
import os
import pathlib
import random
import signal
import struct
import subprocess
import time

from python.expect import ZEM, usable, verdict

FOLDER = pathlib.Path(os.environ["SCRATCH"]) / "run"
KILLS = int(os.environ.get("ZEM_KILLS", "20"))
CHECKPOINT = os.environ.get("ZEM_CHECKPOINT", "1")
TRIALS_AT = 8 + 72 + 6 * 8  # place of the number of trials in a checkpoint: struct head of host/run/checkpoint.c
SCENARIO = """zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m]}
sweep: [{parameter: target.acceleration, from: 1 gravity, to: 6 gravity, points: 20}]
"""
CHECKPOINT_FILE, RESULT = ".x.h5.checkpoint", "x.h5"
choose = random.Random(int(os.environ.get("ZEM_SEED", "1")))
figures = {"kills": 0, "lives": 0, "rounds": 0, "slow": 0, "longest": (0.0, ""), "interrupt": 0.0}


def write_scenario(number):
    """Writes a scenario with another seed for each round. Every third has a precision, so that its run adds trials
    several times."""
    trials = int(os.environ.get("ZEM_TRIALS", "40000"))
    run = f"run: {{trials: {trials}, seed: {number}}}\n"
    if number % 3 == 0:
        run = f"run: {{trials: {2 * trials}, precision: {0.67 / trials ** 0.5:.6f}, seed: {number}}}\n"
    (FOLDER / "x.yaml").write_text(SCENARIO + run)


def saved_trials():
    try:
        return struct.unpack_from("=Q", (FOLDER / CHECKPOINT_FILE).read_bytes(), TRIALS_AT)[0]
    except FileNotFoundError:
        return 0


def strangers(allowed):
    """Returns the files in the folder that are neither in `allowed` nor what a killed run may leave until the next
    life."""
    return sorted(path.name for path in FOLDER.iterdir() if path.name not in allowed)


def options_of_a_life(devices):
    options = ["--device", choose.choice(devices), "--threads", choose.choice("12")]
    engine = choose.choice(ENGINES)
    if options[1] == "cpu" and engine:
        options += ["--isa", engine]
    if choose.random() < 0.7:
        options += ["--batch", str(choose.choice([64, 1000, 7777, 100000, 4000000]))]
    return options


def wait_for(process, slow, condition, moment):
    """Returns when the process has ended, when the condition holds or when the moment has come. With `slow` the program
    runs for a twentieth of the time."""
    while process.poll() is None and time.monotonic() < moment and not condition():
        if slow:
            os.killpg(process.pid, signal.SIGSTOP)
            time.sleep(0.095)
            os.killpg(process.pid, signal.SIGCONT)
        time.sleep(0.005)


def live(devices):
    """Runs one life. Returns its exit code and the number of trials that were saved before it."""
    slow, ending = choose.random() < 0.2, choose.choice(["random", "random", "progress", "interrupt"])
    figures["lives"] += 1
    figures["slow"] += slow
    before, start, options = saved_trials(), time.monotonic(), options_of_a_life(devices)
    with open(FOLDER.parent / "life.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen([ZEM, "run", "x.yaml", "--resume", "--checkpoint", CHECKPOINT, "--quiet",
                                    *options], cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   start_new_session=True)
    moment = float("inf") if ending == "progress" else start + choose.choice([0.02, 0.5, 3.0]) * choose.random()
    wait_for(process, slow, lambda: ending == "progress" and saved_trials() > before, moment)
    if ending == "progress":
        figures["longest"] = max(figures["longest"], (time.monotonic() - start, f"{options}{' slow' * slow}"))
    if process.poll() is None:
        sent = time.monotonic()
        os.killpg(process.pid, signal.SIGINT if ending == "interrupt" else signal.SIGKILL)
        figures["kills"] += ending != "interrupt"
        process.wait()
        if ending == "interrupt":
            figures["interrupt"] = max(figures["interrupt"], time.monotonic() - sent)
    return process.returncode, before


def fly_round(number, devices):
    """Flies a scenario to its end through as many lives as it takes. Returns what went wrong, "" if nothing did."""
    for path in FOLDER.iterdir():
        path.unlink()
    write_scenario(number)
    code = None
    while code != 0:
        code, before = live(devices)
        if code not in (0, -signal.SIGKILL, 75, 130, -signal.SIGINT):
            return f"exit code {code}: {(FOLDER.parent / 'life.log').read_text()[:300]}"
        if code != 0 and saved_trials() < before and not (FOLDER / RESULT).exists():
            return f"a life lost trials: {before} were saved, then {saved_trials()}"
    left = strangers({"x.yaml", RESULT})
    if left:
        return f"files are left: {left}; {RESULT} {'exists' if (FOLDER / RESULT).exists() else 'does not exist'}"
    resumed = json.loads(subprocess.run([ZEM, "show", RESULT, "--json"], cwd=FOLDER, capture_output=True,
                                        check=True).stdout)["provenance"]["digest"]
    whole = subprocess.run([ZEM, "run", "x.yaml", "-o", "../whole.h5", "--force", "--device", "cpu", "--quiet",
                            "--json"], cwd=FOLDER, capture_output=True, check=True)
    if resumed != json.loads(whole.stdout)["digest"]:
        return f"digest {resumed} instead of that of the run that was not killed"
    return ""


signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell may have ignored it, which zem would inherit
FOLDER.mkdir()
ENGINES = ["baseline", "scalar", "", ""]
DEVICES = ["cpu", "cpu", "opencl"] if usable("opencl") else ["cpu"]
wrong = []
while figures["kills"] < KILLS and not wrong:
    figures["rounds"] += 1
    problem = fly_round(figures["rounds"], DEVICES)
    wrong += [f"round {figures['rounds']}: {problem}"] if problem else []
    print(f"round {figures['rounds']}: {figures['kills']} kills so far", flush=True)
verdict("killed_runs_come_to_the_same_digest", "; ".join(wrong))
verdict("the_test_has_killed", "" if figures["kills"] >= KILLS or wrong else f"{figures['kills']} kills")
print(f"{figures['kills']} kills and {figures['lives']} lives in {figures['rounds']} rounds, {figures['slow']} lives "
      f"on a machine twenty times slower; longest wait for progress {figures['longest'][0]:.1f} s with "
      f"{figures['longest'][1]}, for the end after SIGINT {figures['interrupt']:.2f} s; devices "
      f"{', '.join(sorted(set(DEVICES)))}")
