"""Opens result files as an analyst does, with xarray through both netCDF-4 engines and with warnings as errors.
Compares their contents with models/FILE-FORMAT.md and with numbers recomputed here. Usage: netcdf_check.py [FILE...];
without files it runs $ZEM to make some in $SCRATCH. Prints "ok NAME", "not ok NAME: why" or "skip NAME: reason"."""

import importlib
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import warnings

import numpy
import xarray

HEAD = """zem: 1
title: netCDF check
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 4 km/s}
target: {maneuver: weave, acceleration: 5 gravity, period: 1 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.2 m, 0.5 m, 1 m]}
run: {trials: 500}
"""
SWEEPS = {
    "no_axes": "",
    "one_axis": "sweep: [{parameter: target.period, values: [0.5 seconds, 1 seconds, 4 seconds]}]\n",
    "four_axes": """sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 5 gravity, points: 3}
  - {parameter: target.period, from: 0.5 s, to: 4 s, points: 7, spacing: log}
  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 2}
  - {parameter: run.trials, values: [100, 200]}
""",
    "salvo": "salvo: {shots: 3}\nsweep: [{parameter: target.period, values: [0.5 s, 1 s, 4 s]}]\n",
}
SWEEPS["samples"] = SWEEPS["salvo"]
SWEEPS["samples_in_chunks"] = "sweep: [{parameter: run.trials, values: [1, 70000]}]\n"
OPTIONS = {"samples": ["--samples", "20"], "samples_in_chunks": ["--samples", "100000"]}
NARROW = "unsigned, as wide as the trials need"
# name: (dimensions after the axes, type, unit)
VARIABLES = {
    "trials": ((), "uint64", "1"),
    "hits": (("hit_radius",), "uint64", "1"),
    "p_hit": (("hit_radius",), "float64", "1"),
    "p_hit_lower": (("hit_radius",), "float64", "1"),
    "p_hit_upper": (("hit_radius",), "float64", "1"),
    "miss_mean": ((), "float64", "m"),
    "miss_rms": ((), "float64", "m"),
    "miss_std": ((), "float64", "m"),
    "miss_quantile": (("quantile",), "float64", "m"),
    "miss_quantile_lower": (("quantile",), "float64", "m"),
    "miss_quantile_upper": (("quantile",), "float64", "m"),
    "miss_counts": (("miss_bin",), NARROW, "1"),
    "outcomes": (("outcome",), "uint64", "1"),
    "saturated_fraction": ((), "float64", "1"),
    "divert_mean": ((), "float64", "m/s"),
    "flight_time_mean": ((), "float64", "s"),
    "stop_reason": ((), "uint8", "1"),
    "step_check_trials": ((), "uint64", "1"),
    "step_check_gained": (("hit_radius",), "uint64", "1"),
    "step_check_lost": (("hit_radius",), "uint64", "1"),
}
SALVO = {
    "p_salvo": (("hit_radius",), "float64", "1"),
    "p_salvo_lower": (("hit_radius",), "float64", "1"),
    "p_salvo_upper": (("hit_radius",), "float64", "1"),
    "p_salvo_independent": (("hit_radius",), "float64", "1"),
    "hits_shot": (("hit_radius", "shot"), "uint64", "1"),
    "salvo_hits": (("hit_radius", "hits_in_salvo"), "uint64", "1"),
}
SAMPLES = {
    "sample_miss": (("sample",), "float32", "m"),
    "sample_outcome": (("sample",), "uint8", "1"),
    "sample_flight_time": (("sample",), "float32", "s"),
    "sample_divert": (("sample",), "float32", "m/s"),
    "sample_saturated_time": (("sample",), "float32", "s"),
    "sample_target_phase": (("sample",), "float32", "turn"),
}
CARLETON = {"sample_scored": (("sample",), "float32", "m")}
TRAILING = {"hit_radius", "quantile", "miss_bin", "outcome", "shot", "hits_in_salvo", "sample", "bound"}


def wilson(hits, trials, confidence):
    """Returns the ends of Wilson's interval in its usual form, not a number without trials."""
    z = statistics.NormalDist().inv_cdf(0.5 + confidence / 2)
    p = hits / trials
    centre = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * numpy.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return centre - half, centre + half


