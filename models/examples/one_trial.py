# %% [markdown]
# # Single trials out of a surface
# Keeps the first trials of every cell, looks for the largest miss of one cell, and flies that trial again.

# %%
import pathlib
import tempfile

import zem

folder = pathlib.Path(tempfile.mkdtemp(prefix="zem-example-"))
result = folder / "first.h5"
surface = zem.run("first", result, samples=200)

# %% The trials of the cell with the largest lag, one by one.
CELL = 9
misses = surface.sample_miss.isel(autopilot_lag=CELL)
trial = int(misses.argmax())
print(f"trial {trial} of cell {CELL} misses by {float(misses[trial]):.3f} {misses.units}")

# %% Its time history. The result file is the source, so the trial is the one that was counted.
history = zem.trace(result, cell=CELL, trial=trial)
print("\n".join(history.attrs["comments"]))
print(history[["time", "range", "y", "command_y", "target_acceleration_y"]].iloc[::10])

# %% When did the target begin to pull?
pulls = history[(history.target_acceleration_y != 0) | (history.target_acceleration_z != 0)]
print(f"the target maneuvers from {pulls.time.iloc[0]:.2f} {history.attrs['units']['time']} on")

# %% Mistakes are exceptions with the sentences of the program.
try:
    zem.run("first", target={"perod": "2 s"})
except zem.BadInputError as error:
    print(error)

# %% The dataset reads from the file; close it before the file is deleted.
surface.close()
result.unlink()
folder.rmdir()
