"""Measures zem and its peers side by side on the deck "standard" and keeps the figures in
benchmarks/results/MACHINE-peers.json. Called by run.sh. Usage: run.py ZEM FOLDER.

A peer is a program that does the whole work once for each line that it is sent. Its first call, which may compile the
program, is reported and does not count. Five rounds follow. In each round zem and every peer have one turn, so that a
disturbance of the machine affects all of them; medians are reported. A rate is printed only if the hit probabilities
agree with those of zem. In every cell and radius the difference must lie within an interval; all these intervals hold
together with 99.9 % (Bonferroni). The mean of the normalised differences must lie within its own 99.9 % interval."""
import json
import os
import re
import statistics
import subprocess
import sys

import numpy as np

ROUNDS = 5
TRIALS = 2048  # a call, in each of the 64 cells
POINTS, RADII = 8, 3
PEERS = (
    ("plain C -O3", ["plain"], "gcc -O3 -march=native, scalar source, OpenMP threads"),
    ("Boost.odeint", ["odeint"], "g++ -O3 -march=native, runge_kutta4 on std::array<float, 14>, OpenMP threads"),
    ("numba prange", ["venv/bin/python", "numba_peer.py"], "parallel, fastmath, float32"),
    ("JAX", ["venv/bin/python", "jax_peer.py"], "jit, vmap, scan, float32"),
)
# Limit of a normalised difference, at 0.1 % for 192 two-sided comparisons together. The quantile 1 - 0.001/384 of the
# normal distribution is 4.70; the limit is a little larger to allow for small counts.
Z_ALL = 4.73
Z_ONE = 3.29  # the limit of one two-sided comparison at 0.1 %


