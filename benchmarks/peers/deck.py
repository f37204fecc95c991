"""What the peers in Python share: the numbers of deck.h, the schedule of steps, the cells, and the loop that answers
run.py."""
import pathlib
import re
import sys
import time

import numpy as np

HEADER = (pathlib.Path(__file__).parent / "deck.h").read_text()
VALUES = {name: float(value) for name, value in re.findall(r"#define (\w+) ([-+.\de]+)f?\b", HEADER)}
POINTS, RADII = int(VALUES["POINTS"]), int(VALUES["RADII"])
CELLS = POINTS * POINTS
RADIUS = np.array([VALUES[f"RADIUS_{k}"] for k in range(RADII)], dtype=np.float32)


def schedule():
    """Returns an array with a row for each step: start, duration and time to go in s, and the standard deviation of the
    noise in rad."""
    v, rows, to_go = VALUES, [], VALUES["FLIGHT_TIME"]
    while to_go > v["BLIND_TIME"]:
        h = min(to_go / v["STEP_RATIO"], v["STEP"])
        last = to_go - v["BLIND_TIME"] <= 1.001 * h
        h = to_go - v["BLIND_TIME"] if last else h
        r1, r2 = v["CLOSING_SPEED"] * to_go, v["CLOSING_SPEED"] * (to_go - h)
        rows.append((v["FLIGHT_TIME"] - to_go, h, to_go, ((v["GLINT"] / (r1 * r2) + v["ANGLE_NOISE"]) / h) ** 0.5))
        to_go = 0.0 if last else to_go - h
    return np.array(rows, dtype=np.float32)


def cells():
    """Returns two arrays with the target's acceleration in m/s2 and period in s of each cell."""
    v = VALUES
    acceleration = np.repeat(v["ACCELERATION_MOST"] * np.arange(POINTS) / (POINTS - 1), POINTS)
    ratio = v["PERIOD_MOST"] / v["PERIOD_LEAST"]
    period = np.tile(v["PERIOD_LEAST"] * ratio ** (np.arange(POINTS) / (POINTS - 1)), POINTS)
    return acceleration.astype(np.float32), period.astype(np.float32)


def serve(work):
    """Calls work(call, trials), which returns the hits by cell and radius, once for each line of standard input. Prints
    the seconds that it took and the hits."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    for call, _ in enumerate(sys.stdin, start=1):
        begin = time.perf_counter()
        hits = np.asarray(work(call, trials))
        print(f"{time.perf_counter() - begin:.9f}", *(int(x) for x in hits.reshape(-1)), flush=True)
