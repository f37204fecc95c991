#!/usr/bin/env python3
"""`zem sensitivity` on scenarios whose answer is known. In free flight the miss is a function of two displacements, so
that quadrature gives the indices. In the linear loop the program computes the shares of the miss vector exactly; the
same loop with an acceleration limit that no trial reaches has its shares estimated from flown trials, and both must
agree. Further scenarios have one source alone, or a source without effect. The output must not depend on the number of
threads, nor on whether a scenario or its result is given, and its forms (text, JSON, HDF5, CSV) must agree.

False alarms: 57 estimates are compared with true values, each within 5 of its standard errors. An interval reaches 1.96
standard errors to either side of its estimate. By chance 3 of a hundred thousand seeds fail somewhere. The seeds were
fixed before looking."""
import csv
import json
import math
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time
import warnings

import numpy as np
import xarray

from python.expect import ZEM, skip, verdict, zem

PAGE = pathlib.Path("models/FILE-FORMAT.md").read_text(encoding="utf-8")
os.chdir(os.environ["SCRATCH"])

FREE = """zem: 1
title: Free flight
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, displacement_y: {mean: 0 m, sigma: 3 m},
              displacement_z: {mean: 0 m, sigma: 5 m}}
scoring: {hit_radius: [2 m, 4 m, 8 m]}
run: {trials: 4000, seed: 31}
"""
UNSEEN = """zem: 1
engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s,
              heading_error_y: {mean: 20 degree, sigma: 0.1 degree}}
seeker: {acquisition_range: 3 km, acquisition_angle: 1 degree}
scoring: {hit_radius: 1 m}
run: {trials: 300, seed: 3}
"""
ALONE = """zem: 1
engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 4 km/s}
interceptor: {speed: 2 km/s, autopilot_lag: 0.5 s, heading_error_y: {mean: 0 degree, sigma: 1 degree}}
scoring: {hit_radius: 1 m}
run: {trials: 100, seed: 1}
"""
SIGMA = (3.0, 5.0)
LOOP = """zem: 1
title: The linear loop
engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: {mean: 3 gravity, sigma: 1 gravity}, period: {from: 0.8 s, to: 1.6 s},
         phase: {from: 0 degree, to: 120 degree}, roll: {mean: 20 degree, sigma: 30 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 3, seeker_lag: 0.2 s, filter_lag: 0.15 s,
              autopilot_lag: 0.5 s, heading_error_y: {mean: 0.2 degree, sigma: 1 degree},
              displacement_z: {from: -50 m, to: 90 m}}
seeker: {glint: 0.4 m2/Hz, angle_noise: 1e-7 rad2/Hz}
scoring: {hit_radius: [2 m, 5 m], lethality: carleton}
run: {trials: 4000, seed: 32}
"""
ASTRAY = """zem: 1
title: Astray
engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}
target: {speed: 1 km/s, flight_path_angle: -40 degree, maneuver: telegraph, acceleration: 2 gravity}
interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, guidance: pn, autopilot_lag: 0.3 s,
              heading_error_y: {mean: 0 degree, sigma: 60 degree}}
scoring: {hit_radius: [1 m]}
run: {trials: 400, seed: 33}
"""
SWEPT = LOOP + "sweep: [{parameter: seeker.glint, values: [0 m2/Hz, 0.4 m2/Hz]}, " \
               "{parameter: interceptor.autopilot_lag, values: [0.3 s, 0.5 s, 0.7 s]}]\n"
# The host draws these keys, because the kernels do not draw their distributions. Without guidance y is VM HE tF plus
# the displacement, and the heading error HE has the mean 0.
HOST = """zem: 1
title: Drawn by the host
engagement: {kinematics: linear, flight_time: {from: 1 s, mode: 2 s, to: 6 s}, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 radian, sigma: 1e-3 radian},
              displacement_y: {values: [-4 m, 4 m]}, displacement_z: {median: 2 m, geometric_sigma: 1.5}}
scoring: {hit_radius: [4 m]}
run: {trials: 4000, seed: 34}
"""
CORRELATED = FREE + ("correlations: [{keys: [interceptor.displacement_y, interceptor.displacement_z], "
                     "coefficient: 0.5}]\n")
