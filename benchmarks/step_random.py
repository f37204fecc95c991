#!/usr/bin/env python3
"""Measures the error of p_hit that the default step causes in scenarios drawn at random: `make steps-random`.

Usage: step_random.py ZEM [SCENARIOS [SEED]]. The scenarios have no run.step. Each gets five hit radii, from 15 to 85 %
of the range of its misses, and the same trials are flown with the default step and with short steps. The script prints
a line for each scenario: the largest difference of p_hit, divided by the half-width of a 95 % interval at 1e5 trials.
With seeker noise, shorter steps draw other random numbers. Such scenarios fly 4e5 trials, and 2.5 standard errors are
subtracted from the difference.
"""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

TRIALS, NOISY_TRIALS = 100000, 400000
SHARES = np.linspace(0.15, 0.85, 5)  # where the hit radii lie in the range of the misses
CHANCE = 2.5 * np.sqrt(2.0) / 1.96 * np.sqrt(1e5 / NOISY_TRIALS)  # 2.5 standard errors of a difference, in half-widths


class Draw:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def log(self, low, high):
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    def uniform(self, low, high):
        return float(self.rng.uniform(low, high))

    def chance(self, share):
        return self.rng.random() < share

    def one(self, *words):
        return str(self.rng.choice(words))


def interceptor(d, law, lag, level, flight, noisy):
    keys = {"speed": f"{d.uniform(1.2, 2.5):.2f} km/s", "guidance": law, "navigation_gain": f"{d.uniform(2.5, 6):.2f}",
            "autopilot_order": str(int(d.rng.integers(1, 6))), "autopilot_lag": f"{lag:.4f} s"}
    if noisy or d.chance(0.3):
        keys["seeker_lag"] = f"{lag * d.log(0.1, 1):.4f} s"
        keys["filter_lag"] = f"{lag * d.log(0.1, 1):.4f} s"
    if d.chance(0.5):
        keys["acceleration_limit"] = f"{level * d.log(1.2, 6):.1f} m/s2"
    if d.chance(0.2):
        keys["divert_limit"] = f"{level * flight * d.log(0.3, 1.5):.1f} m/s"
    for channel in "yz":
        if d.chance(0.4):
            keys[f"heading_error_{channel}"] = "{mean: 0 degree, sigma: %.3f degree}" % d.log(0.05, 1)
        if d.chance(0.2):
            keys[f"displacement_{channel}"] = "{mean: 0 m, sigma: %.2f m}" % d.log(0.5, 30)
    return keys


def target(d, level, flight):
    keys = {"maneuver": d.one("none", "weave", "weave", "spiral", "step", "telegraph"),
            "acceleration": f"{level:.1f} m/s2", "period": f"{d.log(0.3, 6):.3f} s",
            "phase": "{from: 0 degree, to: 360 degree}",
            "switching_rate": f"{d.log(0.1, 5):.3f} Hz", "start": "{from: 0 s, to: %.3f s}" % flight}
    if d.chance(0.3):
        keys["roll"] = "{from: 0 degree, to: 360 degree}"
    return keys


def scenario(d):
    """Draws a scenario. Returns its sections, each a dict of keys, and whether its seeker has noise."""
    law = d.one("pn", "pn", "pn", "apn", "ogl")
    estimator = d.one("none", "none", "perfect", "kalman")
    lag, level, flight = d.log(0.05, 1), d.log(5, 100), d.log(1.5, 12)
    noisy = estimator == "kalman" or estimator == "none" and law == "pn" and d.chance(0.5)
    chaser, prey = interceptor(d, law, lag, level, flight, noisy), target(d, level, flight)
    engagement = {"kinematics": "linear", "flight_time": f"{flight:.3f} s",
                  "closing_speed": f"{d.log(0.3, 6):.3f} km/s"}
    if d.chance(0.45):
        engagement = {"kinematics": "point-mass", "flight_time": f"{flight:.3f} s",
                      "intercept_altitude": f"{d.uniform(8, 50):.1f} km"}
        prey.update(speed=f"{d.uniform(1, 3):.2f} km/s", flight_path_angle=f"{d.uniform(-60, -10):.1f} degree")
        chaser.update(flight_path_angle=f"{d.uniform(0, 40):.1f} degree", heading=f"{d.uniform(150, 210):.1f} degree")
        if d.chance(0.5):
            prey["ballistic_coefficient"] = f"{d.log(1000, 10000):.0f} kg/m2"
        if d.chance(0.5):
            chaser["ballistic_coefficient"] = f"{d.log(2000, 12000):.0f} kg/m2"
        if d.chance(0.2):
            chaser["aerodynamic_limit"] = f"{d.uniform(5, 60):.1f} gravity"
    seeker = {"estimator": estimator, "blind_time": d.one("1 ms", "0.1 ms", "10 ms")}
    if noisy:
        seeker.update(glint=f"{d.log(0.001, 0.1):.5f} m2/Hz", angle_noise=f"{d.log(1e-11, 1e-8):.3g} rad2/Hz")
    return {"engagement": engagement, "target": prey, "interceptor": chaser, "seeker": seeker}, noisy


