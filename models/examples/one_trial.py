# %% [markdown]
# # Single trials out of a surface
# This notebook keeps the first 200 trials of every cell, finds the largest miss among those of one cell, and flies that
# trial again with its time history.

# %%
import pathlib
import tempfile

import zem

folder = pathlib.Path(tempfile.mkdtemp(prefix="zem-example-"))
result = folder / "first.h5"
surface = zem.run("first", result, samples=200)

# %% Find the trial with the largest miss in the cell with the largest lag.
CELL = 9
misses = surface.sample_miss.isel(autopilot_lag=CELL)
trial = int(misses.argmax())
print(f"trial {trial} of cell {CELL} misses by {float(misses[trial]):.3f} {misses.units}")

# %% Fly this trial again. The scenario comes from the result file, so this is the same flight as in the run.
history = zem.trace(result, cell=CELL, trial=trial)
print("\n".join(history.attrs["comments"]))
print(history[["time", "range", "y", "command_y", "target_acceleration_y"]].iloc[::10])

# %% When did the target begin to pull?
pulls = history[(history.target_acceleration_y != 0) | (history.target_acceleration_z != 0)]
print(f"the target maneuvers from {pulls.time.iloc[0]:.2f} {history.attrs['units']['time']} on")

# %% A mistake, here a misspelt key, raises an exception with the message of the program.
try:
    zem.run("first", target={"perod": "2 s"})
except zem.BadInputError as error:
    print(error)

# %% Close the dataset before the file is deleted, because it reads from the file.
surface.close()
result.unlink()
folder.rmdir()