class Peer:
    def __init__(self, folder, name, command, how):
        self.name, self.how, self.seconds, self.calls, self.first = name, how, [], 0, None
        self.hits = np.zeros((POINTS * POINTS, RADII))
        sources = [os.path.join("benchmarks/peers", word) for word in command[1:]]
        words = [os.path.join(folder, command[0]), *sources, str(TRIALS)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if len(words) != 1 + POINTS * POINTS * RADII:
            sys.exit(f"peers: {self.name} died")
        self.hits += np.array(words[1:], dtype=float).reshape(POINTS * POINTS, RADII)
        self.calls += 1
        if self.first is None:
            self.first = float(words[0])
        else:
            self.seconds.append(float(words[0]))

    def agreement(self, zem_hits, zem_trials):
        """Returns the largest and the mean difference of the probabilities from those of zem, in standard errors."""
        trials = self.calls * TRIALS
        pooled = (self.hits + zem_hits) / (trials + zem_trials)
        sigma = np.sqrt(np.maximum(pooled * (1.0 - pooled), 0.5 / trials) * (1.0 / trials + 1.0 / zem_trials))
        z = (self.hits / trials - zem_hits / zem_trials) / sigma
        return float(np.max(np.abs(z))), float(np.mean(z))


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def zem_probabilities(zem, folder):
    """Returns the hits of zem by cell, acceleration slowest, and radius, and its number of trials a cell."""
    path = os.path.join(folder, "standard.h5")
    deck = "benchmarks/decks/standard.yaml"
    subprocess.run([zem, "run", deck, "-o", path, "--force", "--quiet", "--device", "openmp"], check=True)
    hits = np.zeros((POINTS * POINTS, RADII))
    for radius in range(RADII):
        shown = json.loads(output_of(zem, "show", path, "--json", "--radius", str(radius)))
        trials = shown["totals"]["trials"] // shown["totals"]["cells"]
        probability = np.array(shown["view"]["value"])
        if shown["view"]["axes"] != ["acceleration", "period"]:
            probability = probability.T
        hits[:, radius] = np.rint(probability.reshape(-1) * trials)
    return hits, trials


def bench(zem, device):
    """Runs one repetition of zem bench on a device. Returns the JSON document and its result."""
    command = [zem, "bench", "--device", device, "--repeat", "1", "--json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"peers: zem bench on {device}: {done.stderr.strip()}")
    whole = json.loads(done.stdout)
    return whole, whole["results"][0]


def devices_of(zem):
    """Returns the names of the processor and of the first OpenCL device that is a processor, if there is one."""
    listed = json.loads(output_of(zem, "devices", "--json"))["devices"]
    opencl = [device["name"] for device in listed
              if device["usable"] and device["name"].startswith("opencl") and not device["gpu"]]
    return ["openmp"] + opencl[:1]


def measure(zem, peers, devices):
    """Calls every peer once to warm up, then zem and all peers in turn. Returns the rates of zem by device, the
    document of zem bench that names the machine, and the last result."""
    rates, whole, result = {device: [] for device in devices}, None, None
    for peer in peers:
        peer.call()
    for round_number in range(ROUNDS):
        print(f"peers: round {round_number + 1} of {ROUNDS}", file=sys.stderr)
        for peer in peers:
            peer.call()
        for device in devices:
            answer, result = bench(zem, device)
            rates[device].append(result["engagements_per_second"])
            whole = answer if device == "openmp" else whole  # the processor names the machine
    return rates, whole, result


def peer_rows(peers, zem_hits, zem_trials):
    """Returns the figures of the peers that agree with zem, and a text on each peer that does not."""
    rows, broken = [], []
    work = POINTS * POINTS * TRIALS
    for peer in peers:
        peer.process.stdin.close()
        largest, mean = peer.agreement(zem_hits, zem_trials)
        # the mean of the normalised differences has a standard deviation below 1, so this limit is a wide one
        if not (largest < Z_ALL and abs(mean) < Z_ONE):
            broken.append(f"{peer.name} (largest {largest:.1f}, mean {mean:.2f} standard errors)")
            continue
        rows.append({"name": peer.name, "how": peer.how,
                     "engagements_per_second": work / statistics.median(peer.seconds),
                     "first_call_seconds": peer.first, "seconds": peer.seconds, "engagements": work,
                     "largest_difference_sigma": largest, "mean_difference_sigma": mean})
    return rows, broken


def table_print(rows, fastest, problems):
    print(f"{'deck standard, engagements/s':<34} {'median':>10} {'zem is faster by':>17} {'first call':>11}  "
          "agreement of p (largest, in standard errors)")
    for row in sorted(rows, key=lambda row: row["engagements_per_second"]):
        rate = row["engagements_per_second"]
        first = f"{row['first_call_seconds']:.2f} s" if "first_call_seconds" in row else ""
        sigma = ""
        if "largest_difference_sigma" in row:
            sigma = f"{row['largest_difference_sigma']:.2f} of {POINTS * POINTS * RADII}"
        print(f"  {row['name']:<32} {rate:>10.4g} {fastest / rate:>16.1f}x {first:>11}  {sigma}")
    for problem in problems:
        print(f"  {problem['name']:<32} {problem['trajectories_per_second']:>10.4g} trajectories/s, "
              f"{problem['steps_per_second']:.4g} steps/s")


def main():
    zem, folder = sys.argv[1:3]
    devices = devices_of(zem)
    zem_hits, zem_trials = zem_probabilities(zem, folder)
    peers = [Peer(folder, *entry) for entry in PEERS]
    rates, whole, result = measure(zem, peers, devices)
    rows, broken = peer_rows(peers, zem_hits, zem_trials)
    for device in devices:
        rows.append({"name": f"zem {device}", "how": "zem bench --deck standard",
                     "engagements_per_second": statistics.median(rates[device]), "rates": rates[device]})
    ensemble = json.loads(output_of(os.path.join(folder, "ensemble")))
    broken += [problem["name"] for problem in ensemble["problems"] if not problem["agrees"]]
    table_print(rows, statistics.median(rates["openmp"]), ensemble["problems"])
    if broken:
        sys.exit(f"peers: no rate for what does not agree: {', '.join(broken)}")
    name = re.sub(r"[^A-Za-z0-9-]", "-", os.environ.get("MACHINE_NAME", whole["machine"]))
    with open(f"benchmarks/results/{name}-peers.json", "w", encoding="utf-8") as file:
        json.dump({"zem_peers": 1, "machine": name, "commit": whole["commit"],
                   "kernel_version": whole["kernel_version"], "date": whole["date"], "digest": result["digest"],
                   "rows": rows, "ensemble": ensemble}, file, indent=1)
        file.write("\n")
    print(f"peers: kept in benchmarks/results/{name}-peers.json", file=sys.stderr)


main()