def text_of(sections, radii, trials, seed):
    lines = ["zem: 1"]
    for name, keys in sections.items():
        lines += [f"{name}:"] + [f"  {key}: {value}" for key, value in keys.items()]
    lines.append("scoring: {hit_radius: [%s]}" % ", ".join(f"{radius} m" for radius in radii))
    return "\n".join(lines + ["run: {trials: %d, seed: %d}" % (trials, seed), ""])


def short_steps(sections, noisy):
    keys = sections["interceptor"]
    lags = [float(keys[key].split()[0]) for key in ("seeker_lag", "filter_lag") if key in keys]
    lags.append(float(keys["autopilot_lag"].split()[0]) / int(keys["autopilot_order"]))
    step = min(0.008 if noisy else 0.004, 0.2 * min(lags))
    return ["--set", f"run.step={step:.6f} s", "--set", f"run.step_ratio={40 if noisy else 60}"]


def fly(zem, folder, text, *options):
    path = os.path.join(folder, "scenario")
    with open(path + ".yaml", "w", encoding="utf-8") as file:
        file.write(text)
    command = [zem, "run", path + ".yaml", "-o", path + ".h5", "--force", "--quiet", "--device", "openmp", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1][:200])
    with h5py.File(path + ".h5") as file:
        return np.ravel(file["p_hit"][()]), np.ravel(file["miss_quantile"][()])


def radii_between(quantiles, shares):
    """Returns hit radii at these shares of the range of the misses, or none if the misses hardly differ."""
    low, high = quantiles[0], quantiles[-1]
    if high < 1.3 * low:
        return []
    return sorted({round(float(v), 6) for v in np.array(shares) * (high - low) + low if v > 0})


def in_half_widths(difference, p_hit):
    """Returns differences of p_hit, divided by the half-width of a 95 % interval at 1e5 trials."""
    return np.abs(difference) / (1.96 * np.sqrt(np.maximum(p_hit * (1 - p_hit), 1e-5) / 1e5))


def scenarios(draw):
    """Draws scenarios without end: the sections, whether the seeker has noise, and the seed of the trials."""
    while True:
        sections, noisy = scenario(draw)
        yield sections, noisy, int(draw.rng.integers(1, 1 << 31))


def error_of(zem, folder, sections, noisy, seed):
    """Returns the largest error of p_hit in half-widths, or None if the misses hardly differ from each other."""
    fine = short_steps(sections, noisy)
    _, quantiles = fly(zem, folder, text_of(sections, [1], 20000, seed), *fine)
    radii = radii_between(quantiles, SHARES)
    if not radii:
        return None
    text = text_of(sections, radii, NOISY_TRIALS if noisy else TRIALS, seed)
    own, best = fly(zem, folder, text)[0], fly(zem, folder, text, *fine)[0]
    return float(np.max(np.maximum(in_half_widths(own - best, best) - (CHANCE if noisy else 0.0), 0.0)))


def main():
    zem = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    draw = Draw(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    errors = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (sections, noisy, seed) in zip(range(count), scenarios(draw)):
            words = [sections["engagement"]["kinematics"], sections["target"]["maneuver"],
                     sections["interceptor"]["guidance"], sections["seeker"]["estimator"]]
            words += [key for key in ("acceleration_limit", "divert_limit") if key in sections["interceptor"]]
            try:
                error = error_of(zem, folder, sections, noisy, seed)
            except RuntimeError as refusal:
                print(f"{number:4d} refused: {refusal}")
                continue
            if error is None:
                print(f"{number:4d} left out: the trials hardly differ")
                continue
            errors.append(error)
            print(f"{number:4d} {error:6.2f}  {' '.join(words)}{' noisy' if noisy else ''}", flush=True)
    if not errors:
        sys.exit("step_random: no scenario was flown")
    within = 100.0 * np.mean(np.array(errors) <= 0.25)
    print(f"{len(errors)} scenarios: {within:.0f} % within a quarter of the half-width, "
          f"median {np.median(errors):.2f}, worst {max(errors):.1f}")


if __name__ == "__main__":
    main()
