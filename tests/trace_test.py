#!/usr/bin/env python3
"""Trials that zem trace replays one by one are the trials that the run counted. The mixes of all trials (64-bit hashes,
kernels/tally.h) add up to the word that the tally has for them, and their misses to its sum of misses, in both
kinematics, with noise, limits, a salvo and Carleton's lethality. The time history is that of a continuous flight."""
import csv
import os
import re
import subprocess
import sys

import h5py

from python.expect import ZEM, check

scratch = os.environ["SCRATCH"]
os.chdir(scratch)

MIX, MISS = 7, 10  # words of a tally: the sum of the hashes, and the first of the two of the sum of misses
LINEAR = """zem: 1
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: telegraph, acceleration: 6 gravity, switching_rate: 2 Hz, roll: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, seeker_lag: 0.05 s, filter_lag: 0.05 s,
              autopilot_lag: 0.2 s, autopilot_order: 3, acceleration_limit: 15 gravity,
              heading_error_y: {mean: 0 degree, sigma: 1 degree}}
seeker: {glint: 0.02 m2/Hz}
salvo: {shots: 2, spacing: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m], lethality: carleton}
run: {trials: 40, seed: 11}
"""
POINT_MASS = """zem: 1
engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}
target: {speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, maneuver: weave,
         acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, guidance: pn, navigation_gain: 4, seeker_lag: 0.05 s,
              filter_lag: 0.05 s, autopilot_lag: 0.3 s, acceleration_limit: 30 gravity,
              displacement_z: {mean: 0 m, sigma: 30 m}}
seeker: {angle_noise: 1e-9 rad2/Hz}
scoring: {hit_radius: [1 m]}
sweep: [{parameter: target.acceleration, values: [2 gravity, 8 gravity]}]
run: {trials: 30, seed: 12}
"""


def trace(file, cell, trial, shot):
    where = [] if cell is None else ["--cell", str(cell)]
    command = [ZEM, "trace", file, *where, "--trial", str(trial), "--shot", str(shot)]
    out = subprocess.run(command, capture_output=True, text=True)
    if out.returncode != 0:
        print(f"not ok trace: {out.stderr}")
        sys.exit(0)
    lines = out.stdout.splitlines()
    said = dict(re.match(r"# (\w+): (.*)", line).groups() for line in lines[2:] if line.startswith("#"))
    return said, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def replay(name, text, cell, shots):
    with open(f"{name}.yaml", "w") as file:
        file.write(text)
    subprocess.run([ZEM, "run", f"{name}.yaml", "--quiet", "--force"], check=True)
    totals = h5py.File(f"{name}.h5")["tally/totals"][cell or 0]
    mix, miss = 0, 0
    for trial in range(int(totals[0])):
        for shot in range(shots):
            said, rows = trace(f"{name}.h5", cell, trial, shot)
            mix = (mix + int(said["mix"], 16)) % 2**64
            if shot == 0:
                miss += int(float(said["miss"].split()[0]) * 2**24)
    check(f"{name}_replays_every_trial_to_the_bit", mix == int(totals[MIX]),
          f"mix {mix:x}, counted {int(totals[MIX]):x}")
    counted = int(totals[MISS]) + (int(totals[MISS + 1]) << 32)
    close = abs(miss - counted) < 2 * int(totals[0]) + 1e-6 * counted
    check(f"{name}_misses_add_up", close, f"{miss}, counted {counted}")
    return rows


def smooth(name, rows, columns):
    """Checks that positions are continuous: the second difference of a column over the step squared stays below 500
    m/s2, which no acceleration of these scenarios reaches."""
    for column in columns:
        place = [float(row[column]) for row in rows]
        time = [float(row["time (s)"]) for row in rows]
        speed = [(b - a) / (t - s) for a, b, s, t in zip(place, place[1:], time, time[1:])]
        jump = max(abs(b - a) / (t - s) for a, b, s, t in zip(speed, speed[1:], time, time[2:]) if t - s > 0.01)
        check(f"{name}_{column.split()[0]}_is_smooth", jump < 500, f"an acceleration of {jump} m/s2")


