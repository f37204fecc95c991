#!/usr/bin/env python3
"""The memory that `zem check` foretells differs by at most a fifth from the memory that `zem run` takes: for many
cells, for many steps of a Kalman filter, and for trials with parameters of their own."""
import json
import os
import pathlib

from python.expect import ZEM, check, peak_of, skip, zem

MODELS = pathlib.Path("models").resolve()
os.chdir(os.environ["SCRATCH"])

GRID = """zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}
target: {maneuver: step, acceleration: 5 gravity, start: {from: 0 s, to: 5 s}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.5 s}
scoring: {hit_radius: [1 m, 2 m, 4 m]}
sweep:
  - {parameter: target.acceleration, from: 0 gravity, to: 10 gravity, points: 300}
  - {parameter: interceptor.autopilot_lag, from: 0.2 s, to: 1 s, points: 300}
run: {trials: 16, seed: 1, step: 0.1 s}
"""

# The batches depend on the speed of the machine, and the libraries on the release of the system. Together they changed
# it by a tenth here.
TOLERANCE = 0.2


def foretold(scenario):
    return json.loads(zem("check", scenario, "--device", "openmp", "--json").stdout)


if "san/" in ZEM:
    skip("memory_is_foretold", "a sanitizer takes memory of its own")
else:
    pathlib.Path("cells.yaml").write_text(GRID, encoding="utf-8")
    for scenario in "cells.yaml", MODELS / "optimal-kalman.yaml", MODELS / "dispersed.yaml":
        name = pathlib.Path(scenario).stem.replace("-", "_")
        said = foretold(scenario)["memory_bytes"]
        code, taken = peak_of("run", scenario, "--device", "openmp", "--output", f"{name}.h5", "--quiet")
        check(f"memory_is_foretold_of_{name}", code == 0 and abs(said - taken) < TOLERANCE * taken,
              f"{code}, {said / 2**20:.1f} MiB foretold, {taken / 2**20:.1f} MiB taken")
