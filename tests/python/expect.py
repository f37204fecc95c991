"""Functions that the Python tests share: they print a line for each check and call the program. Imported by tests/*.py,
whose folder is on Python's path. Holds no test."""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading

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


def usable(kind):
    """Returns whether a device whose name begins with `kind`, such as "opencl", can be used here."""
    lines = zem("devices").stdout.splitlines()
    return any(line.startswith(kind) and line.split()[1] == "yes" for line in lines)


def peak_of(*arguments):
    """Calls the program without its messages. Returns its exit code and the peak of its resident memory in bytes."""
    with subprocess.Popen([ZEM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss * 1024


def at_terminal(*arguments, lines=24, columns=80, environment=None):
    """Calls the program at a terminal of its own. Returns its exit code and what it printed.

    The end of the output is a mark that is written to the terminal after the program has ended. Linux may lose output
    that is not read yet when the last process closes its end of a terminal: ten times in 22,746 here."""
    mark = b"\x04the end"
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    with subprocess.Popen([ZEM, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs,
                          env=environment) as process:
        closing = threading.Thread(target=lambda: (process.wait(), os.write(theirs, mark)))
        closing.start()
        printed = b""
        while not printed.endswith(mark):
            printed += os.read(ours, 65536)
        closing.join()
    os.close(theirs)
    os.close(ours)
    return process.returncode, printed[:-len(mark)].decode()


def cheap_grid(rows, columns, trials):
    """Returns a scenario of rows x columns cells whose trials take a few steps and end in hits and misses."""
    return f"""zem: 1
engagement: {{kinematics: linear, flight_time: 0.1 s, closing_speed: 3 km/s}}
interceptor:
  {{speed: 2 km/s, guidance: none, heading_error_y: 0 degree, heading_error_z: {{mean: 0 degree, sigma: 1 degree}}}}
scoring: {{hit_radius: 2 m}}
sweep:
  - {{parameter: interceptor.heading_error_y, from: 0 degree, to: 1 degree, points: {rows}}}
  - {{parameter: interceptor.displacement_y, from: 0 m, to: 5 m, points: {columns}}}
run: {{trials: {trials}, seed: 1, step: 0.1 s}}
"""
