#!/usr/bin/env python3
"""What `zem check` says of a large grid comes from a part of its cells: it needs little memory, and foretells the
trials of a run to a precision."""
import json
import os
import pathlib

from python.expect import ZEM, cheap_grid, check, peak_of, skip, zem

os.chdir(os.environ["SCRATCH"])

pathlib.Path("grid.yaml").write_text(cheap_grid(200, 100, 10000), encoding="utf-8")

# The part has a fifth of the cells, and its pilot flies some of their trials. With four seeds 1.1 % too many trials
# were foretold, because the ends of an axis weigh more among fewer points. One thread is so slow that the run is not
# flown whole for the estimate.
THREAD = "--precision", "0.02", "--threads", "1", "--device", "openmp"
zem("run", "grid.yaml", *THREAD, "--output", "grid.h5", "--quiet")
said = json.loads(zem("check", "grid.yaml", *THREAD, "--json").stdout)
table = zem("export", "grid.h5").stdout.splitlines()
column = [row.split(",") for row in table if not row.startswith("#")]
wanted = sum(int(row[column[0].index("trials")]) for row in column[1:])
check("a_part_of_a_grid_foretells_the_trials_of_all", abs(said["trials"] - wanted) < 0.02 * wanted,
      f"{said['trials']} foretold, {wanted} flown")
check("the_most_trials_are_those_of_all_cells", said["trials_most"] == 20000 * 10000, str(said["trials_most"]))

if "san/" in ZEM:
    skip("a_check_of_a_million_cells_takes_little_memory", "a sanitizer takes memory of its own")
else:
    # An axis with two points cannot be shortened.
    for name, rows, columns in ("a_million_cells", 2000, 500), ("a_long_axis", 500000, 2):
        pathlib.Path("large.yaml").write_text(cheap_grid(rows, columns, 10000), encoding="utf-8")
        code, taken = peak_of("check", "large.yaml", "--device", "openmp")
        check(f"a_check_of_{name}_takes_little_memory", code == 0 and taken < 100 << 20, f"{code}, {taken >> 20} MiB")
