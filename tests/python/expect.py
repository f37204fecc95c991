"""What the Python tests are made of: a line for each check, and calls of the program. Imported by tests/*.py, whose
folder Python looks into; no test itself."""
import os
import subprocess

ZEM = os.environ["ZEM"]


def verdict(name, why=""):
    """Says that a check failed for this reason, or passed where there is none."""
    print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)


def check(name, good, why=""):
    """Says whether a check passed, and why not."""
    verdict(name, "" if good else why or "it does not hold")


def skip(name, why):
    """Says that a check cannot be made here."""
    print(f"skip {name}: {why}", flush=True)


def zem(*arguments, **options):
    """Calls the program without a terminal; the completed process with its texts."""
    keywords = {"capture_output": True, "text": True, "check": False, "stdin": subprocess.DEVNULL, **options}
    return subprocess.run([ZEM, *map(str, arguments)], **keywords)
