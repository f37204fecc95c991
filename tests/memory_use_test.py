#!/usr/bin/env python3
"""The memory that `zem check` foretells differs by at most a fifth from the memory that `zem run` takes: for many
cells, for many steps of a Kalman filter, and for trials with parameters of their own. `zem diff` keeps only one result
whole at a time. The process of an OpenCL driver keeps only the schedules of batches in flight."""
import json
import os
import pathlib

from python.expect import ZEM, cheap_grid, check, peak_of, skip, usable, zem

MODELS = pathlib.Path("models").resolve()
os.chdir(os.environ["SCRATCH"])

# The batches depend on the speed of the machine, and the libraries on the release of the system. Together they changed
# it by a tenth here.
TOLERANCE = 0.2


def foretold(scenario):
    return json.loads(zem("check", scenario, "--device", "openmp", "--json").stdout)


if "san/" in ZEM:
    skip("memory_is_foretold", "a sanitizer takes memory of its own")
else:
    pathlib.Path("cells.yaml").write_text(cheap_grid(300, 300, 16), encoding="utf-8")
    for scenario in "cells.yaml", MODELS / "optimal-kalman.yaml", MODELS / "dispersed.yaml":
        name = pathlib.Path(scenario).stem.replace("-", "_")
        said = foretold(scenario)["memory_bytes"]
        code, taken = peak_of("run", scenario, "--device", "openmp", "--output", f"{name}.h5", "--quiet")
        check(f"memory_is_foretold_of_{name}", code == 0 and abs(said - taken) < TOLERANCE * taken,
              f"{code}, {said / 2**20:.1f} MiB foretold, {taken / 2**20:.1f} MiB taken")

    # A cell takes 434 bytes, of which 258 are its histogram, which is dropped as soon as the digest is checked. The
    # comparison itself takes about 200 bytes a cell. With both histograms the peak is 1.4 times the bound.
    side, cell = 400, 434
    pathlib.Path("compared.yaml").write_text(cheap_grid(side, side, 16), encoding="utf-8")
    for seed in "1", "2":
        zem("run", "compared.yaml", "--seed", seed, "--output", f"seed{seed}.h5", "--quiet")
    code, taken = peak_of("diff", "seed1.h5", "seed2.h5")
    check("a_comparison_takes_less_memory_than_both_results_whole", code == 0 and taken < 2 * cell * side * side,
          f"{code}, {taken / 2**20:.1f} MiB taken, {2 * cell * side * side / 2**20:.1f} MiB permitted")
    # If all differences were kept as JSON until the end, they would take 2.5 kB each.
    code, json_taken = peak_of("diff", "seed1.h5", "seed2.h5", "--json")
    check("a_comparison_as_json_takes_no_more_memory_than_as_text", code == 0 and json_taken < 1.2 * taken,
          f"{code}, {json_taken / 2**20:.1f} MiB, and {taken / 2**20:.1f} MiB as text")

    # Every trial has a schedule of its own, and those of a batch take up to 150 MB. A driver's process that frees none
    # takes three times as much memory for four times as many trials. With those of two batches in flight the ratio
    # depends on how full they are: 1.0 to 1.2 here.
    if usable("opencl"):
        few, many = (peak_of("run", MODELS / "dispersed.yaml", "--device", "opencl", "--trials", trials, "--output",
                             f"trials{trials}.h5", "--quiet") for trials in (1000, 4000))
        check("the_driver_of_opencl_keeps_no_schedules_of_earlier_batches",
              few[0] == many[0] == 0 and many[1] < 1.6 * few[1],
              f"{few[0]}, {many[0]}, {few[1] >> 20} and {many[1] >> 20} MiB")
    else:
        skip("the_driver_of_opencl_keeps_no_schedules_of_earlier_batches", "there is no OpenCL device")
