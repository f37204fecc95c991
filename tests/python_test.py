#!/usr/bin/env python3
"""The Python package of host/python: its examples, its errors, which have the program's text, Ctrl-C, progress, the
scripts of models/examples/, the Python blocks that the documents show, and the wheel. Needs xarray, which brings
pandas, and h5netcdf or netCDF4; the wheel needs hatchling."""
import doctest
import importlib
import importlib.util
import os
import pathlib
import pickle
import re
import signal
import subprocess
import sys
import time
import warnings
import zipfile

from python.expect import ZEM, skip, verdict
from python.expect import zem as program

TOP = pathlib.Path.cwd()
SCRATCH = pathlib.Path(os.environ["SCRATCH"])


def raises(function, *arguments, **keywords):
    """Returns the exception that a call raises, or None."""
    try:
        function(*arguments, **keywords)
    except Exception as error:  # pylint: disable=broad-except
        return error
    return None


def fake_program(lines):
    """Makes the package call a script that prints these lines on standard error, in place of the program."""
    script = SCRATCH / "fake"
    script.write_text("#!/bin/sh\ncat >&2 <<'EOF'\n" + "\n".join(lines) + "\nEOF\n")
    script.chmod(0o755)
    os.environ["ZEM"] = str(script)


def examples(zem):
    for module in (zem, importlib.import_module("zem.results"), importlib.import_module("zem.scenarios")):
        failed, attempted = doctest.testmod(module)
        verdict(f"examples_of/{module.__name__}", "" if attempted and not failed else f"{failed} of {attempted} fail")
    for script in sorted((TOP / "models/examples").glob("*.py")):
        done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=SCRATCH,
                              stdin=subprocess.DEVNULL)
        verdict(f"script/{script.name}", "" if done.returncode == 0 and done.stdout else done.stderr[-300:])


def results(zem):
    surface = zem.run("first", trials=300, target={"acceleration": "2 gravity"}, **{"interceptor.navigation_gain": 3})
    same = program("run", "first", "-o", str(SCRATCH / "same.h5"), "--trials", "300", "--set",
                   "target.acceleration=2 gravity", "--set", "interceptor.navigation_gain=3", "--quiet", "--json")
    verdict("keyword_arguments_are_set", "" if f'"digest":"{surface.attrs["digest"]}"' in same.stdout else same.stdout)
    kept = SCRATCH / "kept.h5"
    zem.run((TOP / "models/first.yaml").read_text(), kept, trials=100, reproducible=True).close()
    with zem.open(kept) as opened:
        verdict("text_of_a_scenario_is_run", "" if int(opened.trials.sum()) == 1000 else str(opened.trials))
    frame = zem.trace(kept, cell=(9,), trial=3)
    text = program("trace", str(kept), "--cell", "9", "--trial", "3").stdout
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    verdict("trace_has_every_row", "" if len(frame) == len(rows) - 1 else f"{len(frame)}, not {len(rows) - 1}")
    verdict("trace_has_units", "" if frame.attrs["units"]["range"] == "m" else str(frame.attrs["units"]))
    verdict("plot_draws", "" if zem.plot(kept, SCRATCH / "kept.svg").stat().st_size > 1000 else "it does not")


