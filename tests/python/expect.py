"""Functions that the Python tests share: they print a line for each check and call the program. Imported by tests/*.py,
whose folder is on Python's path. Holds no test."""
import os
import subprocess

ZEM = os.environ["ZEM"]


def verdict(name, why=""):
    """Prints that a check failed for the reason `why`, or that it passed if `why` is empty."""
    print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)


def check(name, good, why=""):
    """Prints whether a check passed (`good`), and why not."""
    verdict(name, "" if good else why or "it does not hold")


def skip(name, why):
    """Prints that a check cannot be made here, and why."""
    print(f"skip {name}: {why}", flush=True)


def zem(*arguments, **options):
    """Calls the program without a terminal. Returns the completed process with its texts."""
    keywords = {"capture_output": True, "text": True, "check": False, "stdin": subprocess.DEVNULL, **options}
    return subprocess.run([ZEM, *map(str, arguments)], **keywords)


def peak_of(*arguments):
    """Calls the program without its messages. Returns its exit code and the peak of its resident memory in bytes."""
    with subprocess.Popen([ZEM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss * 1024
