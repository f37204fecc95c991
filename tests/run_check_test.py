#!/usr/bin/env python3
"""What `zem check` says of a large grid comes from a part of its cells: it needs little memory, and foretells the
trials of a run to a precision."""
import json
import os
import pathlib

from python.expect import ZEM, cheap_grid, check, peak_of, skip, zem

os.chdir(os.environ["SCRATCH"])

# First, because Linux counts the peak of this process as that of the program that it starts.
if "san/" in ZEM:
    skip("a_check_of_a_million_cells_takes_little_memory", "a sanitizer takes memory of its own")
else:
    # An axis with two points cannot be shortened.
    for name, rows, columns in ("a_million_cells", 2000, 500), ("a_long_axis", 500000, 2):
        pathlib.Path("large.yaml").write_text(cheap_grid(rows, columns, 10000), encoding="utf-8")
        code, taken = peak_of("check", "large.yaml", "--device", "openmp")
        check(f"a_check_of_{name}_takes_little_memory", code == 0 and taken < 100 << 20, f"{code}, {taken >> 20} MiB")

pathlib.Path("grid.yaml").write_text(cheap_grid(200, 100, 10000), encoding="utf-8")

WEAVE = """zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: 1 m}
sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 8 gravity, points: 120}
  - {parameter: target.period, from: 1 s, to: 4 s, points: 300}
run: {trials: 4000, seed: 4}
"""
pathlib.Path("weave.yaml").write_text(WEAVE, encoding="utf-8")

# The part has a fifth of the cells, and its pilot flies some of their trials. With six and three seeds, 0.18 and 0.15 %
# too many trials were foretold at most. The forecast fails on the first grid if it takes the mean growth between two
# tests instead of the next test (1.1 % too many), and on the second if it takes the ends of the axes instead of the
# middles of equal stretches (0.8 % too few). One thread is so slow that the run is not flown whole for the estimate.
THREAD = "--threads", "1", "--device", "openmp"
for grid, precision in ("grid", "0.02"), ("weave", "0.04"):
    wish = f"{grid}.yaml", "--precision", precision, *THREAD
    zem("run", *wish, "--output", f"{grid}.h5", "--quiet")
    said = json.loads(zem("check", *wish, "--json").stdout)
    table = zem("export", f"{grid}.h5").stdout.splitlines()
    column = [row.split(",") for row in table if not row.startswith("#")]
    wanted = sum(int(row[column[0].index("trials")]) for row in column[1:])
    check(f"a_part_foretells_the_trials_of_the_whole_{grid}", abs(said["trials"] - wanted) < 0.005 * wanted,
          f"{said['trials']} foretold, {wanted} flown")
    most = len(column[1:]) * (10000 if grid == "grid" else 4000)
    check(f"the_most_trials_are_those_of_the_whole_{grid}", said["trials_most"] == most, str(said["trials_most"]))

# The part must not be one column of the grid. In the first grid every 64th cell would be at the shortest step. In the
# second one, every third cell would have the gain 3, and the mistake is at the gain 4.
STEPS = """zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: 1 m}
sweep:
  - {parameter: interceptor.displacement_y, from: 0 m, to: 80 m, points: 63}
  - {parameter: run.step, from: 10 ms, to: 50 ms, points: 64}
run: {trials: 1}
"""
pathlib.Path("steps.yaml").write_text(STEPS, encoding="utf-8")
said = json.loads(zem("check", "steps.yaml", "--json").stdout)
check("the_steps_of_a_grid_are_those_of_all_its_columns", said["step"][0] < 0.012 and said["step"][1] > 0.048,
      str(said["step"]))
MISTAKE = """zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: pn, autopilot_lag: "= 1 s * (3.5 - interceptor.navigation_gain)"}
scoring: {hit_radius: 1 m}
sweep:
  - {parameter: interceptor.displacement_y, from: 0 m, to: 80 m, points: 2731}
  - {parameter: interceptor.navigation_gain, values: [3, 4, 3.2]}
run: {trials: 1}
"""
pathlib.Path("mistake.yaml").write_text(MISTAKE, encoding="utf-8")
answer = zem("check", "mistake.yaml")
check("a_mistake_in_one_column_of_a_large_grid_is_found",
      answer.returncode == 65 and "autopilot_lag" in answer.stdout + answer.stderr,
      f"{answer.returncode}: {answer.stdout}{answer.stderr}")