def errors(zem):
    bad = SCRATCH / "bad.yaml"
    bad.write_text((TOP / "models/first.yaml").read_text().replace("closing_speed: 4 km/s", "closing_speed: 4 m"))
    error = raises(zem.run, bad)
    verdict("bad_scenario_raises", "" if isinstance(error, zem.BadInputError) else repr(error))
    verdict("text_is_that_of_the_program", "" if str(error) == program("run", str(bad)).stderr.strip() else str(error))
    error = raises(zem.check, bad)
    copy = pickle.loads(pickle.dumps(error))
    same = (type(copy), str(copy), copy.exit_code, copy.messages) == (type(error), str(error), 65, error.messages)
    verdict("errors_are_pickled", "" if same else repr(copy))
    verdict("mistakes_have_their_lines", "" if error.messages[0]["key"] == "engagement.closing_speed" else repr(error))
    for name, kind, code, call in (
            ("missing_scenario", zem.InputMissingError, 66, lambda: zem.run("absent.yaml")),
            ("missing_result", zem.InputMissingError, 66, lambda: zem.open("absent.h5")),
            ("no_result", zem.BadInputError, 65, lambda: zem.open(bad)),
            ("wrong_option", zem.UsageError, 64, lambda: zem.run("first", interval="wald")),
            ("no_device", zem.DeviceError, 69, lambda: zem.run("first", device="nonsuch")),
            ("no_folder", zem.OutputError, 73, lambda: zem.run("first", SCRATCH / "no/x.h5"))):
        error = raises(call)
        right = isinstance(error, kind) and error.exit_code == code and str(error)
        verdict(f"error/{name}", "" if right else repr(error))
    for name, call in (("run", zem.run), ("check", zem.check), ("trace", zem.trace)):
        error = raises(call, {"target": {"spede": "1 km/s"}})
        named = error and str(error).startswith("scenario:") and "spede" in str(error) and "/scenario.yaml" not in \
            str(error) + repr(error.messages)
        verdict(f"failures_of_a_dict_name_no_temporary_file/{name}", "" if named else repr(error))
    there = SCRATCH / "there.h5"
    zem.run("first", there, trials=10).close()
    error = raises(zem.run, "first", there, trials=10)
    verdict("options_are_named_as_arguments",
            "" if "force=True" in str(error) and "--force" not in str(error) else repr(error))
    report = zem.check((TOP / "models/first.yaml").read_text())
    verdict("a_checked_text_names_no_temporary_file", "" if report["scenario"] == "scenario" else str(report))
    (SCRATCH / "fake").write_text("#!/bin/sh\nkill -KILL $$\n")
    (SCRATCH / "fake").chmod(0o755)
    os.environ["ZEM"] = str(SCRATCH / "fake")
    error = raises(zem.version)
    os.environ["ZEM"] = ZEM
    verdict("error/killed", "" if str(error) == "signal 9 killed zem" and error.exit_code == -9 else repr(error))


