"""The commands `run`, `check`, `trace` and `plot` as functions, and `open` for result files."""
from __future__ import annotations

import io
import json
import os
import pathlib
import tempfile
from typing import Any, Mapping, Sequence, Union

import pandas
import xarray

from zem.call import Progress, call, call_or_raise
from zem.errors import ZemError, error_of
from zem.scenarios import Scenario, override_options, scenario_argument

Path = Union[str, "os.PathLike[str]"]


def _options(**given: Any) -> list[str]:
    """Returns the options of the command line for keyword arguments. None and False leave an option out."""
    options: list[str] = []
    for name, value in given.items():
        if value is True:
            options.append("--" + name)
        elif value is not None and value is not False:
            options += ["--" + name, str(value)]
    return options


def open(path: Path) -> xarray.Dataset:  # pylint: disable=redefined-builtin
    """Opens a result file.

    Returns a dataset that reads its variables when they are used. Each sweep axis is a dimension with a coordinate of
    the same name, in the unit of the scenario (attribute "units"). `p_hit`, `p_hit_lower` and `p_hit_upper` have the
    shape (axes..., hit_radius) and no unit; `miss_mean` and the other miss distances have the shape (axes...) and are
    in metres. FILE-FORMAT.md lists all variables.

    Raises InputMissingError if the file does not exist, and BadInputError if it is no result of zem.
    """
    reason: Exception | None = None
    try:
        surface = xarray.open_dataset(path, decode_times=False)  # a period in "seconds" stays a number
        if "zem_format" in surface.attrs:
            return surface
        surface.close()
    except ImportError as error:
        raise error_of(70, f"{os.fspath(path)}: xarray reads results with h5netcdf and h5py, or with netCDF4; install "
                           f"them: {error}") from error
    except (OSError, ValueError) as error:
        reason = error
    exit_code, _, messages = call(["show", "--json", os.fspath(path)])
    text = messages or f"{os.fspath(path)}: xarray does not open this result: {reason}"
    raise error_of(exit_code or 65, text) from reason


def run(scenario: Scenario, output: Path | None = None, *, device: str | None = None, threads: int | None = None,
        samples: int | None = None, shard: str | None = None, interval: str | None = None, resume: bool = False,
        force: bool = False, reproducible: bool = False, progress: Progress = None,
        **overrides: Any) -> xarray.Dataset:
    """Runs a scenario and returns its result, as `open` does.

    Args:
        scenario: path of a scenario file, name of an example ("weave"), text of a scenario, or a dict with its
            sections. Dimensional values are texts with a unit, such as "3 km/s", or quantities of pint.
        output: the result file, which stays and from which the dataset reads. Without it the dataset is in memory, and
            no file stays.
        device, threads, samples, shard, interval, resume, force, reproducible: the options of `zem run`.
        progress: None shows progress in notebooks and on terminals, True always, and False never. A function is called
            with each line of progress.
        **overrides: values for keys of the scenario: `trials=1000`, `seed=1` or `precision=0.01`; a section as a dict,
            `target={"period": "2 s"}`; or any key, `**{"target.period": "2 s"}`.

    A failure raises a ZemError with the text of the program. Ctrl-C raises KeyboardInterrupt and stops the program,
    which leaves a checkpoint beside `output`. A later call with `resume=True` continues from it.

    >>> surface = run("first", trials=500, interceptor={"navigation_gain": 3})
    >>> surface.p_hit.dims
    ('autopilot_lag', 'hit_radius')
    """
    options = _options(device=device, threads=threads, samples=samples, shard=shard, interval=interval, resume=resume,
                       force=force, reproducible=reproducible) + override_options(overrides)
    with scenario_argument(scenario) as path, tempfile.TemporaryDirectory(prefix="zem-") as folder:
        file = os.fspath(output) if output is not None else str(pathlib.Path(folder) / "result.h5")
        try:
            call_or_raise(["run", path, "--output", file, *options], progress)
        except ZemError as error:
            raise error.renamed("--resume", "resume=True").renamed("--force", "force=True") from None
        surface = open(file)
        if output is None:
            with surface:
                surface = surface.load()
        return surface


def check(scenario: Scenario, **overrides: Any) -> dict[str, Any]:
    """Checks a scenario without running it.

    The arguments are those of `run`. Returns a dict: "cells", "trials", "steps_per_trial" (counts), "step" (s) and
    "step_ratio" (given or default, each as [smallest, largest]), "memory_bytes" and "file_bytes" (bytes), "seconds"
    (estimated time in s, or None), "unused_keys" (keys such as "target.period") and "messages" (warnings). Steps are
    those of "cells_sampled" cells, which are all if there are at most 64.

    A scenario with mistakes raises BadInputError; its `messages` has each mistake with line, column and key.

    >>> check("weave", trials=100)["cells"]
    576
    """
    with scenario_argument(scenario) as path:
        exit_code, output, messages = call(["check", path, "--json", *override_options(overrides)])
        report: dict[str, Any] = json.loads(output) if output else {}
        if "scenario" in report and (isinstance(scenario, Mapping) or os.fspath(scenario) != path):
            report["scenario"] = "scenario"  # the file that the program has read is gone
        if exit_code != 0:
            raise error_of(exit_code, messages, report.get("messages"))
    return report


def trace(source: Scenario, cell: Sequence[int] | int = (), trial: int = 0, shot: int = 0,
          **overrides: Any) -> pandas.DataFrame:
    """Flies one trial again, with the bits that a run counted, and returns its time history.

    Args:
        source: a scenario, as for `run`, or the path of a result file.
        cell: the index on each sweep axis, counted from 0, as in `cell=(3, 5)`; a number if there is one axis.
        trial, shot: numbers of the trial and of the shot in its salvo, counted from 0.
        **overrides: values for keys of a scenario, as for `run`; not allowed with a result file.

    Returns a frame with one row per step. The columns are those of `zem trace` without their units: `time`, `range`,
    `y`, `z` and so on. `frame.attrs["units"]` has the unit of each column ("1" for none). `frame.attrs["comments"]`
    has the lines that the program prints about the trial: scenario, cell, numbers and outcome.

    >>> float(trace("first", cell=9, trial=4711)["time"].iloc[0])
    0.0
    """
    indices = [cell] if isinstance(cell, int) else list(cell)
    options = ["--cell", ",".join(str(index) for index in indices)] if indices else []
    with scenario_argument(source) as path:
        text = call_or_raise(["trace", path, *options, "--trial", str(trial), "--shot", str(shot),
                              *override_options(overrides)])
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    frame = pandas.read_csv(io.StringIO(text), comment="#")
    units = {}
    for column in frame.columns:
        name, _, unit = column.partition(" (")
        units[name] = unit.rstrip(")") or "1"
    frame.columns = pandas.Index(list(units))
    frame.attrs = {"units": units, "comments": comments}
    return frame


def plot(result: Path, output: Path, *options: str) -> pathlib.Path:
    """Draws a result file by `zem plot RESULT -o OUTPUT OPTIONS...` and returns the path of the picture."""
    call_or_raise(["plot", os.fspath(result), "--output", os.fspath(output), *options])
    return pathlib.Path(output)