CALM = FREE.replace("{mean: 0 m, sigma: 3 m}", "3 m").replace("{mean: 0 m, sigma: 5 m}", "0 m")


def write(name, text):
    pathlib.Path(name).write_text(text, encoding="utf-8")
    return name


def study(file, *options):
    out = zem("sensitivity", file, "--json", "--quiet", *options)
    if out.returncode != 0:
        raise RuntimeError(out.stderr)
    return json.loads(out.stdout)


def dataset(file):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with xarray.open_dataset(file, engine="h5netcdf") as data:
            return data.load()


def far(estimate, right):
    """Whether an estimate is further than 5 standard errors from the true value. The interval reaches 1.96 standard
    errors to either side of the estimate, except where it is cut off at 0 or 1; the longer side is taken."""
    half = max(estimate["upper"] - estimate["value"], estimate["value"] - estimate["lower"])
    return abs(estimate["value"] - right) > 5 / 1.96 * half + 1e-9


# ---- free flight: miss = sqrt(y^2 + z^2) ----


def free_indices(output):
    """Returns the first-order indices of y and of z, the variance and the mean of output(y, z), where y and z are
    independent and normal with the standard deviations SIGMA. The integrals are sums over a grid of both."""
    grid = np.linspace(-9, 9, 1801)
    weight = np.exp(-grid * grid / 2)
    weight /= weight.sum()
    value = output(SIGMA[0] * grid[:, None], SIGMA[1] * grid[None, :])
    mean = weight @ value @ weight
    variance = weight @ (value * value) @ weight - mean**2
    first_y = (weight @ (value @ weight) ** 2 - mean**2) / variance
    first_z = (weight @ (weight @ value) ** 2 - mean**2) / variance
    return first_y, first_z, variance, mean


def smooth_hit(radius):
    """Returns what free_indices returns, for the indicator of a hit, which jumps at the radius and cannot be summed on
    a coarse grid. Given y, the probability of a hit is P(|z| < sqrt(r^2 - y^2)), which is smooth; y and z change places
    for the index of z."""
    erf = np.vectorize(math.erf)

    def given(own, other):
        x = np.linspace(-radius, radius, 20001)
        inside = erf(np.sqrt(np.maximum(radius**2 - x * x, 0)) / other / math.sqrt(2))
        density = np.exp(-x * x / (2 * own**2)) / (own * math.sqrt(2 * math.pi))
        step = x[1] - x[0]
        return np.sum(inside * density) * step, np.sum(inside**2 * density) * step

    mean, square_y = given(*SIGMA)
    square_z = given(*reversed(SIGMA))[1]
    variance = mean * (1 - mean)
    return (square_y - mean**2) / variance, (square_z - mean**2) / variance, variance, mean


def compare(found, right, what, wrong):
    first_y, first_z, variance, mean = right
    sources = found["sources"]
    pairs = [("y alone", sources["displacement_y"]["first"], first_y),
             ("z alone", sources["displacement_z"]["first"], first_z),
             ("y", sources["displacement_y"]["total"], 1 - first_z),
             ("z", sources["displacement_z"]["total"], 1 - first_y),
             ("interactions", found["interactions"], 1 - first_y - first_z), ("variance", found["variance"], variance),
             ("mean", found.get("mean", found.get("p_hit")), mean)]
    wrong += [f"{what}, {name}: {estimate} for {true:.5g}" for name, estimate, true in pairs if far(estimate, true)]


