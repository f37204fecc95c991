"""zem from Python: runs the program `zem` and hands its results to xarray and pandas.

>>> import zem
>>> surface = zem.run("first", trials=1000)          # an example, a path, a text or a dict
>>> surface.p_hit.sizes["autopilot_lag"]
10
>>> bool((surface.p_hit_lower <= surface.p_hit_upper).all())
True

The package computes nothing itself. A call starts the program, waits for it, and opens the file that it wrote. A
failure of the program becomes an exception with the message that the program prints.
"""
from zem.call import version
from zem.errors import (BadInputError, DeviceError, InputMissingError, OutputError, StoppedError, UsageError, ZemError,
                        ZemWarning)
from zem.results import check, open, plot, run, trace  # pylint: disable=redefined-builtin

__version__ = "0.1.0"
__all__ = ["BadInputError", "DeviceError", "InputMissingError", "OutputError", "StoppedError", "UsageError", "ZemError",
           "ZemWarning", "check", "open", "plot", "run", "trace", "version"]
