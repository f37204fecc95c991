"""Makes scenarios that the program can read: a dict becomes a file, and keyword arguments become --set KEY=VALUE."""
from __future__ import annotations

import contextlib
import json
import os
import pathlib
import tempfile
from typing import Any, Iterator, Mapping, Union

from zem.errors import ZemError

Scenario = Union[str, "os.PathLike[str]", Mapping[str, Any]]

_SHORT = {"seed": "run.seed", "trials": "run.trials", "precision": "run.precision"}


def _plain(value: Any) -> Any:
    """Returns a value that json can write. Values of numpy become numbers and lists. A quantity with a unit (of pint or
    astropy) becomes its text, which UDUNITS reads."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0 and not hasattr(value, "unit"):
        return value.item()
    if hasattr(value, "tolist") and not hasattr(value, "unit"):
        return value.tolist()
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def override_options(overrides: Mapping[str, Any]) -> list[str]:
    """Returns the options --set for keyword arguments.

    >>> override_options({"trials": 1000, "target": {"period": "2 s"}, "interceptor.autopilot_lag": "0.3 s"})
    ['--set', 'run.trials=1000', '--set', 'target.period=2 s', '--set', 'interceptor.autopilot_lag=0.3 s']
    """
    options: list[str] = []
    for name, value in overrides.items():
        path = _SHORT.get(name, name)
        value = _plain(value)
        if isinstance(value, dict) and "." not in path:
            options += override_options({f"{path}.{key}": part for key, part in value.items()})
        else:
            options += ["--set", f"{path}={value if isinstance(value, str) else json.dumps(value)}"]
    return options


@contextlib.contextmanager
def scenario_argument(scenario: Scenario) -> Iterator[str]:
    """Gives the argument of the command line for a scenario. A path or the name of an example stays as it is. A dict,
    or a text of several lines, is written to a file, which is removed when the context ends. Messages call this file
    "scenario"."""
    if not isinstance(scenario, Mapping) and "\n" not in os.fspath(scenario):
        yield os.fspath(scenario)
        return
    with tempfile.TemporaryDirectory(prefix="zem-") as folder:
        path = pathlib.Path(folder) / "scenario.yaml"
        if isinstance(scenario, Mapping):
            path.write_text(json.dumps({"zem": 1, **_plain(scenario)}, indent=1), encoding="utf-8")
        else:
            path.write_text(os.fspath(scenario), encoding="utf-8")
        try:
            yield str(path)
        except ZemError as error:
            raise error.renamed(str(path), "scenario") from None