rows = replay("linear", LINEAR, None, 2)
check("linear_ends_at_blind_time", abs(float(rows[-1]["time_to_go (s)"]) - 0.001) < 1e-6, rows[-1])
smooth("linear", rows, ["y (m)", "z (m)"])
rows = replay("point_mass", POINT_MASS, 1, 1)
smooth("point_mass", rows, ["target_x (m)", "target_z (m)", "interceptor_x (m)", "interceptor_z (m)"])
last = rows[-1]
meet = max(abs(float(last[f"target_{axis} (m)"]) - float(last[f"interceptor_{axis} (m)"])) for axis in "xyz")
check("point_mass_bodies_meet", meet < float(last["range (m)"]) * 1.01 and float(last["range (m)"]) < 50, last)

TURNING = """zem: 1
engagement: {kinematics: point-mass, flight_time: 4 s, intercept_altitude: 30 km}
target: {maneuver: %s, acceleration: 100 m/s2, period: 3 s, start: 0 s, speed: 2 km/s, flight_path_angle: -40 degree%s}
interceptor: {speed: 1.5 km/s, guidance: none, flight_path_angle: 10 degree, heading: 260 degree}
scoring: {hit_radius: 1 m}
run: {trials: 1, seed: 1, step: %s}
"""


def target_track(maneuver, drag, step):
    """Returns the times and the positions of a target that an unguided interceptor does not disturb."""
    with open("turning.yaml", "w") as file:
        file.write(TURNING % (maneuver, drag, step))
    rows = trace("turning.yaml", None, 0, 0)[1]
    places = [[float(row[f"target_{axis} (m)"]) for axis in "xyz"] for row in rows]
    return [float(row["time (s)"]) for row in rows], places


def energy(track, row):
    """Returns kinetic and potential energy per mass at a row, m2/s2. The speed is the difference of the positions two
    rows before and after. Its relative error is a sixth of the squared angle through which the velocity turns in two
    rows, 1e-6."""
    time, place = track
    span = time[row + 2] - time[row - 2]
    square = sum(((b - a) / span) ** 2 for a, b in zip(place[row - 2], place[row + 2]))
    return square / 2 + 9.80665 * place[row][2]


# An acceleration normal to the velocity does no work. Positions have 5e-4 m in single precision, 1e-5 of the energy.
for maneuver in ("step", "weave", "spiral"):
    track = target_track(maneuver, "", "25 ms")
    gain = energy(track, 80) / energy(track, 2) - 1
    check(f"a_maneuver_does_no_work/{maneuver}", abs(gain) < 2e-5, f"the energy changes by {gain:.2g}")
# The error of the position is of second order in the step: with steps of 50 ms and 12.5 ms it differs by less than
# 5 cm, of which rounded times make 1 cm. If drag did not turn with the velocity, it would differ by 5.4 to 12 cm.
for maneuver in ("step", "weave", "spiral"):
    after = []
    for step in ("50 ms", "12.5 ms"):
        time, place = target_track(maneuver, ", ballistic_coefficient: 400 kg/m2", step)
        after.append(place[min(range(len(time)), key=lambda k: abs(time[k] - 2))])
    apart = sum((a - b) ** 2 for a, b in zip(*after)) ** 0.5
    check(f"drag_turns_with_the_velocity/{maneuver}", apart < 0.05, f"{apart} m apart")

for number, told in ((39, ""), (40, "zem: trace: a run of this scenario flies only the trials 0 to 39 of this cell\n")):
    done = subprocess.run([ZEM, "trace", "linear.yaml", "--cell", "0", "--trial", str(number)], capture_output=True,
                          text=True, check=False)
    check(f"a_trial_that_no_run_flies_is_told/{number}", done.returncode == 0 and done.stderr == told, done.stderr)
