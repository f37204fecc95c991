#!/usr/bin/env python3
"""Compares the default step with other settings of the step, by error and cost: `make steps-front`.

Usage: step_front.py ZEM [SCENARIOS [SEED]]. The scenarios are those of step_random.py without seeker noise, so that all
settings fly the same trials. The settings are the default, multiples of the default, and fractions of one simple rule:
a step of 0.12 of the sum of the lags and a step_ratio of 7, which was the default of kernel version 4. The cost of a
setting is its number of steps as step and step_ratio give it, divided by that of the default, as the geometric mean
over the scenarios. The error is the largest difference of p_hit at five hit radii from its value with
short steps, divided by the half-width of a 95 % interval at 1e5 trials. A setting is on the front if no other setting
has both a lower cost and a smaller error, at the 95 % quantile of the scenarios. Errors below about 0.07 are mostly
chance: they are a difference of ten hits in 50,000 trials.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import step_random

TRIALS = 50000
MULTIPLES = (2.0, 1.4, 0.7, 0.5)
FRACTIONS = (1.0, 0.5, 0.25)


def settings_of(zem, folder, sections):
    """Returns the step (s) and the step_ratio of each setting by its name."""
    command = [zem, "check", os.path.join(folder, "scenario.yaml"), "--json"]
    default = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    step, ratio = default["step"][0], default["step_ratio"][0]
    keys = sections["interceptor"]
    lags = sum(float(keys[key].split()[0]) for key in ("seeker_lag", "filter_lag", "autopilot_lag") if key in keys)
    settings = {"default": (step, ratio)}
    for factor in MULTIPLES:
        settings[f"default times {factor:g}"] = factor * step, max(ratio / factor, 2.0)
    for share in FRACTIONS:
        settings[f"simple rule times {share:g}"] = 0.12 * share * lags, 7.0 / share
    return settings


def steps_of(sections, step, ratio):
    """Returns the number of steps of a flight: equal ones first, then ones that shrink with the time to go."""
    flight_time = float(sections["engagement"]["flight_time"].split()[0])
    blind_time = 1e-3 * float(sections["seeker"]["blind_time"].split()[0])
    near = min(ratio * step, flight_time)  # the time to go at which the steps begin to shrink, s
    return (flight_time - near) / step + np.log(near / blind_time) / -np.log1p(-1.0 / ratio)


def compare(zem, folder, sections, seed):
    """Returns cost and error of each setting, or None if the misses hardly differ from each other."""
    fine = step_random.short_steps(sections, False)
    _, quantiles = step_random.fly(zem, folder, step_random.text_of(sections, [1], TRIALS, seed), *fine)
    radii = step_random.radii_between(quantiles, step_random.SHARES)
    if not radii:
        return None
    text = step_random.text_of(sections, radii, TRIALS, seed)
    best, _ = step_random.fly(zem, folder, text, *fine)
    results = {}
    for name, (step, ratio) in settings_of(zem, folder, sections).items():
        given = ["--set", f"run.step={step:.9f} s", "--set", f"run.step_ratio={ratio:.6f}"]
        p_hit, _ = step_random.fly(zem, folder, text, *([] if name == "default" else given))
        error = float(np.max(step_random.in_half_widths(p_hit - best, best)))
        results[name] = steps_of(sections, step, ratio), error
    base = results["default"][0]
    return {name: (steps / base, error) for name, (steps, error) in results.items()}


def print_table(rows):
    """Prints cost and error of each setting over all scenarios."""
    table = {}
    for name in rows[0]:
        errors = np.array([row[name][1] for row in rows])
        cost = float(np.exp(np.mean([np.log(row[name][0]) for row in rows])))
        table[name] = (cost, float(np.quantile(errors, 0.95, method="lower")), errors)
    print("| setting | steps | errors: median | 95 % quantile | largest | within 1/4, % | on the front |")
    print("|---|---|---|---|---|---|---|")
    for name, (cost, tail, errors) in sorted(table.items(), key=lambda item: item[1][0]):
        beaten = any(c <= cost and t <= tail and (c, t) != (cost, tail) for c, t, _ in table.values())
        within = 100.0 * np.mean(errors <= 0.25)
        print(f"| {name} | {cost:.2f} | {np.median(errors):.3f} | {tail:.2f} | {np.max(errors):.2f} | {within:.0f} "
              f"| {'no' if beaten else 'yes'} |")


def main():
    zem = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    draw = step_random.Draw(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for sections, noisy, seed in step_random.scenarios(draw):
            if len(rows) == count:
                break
            if noisy:
                continue
            try:
                row = compare(zem, folder, sections, seed)
            except (RuntimeError, subprocess.CalledProcessError) as refusal:
                print(f"left out: {refusal}", file=sys.stderr)
                continue
            if row is not None:
                rows.append(row)
                print(f"{len(rows)} of {count}", file=sys.stderr, flush=True)
    print_table(rows)


if __name__ == "__main__":
    main()