def check_structure(data):
    axes = data["trials"].dims
    expected = dict(VARIABLES)
    if "shot" in data.sizes:
        expected.update(SALVO)
    if "sample" in data.sizes:
        expected.update(SAMPLES)
        expected.update(CARLETON if "carleton" in data.attrs["scenario"] else {})
    found = set(data.data_vars) - {"miss_bin_bounds"}
    assert found == set(expected), f"variables {sorted(found ^ set(expected))}"
    for name, (dimensions, kind, unit) in expected.items():
        variable = data[name]
        assert variable.dims == axes + dimensions, f"{name} has dimensions {variable.dims}"
        if kind == NARROW:  # run.trials of the largest cell decides, which no cell may have reached
            kind = max(numpy.min_scalar_type(int(data["trials"].max())), variable.dtype)
            assert variable.dtype.kind == "u", name
        assert variable.dtype == kind, f"{name} is {variable.dtype}"
        assert variable.attrs["units"] == unit, f"{name} is in {variable.attrs['units']}"
        assert variable.attrs["long_name"], name
        assert "_FillValue" not in variable.attrs and "_FillValue" not in variable.encoding, name
    for dimension in set(data.sizes) - {"bound"}:
        assert dimension in data.coords, f"{dimension} has no coordinate"
        assert {"units", "long_name"} <= set(data[dimension].attrs), dimension
    assert set(data.sizes) - TRAILING == set(axes)
    for axis in axes:
        assert data[axis].dtype == "float64" and "." in data[axis].attrs["parameter"], axis


def check_values(data):
    trials = data["trials"].astype(float)
    hits = data["hits"].astype(float)
    numpy.testing.assert_array_equal(data["p_hit"], hits / trials)
    lower, upper = wilson(hits, trials, data.attrs["confidence"])
    assert data.attrs["interval_method"] == "wilson"
    some = trials > 0  # without trials the interval is [0, 1]
    numpy.testing.assert_allclose(data["p_hit_lower"], lower.where(some, 0), rtol=1e-9, atol=1e-12)
    numpy.testing.assert_allclose(data["p_hit_upper"], upper.where(some, 1), rtol=1e-9, atol=1e-12)
    numpy.testing.assert_array_equal(data["outcomes"].sum("outcome"), data["trials"])
    passed = data["outcomes"].isel(outcome=0)
    numpy.testing.assert_array_equal(data["miss_counts"].sum("miss_bin"), passed)
    assert (data["hits"].diff("hit_radius").astype("int64") >= 0).all()
    squares = data["miss_mean"] ** 2 + data["miss_std"] ** 2
    numpy.testing.assert_allclose(data["miss_rms"] ** 2, squares, rtol=1e-6, atol=1e-12)
    quantile = data["miss_quantile"]
    inside = (data["miss_quantile_lower"] <= quantile) & (quantile <= data["miss_quantile_upper"])
    assert (inside | data["miss_quantile"].isnull()).all()


def check_coordinates(data):
    bounds = data[data["miss_bin"].attrs["bounds"]].values
    counts = data["miss_counts"]
    assert not {"units", "long_name"} & set(data[data["miss_bin"].attrs["bounds"]].attrs)  # CF-1.9, section 7.1
    assert bounds.shape == (258, 2) and bounds[0, 0] == 0 and math.isinf(bounds[-1, 1])
    numpy.testing.assert_array_equal(bounds[1:, 0], bounds[:-1, 1])
    numpy.testing.assert_allclose(bounds[1:, 0], 10 ** (-3 + numpy.arange(257) / 32), rtol=1e-7)
    assert ((bounds[:, 0] < data["miss_bin"].values) & (data["miss_bin"].values < bounds[:, 1])).all()
    edge = int(numpy.argmin(abs(bounds[:, 0] - 1)))  # an edge of the histogram and a hit radius lie at 1 m
    if 1.0 in data["hit_radius"].values and bounds[edge, 0] == 1:
        below = counts.isel(miss_bin=slice(0, edge)).sum("miss_bin")
        if "carleton" not in data.attrs["scenario"]:
            numpy.testing.assert_array_equal(below, data["hits"].sel(hit_radius=1.0))
    for name, words in (("outcome", 6), ("stop_reason", 3), ("sample_outcome", 7)):
        if name not in data:
            continue
        attributes = data[name].attrs
        assert len(attributes["flag_meanings"].split()) == words == len(attributes["flag_values"]), name
        assert numpy.asarray(attributes["flag_values"]).dtype == data[name].dtype, name


