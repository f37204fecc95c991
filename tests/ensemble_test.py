#!/usr/bin/env python3
"""Ensembles of time histories (zem trace --ensemble). In the linear loop the mean and the standard deviation of
zero-effort miss, acceleration and line-of-sight rate are compared with covariance analysis, which is integrated here
from the equations of models/README.md. In both kinematics the statistics equal those that numpy computes from single
traces of the same trials, and an ensemble of one trial equals its trace. The HDF5 file opens in xarray with warnings as
errors.

False alarms: the comparison with covariance analysis makes about 480 tests, which depend on each other, at 4.5 standard
errors. Fewer than 1 of 300 seeds fail by chance. The seed was fixed before looking."""
import csv
import importlib
import os
import pathlib
import re
import warnings

import h5py
import numpy as np
import xarray

from python.expect import skip, verdict, zem

PAGE = pathlib.Path("models/FILE-FORMAT.md").read_text(encoding="utf-8")
os.chdir(os.environ["SCRATCH"])

VC, VM, FLIGHT, GAIN = 3000.0, 2000.0, 3.0, 4.0
SEEKER, FILTER, AUTOPILOT = 0.1, 0.08, 0.2
GLINT, ANGLE = 0.04, 2e-9
LEVEL, RATE = 40.0, 0.7
HEADING_MEAN, HEADING_SIGMA, PLACE_SIGMA = 0.004, 0.006, 15.0
TRIALS = 20000
LOOP = f"""zem: 1
title: The linear loop
engagement: {{kinematics: linear, flight_time: {FLIGHT} s, closing_speed: {VC} m/s}}
target: {{maneuver: telegraph, acceleration: {LEVEL} m/s2, switching_rate: {RATE} Hz}}
interceptor: {{speed: {VM} m/s, guidance: pn, navigation_gain: {GAIN}, seeker_lag: {SEEKER} s, filter_lag: {FILTER} s,
              autopilot_lag: {AUTOPILOT} s,
              heading_error_y: {{mean: {HEADING_MEAN} radian, sigma: {HEADING_SIGMA} radian}},
              displacement_y: {{mean: 0 m, sigma: {PLACE_SIGMA} m}}}}
seeker: {{glint: {GLINT} m2/Hz, angle_noise: {ANGLE} rad2/Hz}}
scoring: {{hit_radius: [1 m]}}
run: {{trials: 400, seed: 20, step: 4 ms}}
"""
CALM = """zem: 1
title: Without chance
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 5 gravity}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 3, autopilot_lag: 0.3 s, acceleration_limit: 12 gravity}
scoring: {hit_radius: [1 m]}
run: {trials: 100, seed: 3}
"""
BODIES = """zem: 1
title: Bodies
engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}
target: {speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, maneuver: weave,
         acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, guidance: pn, navigation_gain: 4, seeker_lag: 0.05 s,
              filter_lag: 0.05 s, autopilot_lag: 0.3 s, acceleration_limit: 30 gravity,
              displacement_z: {mean: 0 m, sigma: 30 m}}
seeker: {angle_noise: 1e-9 rad2/Hz}
salvo: {shots: 2, spacing: 0.2 s}
scoring: {hit_radius: [1 m]}
sweep: [{parameter: target.acceleration, values: [2 gravity, 8 gravity]}]
run: {trials: 30, seed: 12}
"""
QUANTITIES = ("zero_effort_miss", "acceleration", "sight_rate")
COMPONENTS = ("y", "z", "magnitude")
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def ensemble(file, trials, *options):
    """Runs zem trace --ensemble and returns the ensemble as an xarray data set. A warning of xarray is an error."""
    out = zem("trace", file, "--ensemble", trials, "-o", "ensemble.h5", *options)
    if out.returncode != 0:
        raise RuntimeError(out.stderr)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with xarray.open_dataset("ensemble.h5", engine="h5netcdf") as data:
            return data.load()


def exceeds(apart, error):
    """Returns the largest distance in standard errors. A distance below 1e-9 is rounding and counts as 0."""
    return float(np.max(np.where(np.abs(apart) < 1e-9, 0, np.abs(apart) / np.maximum(error, 1e-300))))


