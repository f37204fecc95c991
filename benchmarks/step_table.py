#!/usr/bin/env python3
"""Prints a table of settings of the step control with their discretisation errors and times: `make steps`. Usage:
step_table.py ZEM DECK [TRIALS]. DECK has linear kinematics.

Two guidance loops are flown: that of the deck with all its lags, by transition matrices, and the same loop with one lag
of the same total time constant, by Runge-Kutta steps. The errors are differences from a flight with very short steps.
They are measured without noise, so that every setting flies the same trials. One error is that of the rms miss, as a
percentage of the largest rms miss of all cells. The other is that of the hit probability, the largest over cells and
radii. Noise is drawn anew when the step changes, so the rms miss by noise alone is compared within its statistical
error. The time is that of the deck with noise, the median of five runs. The settings take turns, so that a disturbance
of the machine affects all of them."""
import json
import statistics
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy
except ImportError:
    sys.exit("step_table: h5py and numpy are needed: apt install python3-h5py")

SETTINGS = [(fraction, ratio) for fraction in (0.05, 0.1, 0.12, 0.15, 0.2) for ratio in (12, 7, 5, 3)]
REFERENCE = (0.005, 32)
NO_NOISE = ["seeker.glint=0 m2/Hz", "seeker.angle_noise=0 rad2/Hz"]
NO_TARGET = ["target.maneuver=none", "interceptor.heading_error_y=0 degree", "interceptor.heading_error_z=0 degree"]
LAG = 0.5  # s, total time constant of the deck
ONE_LAG = ["interceptor.seeker_lag=0 s", "interceptor.filter_lag=0 s", "interceptor.autopilot_order=1",
           f"interceptor.autopilot_lag={LAG} s"]
TIMED_TRIALS = 65536


def run(zem, deck, setting, trials, more):
    with tempfile.TemporaryDirectory() as folder:
        command = [zem, "run", deck, "-o", f"{folder}/x.h5", "--quiet", "--json", "--device", "openmp",
                   "--trials", str(trials)]
        for text in [f"run.step={setting[0] * LAG} s", f"run.step_ratio={setting[1]}"] + more:
            command += ["--set", text]
        summary = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        with h5py.File(f"{folder}/x.h5") as file:
            return summary, numpy.array(file["miss_rms"]), numpy.array(file["p_hit"])


def steps_of(zem, deck, setting):
    command = [zem, "check", deck, "--json", "--threads", "1",
               "--set", f"run.step={setting[0] * LAG} s", "--set", f"run.step_ratio={setting[1]}"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["steps_per_trial"]


def main():
    zem, deck = sys.argv[1:3]
    trials = int(sys.argv[3]) if len(sys.argv) > 3 else 262144
    _, rms, p = run(zem, deck, REFERENCE, trials, NO_NOISE)
    _, _, one_lag_p = run(zem, deck, REFERENCE, trials, NO_NOISE + ONE_LAG)
    noise_summary, noise_rms, _ = run(zem, deck, REFERENCE, TIMED_TRIALS, NO_TARGET)
    noise = float(numpy.sqrt(numpy.mean(noise_rms**2)))
    sigma = 100.0 * (2.0 / noise_summary["trials"]) ** 0.5 * 0.5**0.5
    times = {setting: [] for setting in SETTINGS}
    for _ in range(5):
        for setting in SETTINGS:
            summary, _, _ = run(zem, deck, setting, TIMED_TRIALS, [])
            times[setting].append(1e6 * summary["kernel_seconds"] / summary["trials"])
    print(f"step/T = run.step / {LAG} s; {trials} trials a cell; "
          f"one standard error of the noise column is {sigma:.2f} %")
    print("| step / T | step_ratio | steps | rms miss, % of peak | p, largest error | one lag: p, largest error "
          "| noise rms, % off | us / engagement |")
    print("|---|---|---|---|---|---|---|---|")
    for setting in SETTINGS:
        _, this_rms, this_p = run(zem, deck, setting, trials, NO_NOISE)
        _, _, this_one_lag_p = run(zem, deck, setting, trials, NO_NOISE + ONE_LAG)
        _, this_noise, _ = run(zem, deck, setting, TIMED_TRIALS, NO_TARGET)
        error_rms = 100.0 * float(numpy.max(numpy.abs(this_rms - rms)) / numpy.max(rms))
        error_p = float(numpy.max(numpy.abs(this_p - p)))
        error_one_lag = float(numpy.max(numpy.abs(this_one_lag_p - one_lag_p)))
        error_noise = 100.0 * (float(numpy.sqrt(numpy.mean(this_noise**2))) / noise - 1.0)
        print(f"| {setting[0]} | {setting[1]} | {steps_of(zem, deck, setting):.0f} | {error_rms:.3f} | {error_p:.5f} "
              f"| {error_one_lag:.5f} | {error_noise:+.2f} | {statistics.median(times[setting]):.3f} |", flush=True)


main()
