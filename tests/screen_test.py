#!/usr/bin/env python3
"""What zem show draws at a terminal: the last lines of a terminal of 80 x 24 have the whole map and its headline, as
digits where colours are few, and with two points in a character where there are colours and UTF-8."""
import os
import pathlib
import re

from python.expect import at_terminal, verdict, zem

SCENARIO = """zem: 1
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: weave, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s}
scoring: {hit_radius: [0.5 m, 1 m]}
run: {trials: 200, seed: 1, step: 20 ms}
sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 9 gravity, points: 30}
  - {parameter: target.period, from: 0.5 s, to: 4 s, points: ROWS, spacing: log}
"""


def shown(name, lines=24, **environment):
    """What zem show prints at a terminal of 80 columns, and after it how the program ended, unless with exit code 0."""
    kept = {name: value for name, value in os.environ.items()
            if name not in ("COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG")}
    code, printed = at_terminal("show", name, lines=lines, environment={**kept, **environment})
    return printed.replace("\r", "") + (f"\nzem show ended with {code}\n" if code else "")


def last_lines(text, count):
    return re.sub(r"\x1b\[[0-9;]*m", "", text).rstrip("\n").split("\n")[-count:]


def faults_of_screen(text, lines=24):
    """Whether the map and its headline stand in the last lines, of which the prompt takes one."""
    seen = last_lines(text, lines - 1)
    titles = [at for at, line in enumerate(seen) if line.startswith("probability of a hit, hit radius")]
    if not titles:
        return [f"the title is not seen: {seen}"]
    widest = max(map(len, seen[titles[-1]:]))
    return [f"the last line is {seen[-1]!r}"] * ("do the cells differ?" not in seen[-1]) \
        + [f"a line of the map has {widest} characters"] * (widest > 80)


def faults_of_colors(text, term, more, is_low):
    """Whether a text has the colours and the half blocks that the terminal has."""
    colors = term.startswith("xterm") and "NO_COLOR" not in more
    wanted = {"\x1b[": colors, "\x1b[38;2;": colors and "COLORTERM" in more,
              "\u2580": colors and more["LANG"] == "C.UTF-8" and not is_low}
    return [f"{part!r} is {'missing' if present else 'there'}"
            for part, present in wanted.items() if (part in text) != present]


TERMINALS = (("vt100", {}), ("linux", {"COLORTERM": "truecolor", "LANG": "C.UTF-8"}),
             ("xterm-256color", {"LANG": "C.UTF-8"}), ("xterm-256color", {"LANG": "C"}),
             ("xterm-256color", {"LANG": "C.UTF-8", "COLORTERM": "truecolor"}),
             ("xterm-256color", {"LANG": "C.UTF-8", "NO_COLOR": "1"}))


def main():
    os.chdir(os.environ["SCRATCH"])
    for name, rows in (("tall", 33), ("taller", 90), ("low", 5)):
        pathlib.Path(f"{name}.yaml").write_text(SCENARIO.replace("ROWS", str(rows)), encoding="utf-8")
        run = zem("run", f"{name}.yaml", "--quiet", "--device", "cpu")
        faults = [run.stderr] if run.returncode != 0 else []
        for term, more in TERMINALS:
            text = shown(f"{name}.h5", TERM=term, **more)
            faults += [f"{term} {more}: {fault}" for fault in
                       faults_of_screen(text) + faults_of_colors(text, term, more, name == "low")]
        verdict(f"a_{name}_map_fits_into_a_terminal", "; ".join(faults[:2]))
    text = shown("tall.h5", lines=60, TERM="vt100")
    verdict("a_map_uses_the_lines_of_a_terminal",
            "; ".join(faults_of_screen(text, 60) + ["points are left out"] * ("shown: one of" in text)))


main()