# ---- covariance analysis ----


def loop(to_go):
    """The matrix of x' = A x + G w for x = (y, y', nT, tracker, filter, achieved), and the density of the noise."""
    matrix, gain = np.zeros((6, 6)), np.zeros(6)
    signal = np.array([1 / (VC * to_go), 0, 0, -1, 0, 0]) / SEEKER
    matrix[0, 1] = 1
    matrix[1, 2], matrix[1, 5] = 1, -1
    matrix[3] = signal
    matrix[4] = signal / FILTER
    matrix[4, 4] -= 1 / FILTER
    matrix[5, 4], matrix[5, 5] = GAIN * VC / AUTOPILOT, -1 / AUTOPILOT
    gain[3], gain[4] = 1 / SEEKER, 1 / (SEEKER * FILTER)
    return matrix, gain, GLINT / (VC * to_go) ** 2 + ANGLE


def slope(to_go, mean, covariance, switching):
    matrix, gain, density = loop(to_go)
    matrix[2, 2] = -2 * switching  # the telegraph has the autocorrelation LEVEL^2 exp(-2 nu |tau|)
    spread = matrix @ covariance + covariance @ matrix.T + density * np.outer(gain, gain)
    spread[2, 2] += 4 * switching * LEVEL**2
    return matrix @ mean, spread


def covariance_analysis(times, first, switching=RATE):
    """Returns the mean and the standard deviation of the three quantities in one channel at the times to go `times`,
    which decrease. Integrates with Runge-Kutta steps that are short against every lag and the time to go. `first` has
    the means and the variances of the six states at the start of homing."""
    mean, covariance = first[0].copy(), np.diag(first[1]).astype(float)
    to_go, rows = FLIGHT, []
    for wanted in times:
        while to_go > wanted + 1e-12:
            h = min(0.002, to_go / 40, to_go - wanted)
            one = slope(to_go, mean, covariance, switching)
            two = slope(to_go - h / 2, mean + h / 2 * one[0], covariance + h / 2 * one[1], switching)
            three = slope(to_go - h / 2, mean + h / 2 * two[0], covariance + h / 2 * two[1], switching)
            four = slope(to_go - h, mean + h * three[0], covariance + h * three[1], switching)
            mean = mean + h / 6 * (one[0] + 2 * two[0] + 2 * three[0] + four[0])
            covariance = covariance + h / 6 * (one[1] + 2 * two[1] + 2 * three[1] + four[1])
            to_go -= h
        miss = np.array([1, to_go, 0, 0, 0, 0])
        views = (miss, np.array([0, 0, 0, 0, 0, 1.0]), miss / (VC * to_go**2))
        rows.append([(view @ mean, np.sqrt(view @ covariance @ view)) for view in views])
    return np.array(rows)


def check_covariance():
    pathlib.Path("loop.yaml").write_text(LOOP, encoding="utf-8")
    data = ensemble("loop.yaml", TRIALS, "--points", 41)
    times = data.time_to_go.values
    verdict("points_are_as_many_as_asked_for", "" if len(times) == 41 else f"{len(times)}")
    placed = (np.array([0, -VM * HEADING_MEAN, 0, 0, 0, 0]),
              np.array([PLACE_SIGMA**2, (VM * HEADING_SIGMA) ** 2, LEVEL**2, 0, 0, 0]))
    for channel, first, switching in ((0, placed, RATE), (1, (np.zeros(6), np.zeros(6)), 0.0)):
        right = covariance_analysis(times, first, switching)
        for i, quantity in enumerate(QUANTITIES):
            pick = {"component": channel}
            worst = exceeds(data[quantity + "_mean"].isel(pick) - right[:, i, 0],
                            data[quantity + "_mean_error"].isel(pick))
            verdict(f"mean_of_{quantity}_{COMPONENTS[channel]}_is_that_of_the_loop",
                    "" if worst < 4.5 else f"{worst:.1f} standard errors away")
            worst = exceeds(data[quantity + "_std"].isel(pick) - right[:, i, 1],
                            data[quantity + "_std_error"].isel(pick))
            verdict(f"deviation_of_{quantity}_{COMPONENTS[channel]}_is_that_of_covariance_analysis",
                    "" if worst < 4.5 else f"{worst:.1f} standard errors away")
    wrong = covariance_analysis(times, placed, 1.1 * RATE)
    worst = exceeds(data.zero_effort_miss_std.isel(component=0) - wrong[:, 0, 1],
                    data.zero_effort_miss_std_error.isel(component=0))
    verdict("a_switching_rate_that_is_10_percent_off_is_seen", "" if worst > 4.5 else f"{worst:.1f} standard errors")


