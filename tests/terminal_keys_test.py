"""The keys at the terminal of a run: s, p, c and q do what `zem run --help` says, and the mode of the terminal is
restored however the run ends. Runs $ZEM in pseudo-terminals, in $SCRATCH. Prints "ok NAME" or "not ok NAME: why". Waits
for what a run prints, and never for a fixed time."""

import os
import pty
import re
import select
import signal
import sys
import termios
import traceback

ZEM = os.environ["ZEM"]
SCENARIO = """zem: 1
engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s}
scoring: {hit_radius: [0.5 m, 1 m]}
run: {trials: 1000000000000}
"""
COOKED = termios.ICANON | termios.ECHO


class Run:
    """A run in a terminal of its own, of more trials than any machine flies during the test."""

    def __init__(self, *options, background=False, raw=False):
        for name in ("long.h5", ".long.h5.checkpoint"):
            if os.path.exists(name):
                os.remove(name)
        self.text = ""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ["TERM"] = "xterm"
            if raw:
                mode = termios.tcgetattr(0)
                mode[3] &= ~COOKED
                mode[6][termios.VMIN] = 1
                termios.tcsetattr(0, termios.TCSANOW, mode)
            if background:
                self.go_to_background()
            os.execv(ZEM, [ZEM, "run", "long.yaml", "--device", "cpu", "--threads", "1", *options])

    @staticmethod
    def go_to_background():
        """Continues in a child process that does not get the terminal's keys, as after `&` in a shell."""
        child = os.fork()
        if child != 0:
            with open("process", "w", encoding="ascii") as file:
                file.write(str(child))
            os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255)
        os.setpgid(0, 0)

    def read(self):
        """Adds what the run prints within a quarter of a second. Returns False at the end of the run."""
        if select.select([self.terminal], [], [], 0.25)[0]:
            try:
                more = os.read(self.terminal, 65536)
            except OSError:  # Linux reports an error when no process has the terminal open
                return False
            self.text += more.decode(errors="replace")
            return bool(more)
        return True

    def wait_for(self, pattern):
        """Reads until the text since the last match contains the pattern, and drops the text up to the end of the
        match. Returns the match."""
        while not (found := re.search(pattern, self.text)):
            assert self.read(), f"the run ended without {pattern}: {self.text[-300:]!r}"
        self.text = self.text[found.end():]
        return found

    def wait_for_checkpoint(self):
        while not os.path.exists(".long.h5.checkpoint"):
            assert self.read(), f"the run ended without a checkpoint: {self.text[-300:]!r}"

    def press(self, key):
        os.write(self.terminal, key)

    def signal(self, number):
        os.kill(self.process, number)

    def mode(self):
        return termios.tcgetattr(self.terminal)[3] & COOKED

    def end(self):
        """Reads to the end of the run. Returns the exit code, or minus the number of the signal that ended it."""
        while self.read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def status_is_printed():
    run = Run()
    run.wait_for("keys: s status, p pause, c checkpoint, q quit")
    assert run.mode() == 0, "keys are not read one by one"
    run.press(b"s")
    run.wait_for(r"zem: long\.yaml: +\d+ %, [0-9.]+( [kMGT])? trials, [0-9.]+( [kMGT])?/s, .* left\r?\n")
    run.press(b"x")  # a key without meaning
    run.press(b"q")
    assert run.end() == 75 and os.path.exists(".long.h5.checkpoint")


def a_pause_flies_nothing():
    run = Run()
    run.wait_for("trials, ")
    run.press(b"p")
    run.wait_for("is paused when the batches in flight are done; p goes on")
    run.wait_for("trials, paused")
    counts = [run.wait_for(r"([0-9.]+ ?[kMGT]?) trials, paused").group(1) for _ in range(30)]
    assert len(set(counts[-5:])) == 1, "trials are flown in a pause"  # earlier counts may include batches in flight
    run.press(b"c")
    run.wait_for("a checkpoint is written")
    assert os.path.exists(".long.h5.checkpoint")
    run.press(b"p")
    run.wait_for("goes on")
    while run.wait_for(r"([0-9.]+ ?[kMGT]?) trials, [0-9]").group(1) == counts[-1]:
        pass
    run.press(b"p")
    run.wait_for("trials, paused")
    run.press(b"q")  # q works in a pause too
    assert run.end() == 75


def no_checkpoint_is_said():
    run = Run("--checkpoint", "0")
    run.wait_for("trials, ")
    run.press(b"c")
    run.wait_for("no checkpoint is written, because --checkpoint is 0")
    run.press(b"q")
    assert run.end() == 130 and not os.path.exists(".long.h5.checkpoint")


def the_terminal_is_restored():
    for ended_by, code in ((b"q", 75), (b"\x03", 75), (signal.SIGTERM, 75), (signal.SIGQUIT, -signal.SIGQUIT),
                           (signal.SIGSEGV, 70)):
        run = Run()
        run.wait_for("keys: s status")
        assert run.mode() == 0
        keeper = os.open(f"/proc/{run.process}/fd/0", os.O_RDWR | os.O_NOCTTY)  # keeps the terminal after the run
        run.press(ended_by) if isinstance(ended_by, bytes) else run.signal(ended_by)
        ended = os.waitstatus_to_exitcode(os.waitpid(run.process, 0)[1])
        mode = termios.tcgetattr(keeper)[3] & COOKED
        os.close(keeper)
        assert ended == code, f"{ended_by}: exit code {ended}, expected {code}"
        assert mode == COOKED, f"{ended_by}: the terminal does not echo afterwards"


def a_terminal_that_waits_for_keys_does_not_stop_the_run():
    """The terminal already gives keys one by one, and a read waits for one."""
    run = Run("--checkpoint", "1", raw=True)
    run.wait_for("keys: s status")
    run.wait_for_checkpoint()
    for _ in range(3):
        run.wait_for("trials, ")
    run.press(b"q")
    assert run.end() == 75


def quiet_runs_read_nothing():
    run = Run("--quiet", "--checkpoint", "1")
    run.wait_for_checkpoint()
    assert run.mode() == COOKED
    run.signal(signal.SIGTERM)
    assert run.end() == 75


def a_run_in_the_background_reads_nothing():
    """If the run read a key or set the mode, the terminal would stop it."""
    run = Run("--checkpoint", "1", background=True)
    run.wait_for("keys: s status")
    run.press(b"q")
    run.wait_for_checkpoint()
    run.wait_for("trials, ")
    assert run.mode() == COOKED
    with open("process", encoding="ascii") as file:
        os.kill(int(file.read()), signal.SIGTERM)
    assert run.end() == 75


def main():
    os.chdir(os.environ["SCRATCH"])
    with open("long.yaml", "w", encoding="utf-8") as file:
        file.write(SCENARIO)
    for test in (status_is_printed, a_pause_flies_nothing, no_checkpoint_is_said, the_terminal_is_restored,
                 a_terminal_that_waits_for_keys_does_not_stop_the_run, quiet_runs_read_nothing,
                 a_run_in_the_background_reads_nothing):
        try:
            test()
            print("ok", test.__name__, flush=True)
        except Exception as failure:  # any failure is reported by its name
            where = traceback.extract_tb(failure.__traceback__)[-1].lineno
            print(f"not ok {test.__name__}: line {where}: {failure or type(failure).__name__}", flush=True)


sys.exit(main())
