#!/usr/bin/env python3
"""Measures in scenarios drawn at random whether `zem converge` states the right error of p_hit: `make converge-random`.

Usage: converge_random.py ZEM [SCENARIOS [SEED]]. The scenarios are those of step_random.py. Each has three hit radii.
`zem converge --percent 10` states the error of p_hit for each of them, with an interval. The script then flies TRIALS
trials of another seed with the steps of the scenario and with short steps, and takes the difference of p_hit as the
true error. A line is covered if the true error lies in the stated interval, which is widened by 2.6 standard errors of
the true one, the 99 % of a normal distribution. A pass is wrong if the true error is above 0.15 of the half-width by
more than that. Without noise both flights have the same draws, and only trials that end otherwise make the standard
error. With noise other steps draw other random numbers, so the two flights are independent, and the comparison is
blunter.
"""
import json
import subprocess
import sys
import tempfile

import numpy as np

import step_random

TRIALS, STATED_TRIALS = 1000000, "64000"


def stated(zem, path):
    command = [zem, "converge", path, "--json", "--quiet", "--percent", "10", "--trials-max", STATED_TRIALS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 8):
        raise RuntimeError(done.stderr.strip().splitlines()[-1][:200])
    report = json.loads(done.stdout)
    lines = [line for line in report["cells"][0]["quantities"] if line["quantity"].startswith("p_hit")]
    return report["verdict"], report["cells"][0]["trials"], lines


def radii_of(zem, folder, sections):
    """Returns three hit radii between the misses, or none if the misses hardly differ."""
    _, quantiles = step_random.fly(zem, folder, step_random.text_of(sections, [1], 20000, 1))
    return step_random.radii_between(quantiles, (0.25, 0.5, 0.75))


def fine_steps(zem, path, sections, noisy):
    """Returns options for steps that are short, and at most half as long as the default, which follows the filter."""
    done = subprocess.run([zem, "check", path, "--json", "--device", "openmp"], capture_output=True, check=True)
    default = json.loads(done.stdout)["step"][0]
    options = step_random.short_steps(sections, noisy)
    step = float(options[1].split("=")[1].split()[0])
    return ["--set", f"run.step={min(step, 0.5 * default):.7f} s", *options[2:]]


def compare(zem, folder, sections, noisy, seed):
    """Returns for each hit radius whether the interval covers, the true and the stated error in half-widths, and the
    verdict, and whether it is a wrong pass."""
    radii = radii_of(zem, folder, sections)
    if not radii:
        return []
    text = step_random.text_of(sections, radii, step_random.TRIALS, seed)
    with open(f"{folder}/converge.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    verdict, trials, lines = stated(zem, f"{folder}/converge.yaml")
    other = step_random.text_of(sections, radii, TRIALS, seed + 1)
    fine = fine_steps(zem, f"{folder}/converge.yaml", sections, noisy)
    own, best = step_random.fly(zem, folder, other)[0], step_random.fly(zem, folder, other, *fine)[0]
    found = []
    for line, error, p in zip(lines, own - best, best):
        discordant = max(sum(line["discordant"]), 3) / trials  # their share; 3 if there is none, the rule of three
        chance = 2.6 * np.sqrt((2.0 * p * (1.0 - p) if noisy else discordant) / TRIALS)
        covered = line["error"]["lower"] - chance <= error <= line["error"]["upper"] + chance
        wrong = verdict == "passes" and abs(error) - chance > 0.15 * line["half_width"]
        found.append((covered, error / line["half_width"], line["error"]["value"] / line["half_width"], verdict, wrong))
    return found


def main():
    zem = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    draw = step_random.Draw(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    every = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (sections, noisy, seed) in zip(range(count), step_random.scenarios(draw)):
            try:
                found = compare(zem, folder, sections, noisy, seed)
            except RuntimeError as refusal:
                print(f"{number:4d} refused: {refusal}")
                continue
            every += [(noisy, *line) for line in found]
            for covered, error, value, verdict, wrong in found:
                print(f"{number:4d} true {error:7.3f}, stated {value:7.3f} half-widths, {verdict}"
                      f"{', noisy' if noisy else ''}"
                      f"{'' if covered else ', NOT COVERED'}{', WRONG PASS' if wrong else ''}", flush=True)
    if not every:
        sys.exit("converge_random: no scenario was flown")
    for kind, name in ((False, "without noise"), (True, "with noise")):
        lines = [line[1:] for line in every if line[0] == kind]
        if lines:
            print(f"{len(lines)} lines {name}: {100.0 * np.mean([line[0] for line in lines]):.0f} % covered, "
                  f"{sum(line[4] for line in lines)} wrong passes")


if __name__ == "__main__":
    main()