def check_attributes(data):
    for name in ("Conventions", "history", "title", "zem_format", "zem_version", "kernel_version", "commit",
                 "scenario_name", "scenario", "seed", "digest", "miss_digest", "interval_method", "confidence"):
        assert name in data.attrs, f"attribute {name} is missing"
    assert len(data.attrs["digest"]) == 64
    assert data.attrs["Conventions"] == "CF-1.9"
    assert data.attrs["history"].endswith(data.attrs["zem_version"]) or ": " in data.attrs["history"]


def check_salvo(data):
    if "shot" not in data.sizes:
        return
    trials = data["trials"].broadcast_like(data["hits"])
    numpy.testing.assert_array_equal(data["salvo_hits"].sum("hits_in_salvo"), trials)
    numpy.testing.assert_array_equal(data["hits_shot"].sel(shot=1), data["hits"])
    weights = data["hits_in_salvo"].astype("uint64")
    numpy.testing.assert_array_equal((data["salvo_hits"] * weights).sum("hits_in_salvo"), data["hits_shot"].sum("shot"))
    none = data["salvo_hits"].sel(hits_in_salvo=0)
    numpy.testing.assert_allclose(data["p_salvo"], 1 - none / data["trials"], atol=1e-15)
    all_miss = (1 - data["hits_shot"] / data["trials"]).prod("shot", skipna=False)
    numpy.testing.assert_allclose(data["p_salvo_independent"], 1 - all_miss, atol=1e-13)


def check_groups(path, engine):
    """The groups tally and run open. The totals in tally are those from which the variables were computed."""
    group = xarray.open_dataset(path, engine=engine, group="tally")
    with group as tally, xarray.open_dataset(path, engine=engine) as data:
        assert tally["totals"].dims == ("cell", "word") and tally["totals"].dtype == "uint64"
        numpy.testing.assert_array_equal(tally["totals"].values[:, 0], data["trials"].values.ravel())
    with xarray.open_dataset(path, engine=engine, group="run") as run:
        for name in ("date", "host", "command", "wall_seconds", "kernel_seconds", "device_name"):
            assert name in run.attrs, f"run attribute {name} is missing"


def check_file(path, engine):
    with xarray.open_dataset(path, engine=engine) as data:
        data.load()
        for check in (check_structure, check_values, check_coordinates, check_attributes, check_salvo):
            check(data)
    check_groups(path, engine)


def made_files(folder):
    zem = os.environ.get("ZEM")
    for name, sweep in SWEEPS.items():
        scenario = pathlib.Path(folder, name + ".yaml")
        scenario.write_text(HEAD + sweep)
        path = scenario.with_suffix(".h5")
        command = [zem, "run", str(scenario), "-o", str(path), "--device", "openmp", "--quiet", "--force",
                   *OPTIONS.get(name, [])]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if run.returncode != 0:
            raise RuntimeError(run.stderr)
        yield path


def load_engines():
    """Imports the engines before warnings are errors, because their own warnings do not concern result files."""
    for engine in ("netCDF4", "h5netcdf", "h5netcdf.legacyapi"):
        try:
            importlib.import_module(engine)
        except ModuleNotFoundError:
            pass


def main():
    if len(sys.argv) < 2 and not os.environ.get("ZEM"):
        print("skip netcdf_check: no files given and ZEM is not set")
        return 0
    load_engines()
    warnings.simplefilter("error")
    failed = 0
    with tempfile.TemporaryDirectory(dir=os.environ.get("SCRATCH")) as folder:
        for path in [pathlib.Path(name) for name in sys.argv[1:]] or list(made_files(folder)):
            for engine in ("netcdf4", "h5netcdf"):
                name = f"{path.stem} opens with {engine}"
                try:
                    check_file(path, engine)
                    print(f"ok {name}")
                except ModuleNotFoundError as problem:
                    print(f"skip {name}: {problem}")
                except Exception as problem:  # any warning or difference
                    first = str(problem).strip().splitlines() or [""]
                    print(f"not ok {name}: {type(problem).__name__} {first[0]}")
                    failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