def check_free():
    cell = study(write("free.yaml", FREE), "--trials", 10000)["cells"][0]
    wrong = []
    compare(cell["miss"], free_indices(np.hypot), "miss", wrong)
    for hit in cell["hit"]:
        compare(hit, smooth_hit(hit["hit_radius"]), f"{hit['hit_radius']} m", wrong)
    verdict("indices_of_free_flight_are_those_of_its_formula", "; ".join(wrong))
    vector = cell["miss_vector"]["sources"]
    right = {"displacement_y": 9 / 34, "displacement_z": 25 / 34}
    wrong = [name for name, share in right.items() if abs(vector[name]["first"]["value"] - share) > 1e-6]
    verdict("the_miss_vector_of_free_flight_is_exact", ", ".join(wrong))


# ---- the linear loop: exact, and estimated where a limit that nothing reaches makes it formally nonlinear ----


def check_loop():
    exact = study(write("loop.yaml", LOOP), "--trials", 64)["cells"][0]
    cell = study("loop.yaml", "--trials", 8000, "--set", "interceptor.acceleration_limit=1e6 gravity")["cells"][0]
    verdict("a_loop_without_limits_is_exact_and_one_with_a_limit_is_not",
            "" if exact["miss_vector_is_exact"] and not cell["miss_vector_is_exact"] else "not told apart")
    wrong = []
    for name, right in exact["miss_vector"]["sources"].items():
        for kind in ("first", "total"):
            found, true = cell["miss_vector"]["sources"][name][kind], right[kind]["value"]
            if far(found, true):
                wrong.append(f"{name} {kind}: {found} for {true:.5g}")
    for name in ("interactions", "variance"):
        if far(cell["miss_vector"][name], exact["miss_vector"][name]["value"]):
            wrong.append(f"{name}: {cell['miss_vector'][name]} for {exact['miss_vector'][name]['value']:.5g}")
    verdict("exact_shares_are_within_the_intervals_of_flown_trials", "; ".join(wrong))
    rows = exact["miss_vector"]["sources"]
    mean = [sum(row[f"bias_{channel}"] for row in rows.values()) for channel in "yz"]
    sum_of_squares = exact["miss_vector"]["variance"]["value"] + mean[0] ** 2 + mean[1] ** 2
    verdict("the_budget_adds_up_to_the_mean_square",
            "" if math.isclose(sum_of_squares, exact["miss_vector"]["mean_square"], rel_tol=1e-12) and mean[0] != 0
            else f"{sum_of_squares} for {exact['miss_vector']['mean_square']}")
    draw = cell["miss"]["sources"]["lethality"]
    hit = cell["hit"][0]["sources"]["lethality"]
    verdict("a_source_without_effect_has_no_share",
            "" if draw["first"]["lower"] == 0 and draw["total"]["upper"] < 1e-6 < hit["total"]["lower"]
            else f"{draw}, {hit}")


def check_alone():
    cell = study("free.yaml", "--trials", 200, "--set", "interceptor.displacement_y=1 m")["cells"][0]
    parts = [cell["miss"], cell["hit"][0], cell["miss_vector"]]
    share = [part["sources"]["displacement_z"][kind][limit]
             for part in parts for kind in ("first", "total") for limit in ("value", "lower", "upper")]
    verdict("one_source_alone_has_all", "" if share == [1.0] * len(share) else f"{share}")
    out = zem("sensitivity", write("calm.yaml", CALM.replace("3 m", "0 m")))
    said = out.returncode == 65 and "nothing varies" in out.stderr
    verdict("nothing_that_varies_is_said", "" if said else out.stderr)
    cell = study(write("calm.yaml", CALM), "--trials", 20)["cells"][0]
    verdict("a_constant_shifts_the_end_and_has_no_share",
            "" if cell["miss_vector"]["sources"]["displacement_y"]["bias_y"] == 3
            and cell["miss"]["variance"]["value"] == 0 and cell["miss"]["sources"]["displacement_y"]["first"]["value"]
            is None else f"{cell}")
    text = zem("sensitivity", "calm.yaml", "--trials", 20, "--quiet").stdout.partition("miss distance")
    verdict("a_constant_is_no_source_of_what_is_estimated",
            "" if "displacement_y" in text[0] and "displacement_y" not in text[2] else "".join(text))


