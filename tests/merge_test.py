#!/usr/bin/env python3
"""`zem merge` of many parts is the run, and needs no more memory than a merge of few parts, because the totals of one
part at a time are in memory."""
import os

from python.expect import cheap_grid, check, peak_of, zem

os.chdir(os.environ["SCRATCH"])

PARTS = 8


def merge(output, parts):
    return peak_of("merge", output, *parts, "--quiet", "--reproducible")


with open("grid.yaml", "w", encoding="utf-8") as file:
    file.write(cheap_grid(200, 300, 8))
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