# ---- single traces ----


def trace(file, trial, *options):
    out = zem("trace", file, "--trial", trial, *options).stdout
    rows = list(csv.DictReader(line for line in out.splitlines() if not line.startswith("#")))
    said = dict(re.findall(r"^# (\w+): (\S+)", out, re.MULTILINE))
    return [row for row in rows if row["step (s)"]], said


def columns(rows):
    """Returns for each step the zero-effort miss, the acceleration and the line-of-sight rate, each in both channels,
    and whether the acceleration limit acts."""
    def of(name):
        return np.array([float(row[name]) for row in rows])
    arm = of("range (m)") * of("time_to_go (s)")
    rates = [of(f"sight_rate_{c} (rad/s)") for c in "yz"]
    return [rate * arm for rate in rates] + [of(f"achieved_{c} (m/s2)") for c in "yz"] + rates + [of("saturated")]


def check_one_trial():
    pathlib.Path("calm.yaml").write_text(CALM, encoding="utf-8")
    for name, file in (("one_trial", "loop.yaml"), ("one_trial_without_chance", "calm.yaml")):
        data, (rows, _) = ensemble(file, 1, "--trial", 7, "--points", 60), trace(file, 7)
        times = np.array([float(row["time_to_go (s)"]) for row in rows])
        at = [int(np.argmin(np.abs(times - time))) for time in data.time_to_go.values]
        steps = np.max(np.abs(times[at] / data.time_to_go.values - 1))
        verdict(f"{name}_has_points_at_its_steps", "" if steps < 1e-7 else f"{steps}")
        own = columns(rows)
        apart = max(float(np.max(np.abs(data[quantity + "_mean"].values[:, c] - own[2 * i + c][at])
                                 / (1e-6 * np.max(np.abs(own[2 * i + c][at])) + 1e-12)))
                    for i, quantity in enumerate(QUANTITIES) for c in range(2))
        # The program rounds the zero-effort miss, a product, to single precision; this test does not. A millionth
        # covers it.
        verdict(f"{name}_is_its_trace", "" if apart < 1 else f"{apart} of a millionth of the largest value")
        verdict(f"{name}_has_no_deviation", "" if bool(np.isnan(data.acceleration_std).all()) else "it has")
        verdict(f"{name}_meets_its_limit_as_traced",
                "" if np.array_equal(data.saturated.values, own[6][at]) else "not so")
    data = ensemble("calm.yaml", 5)
    verdict("trials_without_chance_do_not_differ", "" if float(np.max(np.abs(data.zero_effort_miss_std))) < 1e-4 else
            f"{float(np.max(np.abs(data.zero_effort_miss_std)))} m")


def interpolated(rows, said, times):
    """Returns the values of one trial at the given times to go, and NaN at times which its flight does not cover.
    Whether the limit acts is taken from the step in which a time lies; the other values are interpolated."""
    own = float(said["flight_time"]) - np.array([float(row["time (s)"]) for row in rows])
    values = [np.interp(-times, -own, column, left=np.nan, right=np.nan) for column in columns(rows)[:6]]
    step = np.clip(np.searchsorted(-own, -times, side="right") - 1, 0, len(own) - 1)
    return np.array(values + [np.where(np.isnan(values[0]), np.nan, columns(rows)[6][step])])