# ---- what else must hold ----


def check_counts():
    zem("run", "free.yaml", "--quiet", "-o", "free.h5")
    data, cell = dataset("free.h5"), study("free.yaml", "--trials", 4000)["cells"][0]
    from_file = study("free.h5", "--trials", 4000)["cells"][0]
    verdict("a_result_gives_what_its_scenario_gives", "" if from_file == cell else "they differ")
    # p_hit counts the trials and their partner flights, 8000 in all, so that it is near the p_hit of the run and not
    # equal.
    wrong = [f"{hit['hit_radius']}" for hit, right in zip(cell["hit"], data.p_hit.values)
             if abs(hit["p_hit"]["value"] - right) > 5 * math.sqrt(right * (1 - right) / 8000)]
    verdict("p_hit_is_that_of_a_run", ", ".join(wrong))
    one, two = (study("loop.yaml", "--trials", 1000, "--threads", n) for n in (1, 2))
    verdict("threads_do_not_matter", "" if one == two else "they do")
    cell = study(write("astray.yaml", ASTRAY), "--trials", 2000)["cells"][0]
    lost = cell["trials"] - cell["complete"]
    text = zem("sensitivity", "astray.yaml", "--trials", 2000, "--quiet").stdout
    verdict("trials_without_a_miss_are_counted",
            "" if lost > 0 and sum(cell["outcomes"].values()) == 2000 and f"{lost} of 2000 trials" in text
            and cell["miss_vector"]["variance"]["value"] is None else f"{lost}: {text}")


def same(number, from_json):
    """Whether two numbers are equal to the 15 digits of JSON."""
    return math.isclose(number, from_json, rel_tol=1e-14)