def streams(zem):
    call = importlib.import_module("zem.call")
    quiet = subprocess.run([sys.executable, "-c", "import zem; zem.check('first'); zem.run('first', trials=10, "
                            "progress=True)"], capture_output=True, text=True, check=False, cwd=SCRATCH,
                           env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    verdict("a_call_without_progress_clears_no_line",
            "" if quiet.returncode == 0 and quiet.stderr == "" else repr(quiet.stderr))
    seen = []
    fake_program(["zem: weave:  45 %, 1.23 M trials, 410 k/s, 0:12 left", "warning: a.yaml:1:1: late", "zem: done"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        code, _, messages = call.call([], seen.append)
    os.environ["ZEM"] = ZEM
    verdict("progress_is_called", "" if seen == ["45 %, 1.23 M trials, 410 k/s, 0:12 left"] else repr(seen))
    texts = [str(one.message) for one in caught]
    verdict("warnings_are_warnings", "" if texts == ["a.yaml:1:1: late"] else repr(texts))
    verdict("messages_are_kept", "" if (code, messages) == (0, "done") else repr((code, messages)))
    verdict("version_is_printed", "" if zem.version().startswith("zem ") else zem.version())


def endless_program():
    """Makes the package call a script that prints progress without end and is ended by SIGINT."""
    script = SCRATCH / "endless"
    script.write_text("#!/usr/bin/env python3\nimport signal, sys, time\n"
                      "signal.signal(signal.SIGINT, signal.SIG_DFL)\nwhile True:\n"
                      "    print('zem: weave:  45 %, 1 trials, 1/s, 0:12 left', file=sys.stderr, flush=True)\n"
                      "    time.sleep(0.01)\n")
    script.chmod(0o755)
    os.environ["ZEM"] = str(script)


def failing_progress(zem):
    """An exception of the function for progress stops the program and reaches the caller."""
    endless_program()
    error = raises(zem.run, "first", progress=lambda line: 1 // 0)
    os.environ["ZEM"] = ZEM
    verdict("progress_may_raise", "" if isinstance(error, ZeroDivisionError) else repr(error))
    verdict("progress_that_raises_stops_the_program", survivors("endless"))


def survivors(word):
    """Kills the processes that this test started and that have the word in their arguments. Returns "" if there was
    none."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes()
        except OSError:
            continue
        if f"{SCRATCH}/".encode() in arguments and word.encode() in arguments and int(path.parent.name) != os.getpid():
            found.append(path.parent.name)
            os.kill(int(path.parent.name), signal.SIGKILL)
    return f"still running: {found}" if found else ""


def interruption():
    """Ctrl-C during a run that would not end by itself. The package raises KeyboardInterrupt, the program has ended,
    and the folder holds only a checkpoint. The child sets SIGINT to Python's default, because the runner of the tests
    starts them with SIGINT ignored."""
    folder = SCRATCH / "interrupted"
    folder.mkdir()
    code = ("import signal, sys, zem\nsignal.signal(signal.SIGINT, signal.default_int_handler)\ntry:\n"
            "    zem.run('first', sys.argv[1], trials=10**12, threads=1,\n"
            "            progress=lambda line: print(line, flush=True))\n"
            "except KeyboardInterrupt:\n    print('interrupted')\n")
    with subprocess.Popen([sys.executable, "-c", code, str(folder / "long.h5")], stdout=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL) as process:
        process.stdout.readline()  # the first line of progress: the run is under way
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        try:
            rest = process.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            rest = "no end after a minute"
    print(f"ended {time.monotonic() - sent:.2f} s after Ctrl-C")
    verdict("ctrl_c_raises", "" if rest.endswith("interrupted\n") else repr(rest))
    verdict("ctrl_c_ends_the_program", survivors("long.h5"))
    left = sorted(path.name for path in folder.iterdir())
    verdict("ctrl_c_leaves_a_checkpoint_alone", "" if left == [".long.h5.checkpoint"] else f"there are {left}")


def snippets():
    """The Python blocks of the documents that import zem run as they are shown."""
    folder = SCRATCH / "snippets"
    folder.mkdir()
    block = re.compile(r"^```python\n(import zem\n.*?)^```$", re.MULTILINE | re.DOTALL)
    for page in ("README.md", "host/python/README.md"):
        blocks = block.findall((TOP / page).read_text())
        done = subprocess.run([sys.executable, "-c", "".join(blocks)], capture_output=True, text=True, check=False,
                              cwd=folder, stdin=subprocess.DEVNULL)
        verdict(f"blocks_of/{page}", "" if blocks and done.returncode == 0 else f"{len(blocks)}: {done.stderr[-300:]}")


def wheel():
    version = next(line.split()[-1] for line in (TOP / "Makefile").open() if line.startswith("VERSION :="))
    project = (TOP / "host/python/pyproject.toml").read_text()
    package = importlib.import_module("zem")
    verdict("version_is_that_of_the_makefile", "" if package.__version__ == version else f"not {version}")
    needed = re.search(r"^dependencies = (.*)$", project, re.MULTILINE)
    readers = {"h5netcdf", "h5py"} - set(re.findall(r'"(.*?)"', needed.group(1)))  # h5netcdf does not install h5py
    verdict("installing_the_package_brings_what_reads_results", f"without {readers}" if readers else "")
    absent = [path.name for path in (TOP / "host/python").glob("*.py") if f'"{path.name}" =' not in project]
    verdict("wheel_has_every_file", f"not {absent}" if absent else "")
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL")}
    if importlib.util.find_spec("hatchling") is None:
        skip("wheel_runs", "hatchling is not installed")
        return
    made = subprocess.run(["make", "--no-print-directory", "wheel", f"WHEEL_PYTHON={sys.executable}",
                           f"WHEELS={SCRATCH}/wheels"], capture_output=True, text=True, check=False, env=environment)
    files = list((SCRATCH / "wheels").glob("zem-*-py3-none-any.whl"))
    verdict("make_wheel", "" if made.returncode == 0 and len(files) == 1 else made.stderr[-300:])
    names = zipfile.ZipFile(files[0]).namelist() if files else []
    verdict("wheel_has_the_licence", "" if any(name.endswith("/LICENSE") for name in names) else str(names))
    done = subprocess.run([sys.executable, "-c", "import zem; print(zem.__file__, zem.run('first', trials=10).sizes)"],
                          capture_output=True, text=True, check=False, cwd=SCRATCH,
                          env={**os.environ, "PYTHONPATH": str(files[0]) if files else ""})
    verdict("wheel_runs", "" if ".whl/zem/" in done.stdout and "autopilot_lag" in done.stdout else done.stderr[-300:])


if importlib.util.find_spec("xarray") is None:
    skip("python", "xarray is not installed")
    sys.exit(0)
if all(importlib.util.find_spec(name) is None for name in ("h5netcdf", "netCDF4")):
    skip("python", "neither h5netcdf nor netCDF4 is installed")
    sys.exit(0)
sys.dont_write_bytecode = True
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
(SCRATCH / "path").mkdir()
(SCRATCH / "path/zem").symlink_to(TOP / "host/python")
os.environ["PYTHONPATH"] = str(SCRATCH / "path")
sys.path.insert(0, str(SCRATCH / "path"))
package_under_test = importlib.import_module("zem")
examples(package_under_test)
results(package_under_test)
errors(package_under_test)
streams(package_under_test)
failing_progress(package_under_test)
interruption()
snippets()
wheel()
