#!/usr/bin/env python3
"""`zem merge` of many parts is the run, and needs no more memory than a merge of few parts, because the totals of one
part at a time are in memory."""
import os

from python.expect import check, peak_of, zem

os.chdir(os.environ["SCRATCH"])

GRID = """zem: 1
engagement: {kinematics: linear, flight_time: 0.1 s, closing_speed: 3 km/s}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: 0 degree, heading_error_z: 0.1 degree}
scoring: {hit_radius: 1 m}
sweep:
  - {parameter: interceptor.heading_error_y, from: 0 degree, to: 1 degree, points: 200}
  - {parameter: interceptor.displacement_y, from: 0 m, to: 5 m, points: 300}
run: {trials: 8, seed: 1, step: 0.1 s}
"""
PARTS = 8


def merge(output, parts):
    return peak_of("merge", output, *parts, "--quiet", "--reproducible")


with open("grid.yaml", "w", encoding="utf-8") as file:
    file.write(GRID)
zem("run", "grid.yaml", "-o", "whole.h5", "--quiet", "--reproducible")
parts = [f"part{k}.h5" for k in range(PARTS)]
for k, part in enumerate(parts):
    zem("run", "grid.yaml", "-o", part, "--shard", f"{k}/{PARTS}", "--quiet", "--reproducible")
few = merge("few.h5", parts[:2])
many = merge("many.h5", parts)
check("parts_can_be_merged", few[0] == 0 and many[0] == 0, f"exit codes {few[0]} and {many[0]}")
with open("whole.h5", "rb") as whole, open("many.h5", "rb") as merged:
    check("all_parts_together_are_the_run_to_the_byte", whole.read() == merged.read())
# The totals of a part take 30 MiB here, so eight parts in memory would take three times as much as two. Allocation and
# the writing threads account for differences of some MiB.
check("memory_does_not_grow_with_the_number_of_parts", many[1] < 1.25 * few[1],
      f"two parts {few[1] >> 20} MiB, eight parts {many[1] >> 20} MiB")