def check_files():
    out = zem("sensitivity", write("swept.yaml", SWEPT), "--trials", 400, "--quiet", "-o", "swept.h5")
    verdict("a_grid_is_summarised", "" if out.returncode == 0 and "Ranges over 6 cells" in out.stdout else out.stderr)
    data, found = dataset("swept.h5"), study("swept.yaml", "--trials", 400)
    names = data.source.attrs["flag_meanings"].split()
    wrong = []
    for i, cell in enumerate(found["cells"]):
        at = {"glint": i // 3, "autopilot_lag": i % 3}
        for k, name in enumerate(names):
            for variable, part in (("miss", cell["miss"]), ("miss_vector", cell["miss_vector"])):
                for kind in ("first", "total"):
                    value = float(data[f"{variable}_{kind}"].isel(at).values[k])
                    if not same(value, part["sources"][name][kind]["value"]):
                        wrong.append(f"{variable}_{kind} of {name} in cell {i}: {value}")
            for r, hit in enumerate(cell["hit"]):
                if not same(float(data.hit_total_upper.isel(at).values[k, r]), hit["sources"][name]["total"]["upper"]):
                    wrong.append(f"hit_total_upper of {name} in cell {i}")
    verdict("the_file_has_what_json_has", "; ".join(wrong[:3]))
    shown = zem("show", "swept.h5")
    verdict("show_says_of_what_command_a_table_is",
            "" if shown.returncode == 65 and "is a table of zem sensitivity, and no result" in shown.stderr
            else shown.stderr)
    verdict("a_source_that_is_absent_in_a_cell_has_no_share_there",
            "" if "glint" in names and np.all(data.miss_total.isel(glint=0, source=names.index("glint")) == 0)
            and np.all(data.miss_total.isel(glint=1, source=names.index("glint")) > 0) else f"{names}")
    missing = [name for name in [*data.variables, *data.attrs] if f"`{name}`" not in PAGE
               and f"`{name.removesuffix('_lower').removesuffix('_upper')}`" not in PAGE
               and name not in ("glint", "autopilot_lag", "history")]
    verdict("the_format_page_lists_every_variable", ", ".join(missing))
    units = {name: data[name].attrs.get("units") for name in data.data_vars}
    verdict("every_variable_has_a_unit", ", ".join(name for name, unit in units.items() if not unit))
    zem("sensitivity", "swept.yaml", "--trials", 400, "--quiet", "-o", "again.h5")
    equal = pathlib.Path("swept.h5").read_bytes() == pathlib.Path("again.h5").read_bytes()
    verdict("the_same_command_writes_the_same_bytes", "" if equal else "they differ")
    zem("sensitivity", "swept.yaml", "--trials", 400, "--quiet", "-o", "swept.csv")
    with open("swept.csv", encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(line for line in table if not line.startswith("#")))
    flat = data.miss_total.values.reshape(-1)
    verdict("csv_has_a_row_for_each_cell_and_source",
            "" if len(rows) == 6 * len(names) and rows[1]["source"] == names[1]
            and [float(row["miss_total"]) for row in rows] == list(flat) else f"{len(rows)} rows")


def check_host():
    """Compares with the formula y = VM HE tF + d, where d is the displacement and z is lognormal. E tF is 3 s and E
    tF^2 is 9 + 7/6 s2. VM HE has the variance 4 m2/s2, so that VM HE tF adds 4 E tF^2 to the variance of y. The heading
    error by itself has 4 (E tF)^2 of it, the flight time by itself nothing. d adds 16. The variance of z is m^2 (w - 1)
    w with w = exp(ln(1.5)^2) and the median m = 2 m."""
    vector = study(write("host.yaml", HOST), "--trials", 20000)["cells"][0]["miss_vector"]
    w = math.exp(math.log(1.5) ** 2)
    by_z, by_product, alone = 4 * (w - 1) * w, 4 * (9 + 7 / 6), 4 * 9.0
    variance = by_z + by_product + 16
    sources = vector["sources"]
    right = {"heading_error_y": (alone / variance, by_product / variance),
             "flight_time": (0.0, (by_product - alone) / variance), "displacement_y": (16 / variance,) * 2,
             "displacement_z": (by_z / variance,) * 2}
    wrong = [f"{name} {kind}: {sources[name][kind]} for {true:.4f}" for name, pair in right.items()
             for kind, true in zip(("first", "total"), pair) if far(sources[name][kind], true)]
    if far(vector["variance"], variance) or set(sources) != set(right):
        wrong.append(f"variance {vector['variance']} for {variance:.2f}, sources {sorted(sources)}")
    verdict("shares_of_keys_that_the_host_draws_are_those_of_their_formula", "; ".join(wrong))
    again = study("host.yaml", "--trials", 20000, "--threads", 1)["cells"][0]["miss_vector"]
    verdict("they_do_not_depend_on_the_threads", "" if again == vector else "they differ")
    out = zem("sensitivity", write("correlated.yaml", CORRELATED), "--trials", 1000, "--quiet").stdout
    cell = study("correlated.yaml", "--trials", 1000)["cells"][0]["miss"]["sources"]
    verdict("correlated_keys_are_one_source", "" if list(cell) == ["displacement_y"]
            and cell["displacement_y"]["first"]["value"] == 1
            and "displacement_y stands for the correlated keys interceptor.displacement_y, "
            "interceptor.displacement_z" in out else f"{list(cell)}: {out}")
    write("speeds.yaml", HOST.replace("kinematics: linear", "kinematics: point-mass, intercept_altitude: 20 km")
          .replace("closing_speed: 3 km/s", "").replace("interceptor: {speed: 2 km/s,",
          "target: {speed: {from: 2 km/s, to: 3 km/s}, flight_path_angle: 0 degree}\n"
          "interceptor: {speed: {from: 2 km/s, mode: 2.2 km/s, to: 3 km/s}, flight_path_angle: 0 degree,"))
    names = sorted(study("speeds.yaml", "--trials", 300)["cells"][0]["miss"]["sources"])
    verdict("keys_of_one_name_in_two_sections_are_told_apart",
            "" if "target.speed" in names and "interceptor.speed" in names else f"{names}")


def check_refusals():
    for name, code, words, arguments in (
            ("radius", 64, "has 3 hit radii", ("free.yaml", "--radius", 3)),
            ("ending", 64, "must end in .h5 or .csv", ("free.yaml", "-o", "x.txt")),
            ("plot_of_a_grid", 64, "choose it by --cell", ("swept.yaml", "--plot", "x.png")),
            ("plot_that_is_no_picture", 64, "--plot draws a picture", ("free.yaml", "--plot", "x.h5")),
            ("cell", 64, "--cell", ("swept.yaml", "--cell", "9,9")),
            ("trials", 64, "--trials", ("free.yaml", "--trials", 3)),
            ("memory", 64, "or fewer", ("loop.yaml", "--trials", 10000000)),
            ("input_as_output", 73, "is an input", ("free.h5", "-o", "free.h5")),
            ("no_scenario", 66, "", ("none.yaml",))):
        out = zem("sensitivity", *arguments)
        good = out.returncode == code and words in out.stderr and out.stdout == ""
        verdict(f"{name}_is_refused", "" if good else f"{out.returncode}: {out.stderr}")
    if shutil.which("gnuplot"):
        out = zem("sensitivity", "swept.yaml", "--cell", "1,1", "--trials", 300, "--quiet", "--plot", "bars.svg")
        drawn = pathlib.Path("bars.svg").read_text(encoding="utf-8") if out.returncode == 0 else ""
        verdict("bars_are_drawn", "" if "</svg>" in drawn and "heading_error_y" in drawn else out.stderr)
        # The first two polygons are the samples of the legend, which lies lower than every bar, even if there is only
        # one source.
        pathlib.Path("alone.yaml").write_text(ALONE, encoding="utf-8")
        out = zem("sensitivity", "alone.yaml", "--trials", 300, "--quiet", "--plot", "alone.svg")
        drawn = pathlib.Path("alone.svg").read_text(encoding="utf-8") if out.returncode == 0 else ""
        bars = [[float(y) for y in re.findall(r",([0-9.]+)", points)]
                for points in re.findall(r"<polygon fill = 'rgb\( *(?:33|166), .*?' points = '([^']*)'", drawn)]
        samples = bars[:2]
        verdict("the_legend_lies_below_the_bars", "" if len(bars) >= 4 and min(map(min, samples)) > max(
            map(max, bars[2:])) else f"{out.stderr} {bars[:4]}")
    else:
        skip("bars_are_drawn", "no gnuplot")


def check_no_miss():
    """The cone of 1 degree holds no target, because the interceptor is 20 degrees off its course."""
    pathlib.Path("unseen.yaml").write_text(UNSEEN, encoding="utf-8")
    out = zem("sensitivity", "unseen.yaml", "--trials", 300, "--quiet").stdout
    verdict("trials_without_a_miss_are_the_reason",
            "" if "nothing to share out: no trial has a miss distance" in out else out)


def check_confidence():
    """The confidence that is stated is that of the cell, and none if cells of a grid have different ones."""
    pathlib.Path("levels.yaml").write_text(FREE + "sweep: [{parameter: run.confidence, values: [0.5, 0.99]}]\n",
                                           encoding="utf-8")
    said = [json.loads(zem("sensitivity", "levels.yaml", "--trials", 64, "--quiet", "--json", *cell).stdout)
            for cell in (["--cell", 0], ["--cell", 1], [])]
    said = [output["confidence"] for output in said]
    verdict("a_swept_confidence_is_stated", "" if said == [0.5, 0.99, None] else str(said))


def check_interruption():
    with subprocess.Popen([ZEM, "sensitivity", "swept.yaml", "--trials", "3000000", "-o", "long.h5"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and "trials" not in process.stderr.readline():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate()
        verdict("an_interruption_writes_nothing",
                "" if process.returncode == 130 and not pathlib.Path("long.h5").exists() else f"{process.returncode}")


check_free()
check_loop()
check_alone()
check_counts()
check_files()
check_host()
check_refusals()
check_no_miss()
check_confidence()
check_interruption()