def check_statistics():
    pathlib.Path("bodies.yaml").write_text(BODIES, encoding="utf-8")
    count, options = 25, ("--cell", "1", "--shot", "1")
    data = ensemble("bodies.yaml", count, "--trial", 3, "--points", 23, *options)
    flown = np.array([interpolated(*trace("bodies.yaml", 3 + k, *options), data.time_to_go.values)
                      for k in range(count)])  # trials x values x points
    flying = np.sum(~np.isnan(flown[:, 0]), axis=0)
    verdict("trials_are_counted_where_they_fly", "" if np.array_equal(data.trials, flying) else f"{flying}")
    verdict("limits_are_counted", "" if np.array_equal(data.saturated, np.nansum(flown[:, 6], axis=0)) else "not so")
    for i, quantity in enumerate(QUANTITIES):
        y, z = flown[:, 2 * i], flown[:, 2 * i + 1]
        right = {"mean": np.nanmean, "std": lambda v, axis: np.nanstd(v, axis=axis, ddof=1)}
        for c, value in enumerate((y, z, np.hypot(y, z))):
            some = flying > 5
            size = np.nanmax(np.abs(value))
            found = {name: data[f"{quantity}_{name}"].values[some, c] for name in right}
            apart = max(np.max(np.abs(found[name] - right[name](value, axis=0)[some])) for name in right) / size
            verdict(f"moments_of_{quantity}_{COMPONENTS[c]}_are_those_of_the_traces",
                    "" if apart < 1e-5 else f"{apart}")
            quantiles = np.nanquantile(value, LEVELS, axis=0).T[some]
            apart = np.max(np.abs(data[quantity + "_quantile"].values[some, c] - quantiles)) / size
            verdict(f"quantiles_of_{quantity}_{COMPONENTS[c]}_are_those_of_the_traces",
                    "" if apart < 1e-5 else f"{apart}")
            error = found["std"] / np.sqrt(flying[some])
            apart = np.max(np.abs(data[quantity + "_mean_error"].values[some, c] - error)) / size
            verdict(f"error_of_{quantity}_{COMPONENTS[c]}_is_that_of_its_mean", "" if apart < 1e-7 else f"{apart}")
            n, fourth = flying, np.nanmean((value - np.nanmean(value, axis=0)) ** 4, axis=0)
            variance = right["std"](value, axis=0) ** 2
            error = np.sqrt((fourth - variance**2 * (n - 3) / (n - 1)) / n / (4 * variance))[some]
            apart = np.max(np.abs(data[quantity + "_std_error"].values[some, c] - error)) / size
            verdict(f"error_of_{quantity}_{COMPONENTS[c]}_is_that_of_its_deviation", "" if apart < 1e-5 else f"{apart}")
    verdict("outcomes_add_up", "" if int(data.outcomes.sum()) == count else f"{data.outcomes.values}")
    # With 25 trials the 95 % interval of the median ends at the 8th and the 18th smallest value, beyond each of which
    # lies a binomial tail of 0.0216.
    last = np.sort(flown[:, 0, -2])
    found = tuple(float(data[f"zero_effort_miss_quantile_{end}"][-2, 0, 2]) for end in ("lower", "upper"))
    good = np.allclose(found, (last[7], last[17]), rtol=1e-5)
    verdict("limits_of_the_median_are_order_statistics", "" if good else f"{found}, expected {last[7]}, {last[17]}")
    high = data.zero_effort_miss_quantile_upper[-2, 0, 4]
    verdict("too_few_trials_have_no_upper_limit", "" if np.isposinf(high) else f"{float(high)}")


# ---- files ----


def check_files():
    data = ensemble("loop.yaml", 50, "--points", 9)
    out = zem("trace", "loop.yaml", "--ensemble", 50, "--points", 9)
    lines = out.stdout.splitlines()
    said = [line for line in lines if line.startswith("#")]
    good = lines[:len(said)] == said and "# scenario_name: loop.yaml" in said and any(
        line.startswith("# seed: ") for line in said)
    verdict("csv_says_where_it_comes_from", "" if good else str(said))
    rows = list(csv.DictReader(lines[len(said):]))
    same = (np.array_equal([float(row["zero_effort_miss_std[y] (m)"]) for row in rows], data.zero_effort_miss_std[:, 0])
            and np.array_equal([float(row["sight_rate_quantile[z][0.95] (rad/s)"]) for row in rows],
                               data.sight_rate_quantile[:, 1, 4]))
    verdict("csv_has_the_same_numbers", "" if same else f"{out.stdout[:200]}{out.stderr}")
    try:
        importlib.import_module("netCDF4")  # outside, because it warns of the numpy that it was built with
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with xarray.open_dataset("ensemble.h5", engine="netcdf4") as other:
                verdict("both_engines_read_the_same", "" if other.load().equals(data) else "they differ")
    except ImportError as error:
        skip("both_engines_read_the_same", error)
    with h5py.File("ensemble.h5") as file:
        bare = [name for name in file if not {"units", "long_name"} <= set(file[name].attrs)]
        verdict("everything_has_unit_and_long_name", "" if not bare else f"{bare} have none")
    lost = [name for name in list(data.variables) + list(data.attrs)
            if name not in PAGE and not any(name.startswith(quantity) for quantity in QUANTITIES)]
    lost += [quantity for quantity in QUANTITIES if f"| `{quantity}_" not in PAGE and f"`{quantity}`" not in PAGE]
    verdict("the_format_page_names_everything", "" if not lost else f"not {lost}")
    first = pathlib.Path("ensemble.h5").read_bytes()
    ensemble("loop.yaml", 50, "--points", 9)
    same = pathlib.Path("ensemble.h5").read_bytes() == first
    verdict("the_same_trials_give_the_same_bytes", "" if same else "they do not")
    out = zem("trace", "loop.yaml", "--ensemble", 50, "-o", "ensemble.svg")
    drawn = out.returncode == 0 and pathlib.Path("ensemble.svg").read_text(encoding="utf-8").count("zero-effort") == 2
    print("skip a_picture_is_drawn: no gnuplot" if "gnuplot-nox" in out.stderr else
          "ok a_picture_is_drawn" if drawn else f"not ok a_picture_is_drawn: {out.stderr}")


def refused(name, code, text, *arguments):
    out = zem("trace", *arguments)
    good = out.returncode == code and text in out.stderr
    verdict(name, "" if good else f"exit code {out.returncode}: {out.stderr}")


def check_refusals():
    zem("run", "loop.yaml", "-o", "loop.h5", "--quiet")
    refused("points_without_an_ensemble_are_64", 64, "--points goes with --ensemble", "loop.yaml", "--points", "5")
    refused("another_ending_is_64", 64, "must end in .h5", "loop.yaml", "--ensemble", "5", "-o", "x.txt")
    refused("a_shot_beyond_the_salvo_is_64", 64, "--shot 1", "loop.yaml", "--ensemble", "5", "--shot", "1")
    refused("more_than_fits_is_64", 64, "take fewer trials", "loop.yaml", "--ensemble", "10000000", "--points", "10001")
    refused("a_trial_beyond_the_last_is_64", 64, "the last that a cell can have", "loop.yaml", "--ensemble", "5",
            "--trial", 2**56 - 3)
    refused("trials_that_were_not_counted_are_64", 64, "trial 400 is none of the 400", "loop.h5", "--ensemble", "401")
    refused("trials_that_pass_nowhere_are_65", 65, "none of the 5 trials came to a closest approach", "point-mass",
            "--cell", "0,0", "--ensemble", "5", "--set", "interceptor.heading_error_y=180 degree")
    refused("an_input_is_not_replaced", 73, "loop.h5", "loop.h5", "--ensemble", "5", "-o", "loop.h5")
    out = zem("trace", "loop.h5", "--ensemble", 400, "--points", 5)
    same = out.returncode == 0 and out.stdout == zem("trace", "loop.yaml", "--ensemble", 400, "--points", 5).stdout
    verdict("a_result_gives_the_ensemble_of_its_scenario", "" if same else f"{out.stderr}")
    left = [path.name for path in pathlib.Path(".").iterdir() if path.name.endswith(".part")]
    verdict("nothing_unfinished_is_left", "" if not left else f"{left}")


check_covariance()
check_one_trial()
check_statistics()
check_files()
check_refusals()
