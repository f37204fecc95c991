#!/usr/bin/env python3
"""Doctrines applied to results. What `zem doctrine` says of a cell follows from the counts in the file by formulas,
which are written here anew. A salvo whose interceptors may fail is summed over every pattern of failures, and a raid
over every number of leakers. Intervals are Wilson's (1927) of the same counts, carried through the formulas. Single
shots that are dealt to volleys are compared with scenarios whose salvos are shorter, which have the same first shots.
tests/doctrine_test.c compares the doctrine itself with an enumeration of all courses of a raid."""
import csv
import importlib
import itertools
import json
import math
import os
import pathlib
import statistics
import subprocess
import warnings
from fractions import Fraction

import numpy as np
import xarray

from python.expect import ZEM, at_terminal, skip, verdict, zem

PAGE = pathlib.Path("models/FILE-FORMAT.md").read_text(encoding="utf-8")
os.chdir(os.environ["SCRATCH"])

PLAIN = """zem: 1
title: One shot
engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 6 gravity, start: {from: 0 s, to: 3 s}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.5 s}
scoring: {hit_radius: [0.5 m, 2 m]}
sweep:
  - {parameter: target.acceleration, values: [3 gravity, 6 gravity]}
  - {parameter: interceptor.autopilot_lag, values: [0.3 seconds, 0.6 seconds, 0.9 seconds]}
run: {trials: 1500, seed: 4}
"""
SALVO = PLAIN.replace("One shot", "Three shots").replace(
    "scoring", "salvo: {shots: 3, spacing: 0.1 s}\nscoring").replace(
    "lag: 0.5 s}", "lag: 0.5 s, seeker_lag: 0.1 s, filter_lag: 0.1 s}\nseeker: {glint: 0.05 m2/Hz}")
QUANTITIES = ("p_no_leak", "leakers", "shots_fired")
Z = statistics.NormalDist().inv_cdf(0.975)


def dataset(*arguments):
    out = zem("doctrine", *arguments, "-o", "doctrine.h5")
    if out.returncode != 0:
        raise RuntimeError(out.stderr)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with xarray.open_dataset("doctrine.h5", engine="h5netcdf") as data:
            return data.load()


def wilson(hits, trials):
    middle, half = hits + Z * Z / 2, Z * math.sqrt(hits * (trials - hits) / trials + Z * Z / 4)
    return (middle - half) / (trials + Z * Z), (middle + half) / (trials + Z * Z)


def near(found, right, tolerance=1e-9):
    """Whether numbers agree except for rounding. Formulas in another order lose far fewer digits than 1e-9 allows."""
    return np.allclose(found, right, rtol=tolerance, atol=tolerance)


def raid_without_looks(kill, targets, salvos, common=1.0):
    """Returns P(no leak), expected leakers and expected salvos when each target gets one volley of `salvos` salvos,
    summed over every number of leakers. `kill` is the probability that a salvo kills, `common` that the defence works
    at all."""
    miss = (1 - kill) ** salvos
    chance = [math.comb(targets, x) * miss**x * (1 - miss) ** (targets - x) for x in range(targets + 1)]
    return (common * chance[0], common * sum(x * c for x, c in enumerate(chance)) + (1 - common) * targets,
            targets * salvos)


def one_target_with_looks(kill, salvos, common=1.0):
    expected = common * (1 - (1 - kill) ** salvos) / kill + (1 - common) * salvos if kill > 0 else salvos
    return common * (1 - (1 - kill) ** salvos), 1 - common * (1 - (1 - kill) ** salvos), expected


def check_one_shot(result):
    hits, trials = result.hits.values, int(result.trials.values.flat[0])
    limits = np.vectorize(lambda h: wilson(h, trials))(hits)
    for name, options, formula, shots in (
            ("a_single_shot", (), lambda p: raid_without_looks(p, 1, 1), 1),
            ("a_raid", ("--fire", "3", "--raid", 5), lambda p: raid_without_looks(p, 5, 3), 1),
            ("looks", ("--fire", "1+1+1"), lambda p: one_target_with_looks(p, 3), 1),
            ("reliabilities",
             ("--fire", "2", "--raid", 3, "--reliability", 0.9, "--launch", 0.95, "--common-reliability", 0.97),
             lambda p: raid_without_looks(0.9 * 0.95 * p, 3, 2, 0.97), 1),
            ("looks_and_a_common_cause", ("--fire", "1+1", "--common-reliability", 0.8),
             lambda p: one_target_with_looks(p, 2, 0.8), 1)):
        data = dataset("one.h5", *options)
        right = np.vectorize(formula)(hits / trials)
        ends = [np.vectorize(formula)(limit) for limit in limits]
        for i, quantity in enumerate(QUANTITIES):
            good = near(data[quantity], shots * right[i])
            verdict(f"{name}/{quantity}", "" if good else f"{data[quantity].values}, expected {right[i]}")
            low, high = (ends[0][i], ends[1][i]) if i == 0 else (ends[1][i], ends[0][i])
            good = near(data[quantity + "_lower"], low, 1e-7) and near(data[quantity + "_upper"], high, 1e-7)
            verdict(f"{name}/interval_of_{quantity}", "" if good else f"{data[quantity + '_lower'].values}, {low}")
    verdict("one_shot_has_nothing_that_is_shared", "" if "p_no_leak_independent" not in data else "it has")


def salvo_kill(counts, reliability):
    """Returns the probability that a salvo kills, summed over every pattern of interceptors that work. counts[k] is the
    number of trials with k hits."""
    shots, kill = len(counts) - 1, 0.0
    for hits, count in enumerate(counts):
        for works in itertools.product((True, False), repeat=shots):
            chance = math.prod(reliability if w else 1 - reliability for w in works)
            kill += count / sum(counts) * chance * any(works[:hits])  # which of the shots hit does not matter
    return kill


def check_salvo(result):
    counts, trials = result.salvo_hits.values.astype(float), int(result.trials.values.flat[0])
    data = dataset("three.h5", "--fire", "2", "--raid", 2, "--reliability", 0.8, "--launch", 0.9)
    kill = 0.9 * np.apply_along_axis(salvo_kill, -1, counts, 0.8)
    right = np.vectorize(lambda k: raid_without_looks(k, 2, 2))(kill)
    for i, quantity in enumerate(QUANTITIES):
        good = near(data[quantity], right[i] * (3 if i == 2 else 1))
        verdict(f"a_salvo_keeps_its_joint_hits/{quantity}", "" if good else f"{data[quantity].values}, {right[i]}")
    alone = 0.9 * (1 - np.prod(1 - 0.8 * result.hits_shot.values / trials, axis=-1))
    right = np.vectorize(lambda k: raid_without_looks(k, 2, 2))(alone)
    good = near(data.p_no_leak_independent, right[0]) and near(data.leakers_independent, right[1])
    verdict("independence_is_shown_beside", "" if good else f"{data.p_no_leak_independent.values}, {right[0]}")
    apart = float(np.max(np.abs(data.p_no_leak_independent - data.p_no_leak)))
    verdict("shots_that_share_a_target_are_not_independent", "" if apart > 0.05 else f"{apart}")
    said = json.loads(zem("doctrine", "three.h5", "--json", "--radius", 0).stdout)["rows"]
    same = near([row["p_no_leak"]["if_independent"] for row in said], result.p_salvo_independent[..., 0].values.ravel())
    verdict("json_shows_independence_too", "" if same else f"{said}")
    plain = dataset("three.h5")
    same = all(np.array_equal(plain["p_no_leak" + end], result["p_salvo" + end]) or
               near(plain["p_no_leak" + end], result["p_salvo" + end], 1e-14) for end in ("", "_lower", "_upper"))
    verdict("a_salvo_without_more_is_that_of_the_result", "" if same else f"{plain.p_no_leak} {result.p_salvo}")
    # Given the number of hits, the chance of a kill is a number from 0 to 1 - 0.2^3. The interval of its mean is the
    # binomial interval of the mean over that maximum.
    most = 1 - 0.2**3
    share = np.apply_along_axis(salvo_kill, -1, counts, 0.8) / most * trials
    low = 0.9 * most * np.vectorize(lambda s: wilson(math.floor(s), trials)[0])(share)
    right = np.vectorize(lambda k: raid_without_looks(k, 2, 2))(low)
    verdict("the_interval_of_a_mean_is_rounded_outward", "" if near(data.p_no_leak_lower, right[0], 1e-7) else
            f"{data.p_no_leak_lower.values}, {right[0]}")
    covered = (data.p_no_leak_lower <= data.p_no_leak) & (data.p_no_leak <= data.p_no_leak_upper)
    verdict("estimates_lie_in_their_intervals", "" if bool(covered.all()) else "not all")


def survives(counts, shots, works):
    """Returns the probability that the first `shots` shots of a salvo do not kill, summed over every set of shots that
    may be the hits. counts[m] is the number of salvos with m hits, in which all such sets are equally probable."""
    total, size = Fraction(0), len(counts) - 1
    for hits, count in enumerate(counts):
        sets = list(itertools.combinations(range(size), hits))
        total += Fraction(int(count), len(sets)) * sum((1 - works) ** sum(shot < shots for shot in s) for s in sets)
    return total / sum(int(count) for count in counts)


def check_shots(result, spaced, pair):
    """`result` has salvos of three shots without spacing, `spaced` with spacing, and `pair` only two of its shots."""
    counts, works = result.salvo_hits.values, Fraction(72, 100)
    first, two, three = (np.apply_along_axis(lambda c, k=k: float(survives(c, k, works)), -1, counts)
                         for k in (1, 2, 3))
    data = dataset("alike.h5", "--unit", "shot", "--fire", "1+2", "--reliability", 0.8, "--launch", 0.9, "--raid", 2)
    same = near(data.p_no_leak, (1 - three) ** 2) and near(data.leakers, 2 * three)
    verdict("shots_of_one_salvo_share_the_target", "" if same else f"{data.p_no_leak.values}, {(1 - three) ** 2}")
    same = near(data.shots_fired, 2 * (1 + 2 * first))
    verdict("looks_save_shots_of_a_salvo", "" if same else f"{data.shots_fired.values}, {2 * (1 + 2 * first)}")
    hit = 0.72 * (counts * np.arange(4)).sum(axis=-1) / (3 * counts.sum(axis=-1))
    same = near(data.p_no_leak_independent, (1 - (1 - hit) ** 3) ** 2)
    verdict("independent_shots_stand_beside_those_of_a_salvo", "" if same else f"{data.p_no_leak_independent.values}")
    data = dataset("alike.h5", "--unit", "shot", "--fire", "1+1+1", "--raid", 2, "--inventory", 3, "--reliability", 0.8,
                   "--launch", 0.9)
    # the third shot goes to a target that survived the first; if both did, one of them gets no second shot
    good = (1 - first) ** 2 + 2 * (1 - first) * (first - two)
    same = near(data.p_no_leak, good) and near(data.shots_fired, 2 + 1 - (1 - first) ** 2)
    verdict("the_inventory_counts_shots", "" if same else f"{data.p_no_leak.values}, {good}")
    whole = dataset("alike.h5", "--unit", "shot", "--fire", "3")
    same = all(near(whole["p_no_leak" + end], result["p_salvo" + end], 1e-12) for end in ("", "_lower", "_upper"))
    verdict("all_shots_at_once_are_the_salvo", "" if same else f"{whole.p_no_leak.values}, {result.p_salvo.values}")
    again = ("three.h5", "--unit", "shot", "--trials", 1000000000)
    whole, data = dataset(*again, "--fire", "3"), dataset(*again, "--fire", "2,1+1")
    same = all(near(whole["p_no_leak" + end], spaced["p_salvo" + end], 1e-12) for end in ("", "_lower", "_upper"))
    verdict("shots_flown_again_are_those_of_the_run", "" if same else f"{whole.p_no_leak.values}")
    verdict("a_file_says_that_trials_were_flown_again", "" if whole.attrs.get("trials_flown_again") == 1500 else "no")
    same = (near(data.p_no_leak[0], pair.p_salvo) and near(data.p_no_leak[1], pair.p_salvo)
            and near(data.shots_fired[1], 2 - pair.hits_shot[..., 0] / 1500))
    verdict("spaced_shots_keep_their_order", "" if same else f"{data.p_no_leak.values}, {pair.p_salvo.values}")
    other = dataset("pair.h5", "--unit", "shot", "--fire", "2,1+1", "--reliability", 0.7)
    data = dataset(*again, "--fire", "2,1+1", "--reliability", 0.7)
    same = all(near(other[name], data[name]) for name in data.data_vars)
    verdict("counts_of_pairs_suffice", "" if same and "trials_flown_again" not in other.attrs else f"{other}")
    said = json.loads(zem("doctrine", "pair.h5", "--unit", "shot", "--json").stdout)
    verdict("json_names_the_unit", "" if said["unit"] == "shot" and "trials_flown_again" not in said else f"{said}")
    text = zem("doctrine", *again, "--fire", "1+1").stdout
    told = "those of one salvo" in text and "Up to 1500 trials of each cell with a spacing were flown again" in text
    verdict("text_says_what_is_shared", "" if told and "  unit                shot" in text else text)
    one = dataset("one.h5", "--unit", "shot")
    same = all(near(one[name], dataset("one.h5")[name]) for name in one.data_vars)
    verdict("a_single_shot_is_a_salvo", "" if same else f"{one}")


def check_spacing():
    """Cells whose spacing is swept, and a spacing that follows a drawn lag and is 0 at its mean."""
    run("swept", SALVO.replace("sweep:\n", "sweep:\n  - {parameter: salvo.spacing, values: [0 s, 0.1 s]}\n"))
    data = dataset("swept.h5", "--unit", "shot", "--fire", "1+1", "--trials", 1500)
    for i, name in enumerate(("alike.h5", "three.h5")):
        alone = dataset(name, "--unit", "shot", "--fire", "1+1", "--trials", 1500)
        near_enough = np.all(np.abs(data.p_no_leak[i] - alone.p_no_leak) < 5 * np.sqrt(0.5 / 1500))
        verdict(f"spacing_of_a_cell_decides/{name}", "" if near_enough else f"{data.p_no_leak[i]}, {alone.p_no_leak}")
    apart = "(interceptor.filter_lag - 0.1 s)"
    run("drawn", SALVO.replace("filter_lag: 0.1 s", "filter_lag: {from: 0.05 s, to: 0.15 s}").replace(
        "spacing: 0.1 s", f"spacing: ={apart} * {apart} / 0.01 s").replace("trials: 1500", "trials: 300"))
    data = dataset("drawn.h5", "--unit", "shot", "--fire", "3", "--trials", 1000)
    with xarray.open_dataset("drawn.h5", engine="h5netcdf") as result:
        verdict("drawn_spacing_is_flown_again", "" if near(data.p_no_leak, result.p_salvo)
                and "trials_flown_again" in data.attrs else f"{data.p_no_leak}, {result.p_salvo}")


def check_shards():
    """A shard has every third trial of the run, and two merged shards have two of every three.
    The trials that are flown again are those that the file has, so that three shots at once give its p_salvo."""
    for k in range(3):
        run(f"part{k}", SALVO.replace("trials: 1500", "trials: 500"), "--shard", f"{k}/3")
    subprocess.run([ZEM, "merge", "parts.h5", "part0.h5", "part2.h5", "--quiet", "--force"], check=True)
    for name in "part1.h5", "parts.h5":
        data = dataset(name, "--unit", "shot", "--fire", "3", "--trials", 1000)
        with xarray.open_dataset(name, engine="h5netcdf") as result:
            verdict(f"shots_of_a_shard_are_those_of_its_trials/{name}",
                    "" if near(data.p_no_leak, result.p_salvo) and "trials_flown_again" in data.attrs
                    else f"{data.p_no_leak}, {result.p_salvo}")


def check_files():
    options = ("one.h5", "--fire", "1,2,1+1", "--inventory", "4,6", "--raid", 3, "--kill-seen", 0.9)
    data = dataset(*options)
    verdict("lists_are_axes", "" if data.p_no_leak.dims == ("fire", "inventory", "acceleration", "autopilot_lag",
                                                            "hit_radius") else f"{data.p_no_leak.dims}")
    verdict("volleys_are_words", "" if data.fire.attrs["flag_meanings"] == "1 2 1+1" else f"{data.fire.attrs}")
    verdict("single_values_are_attributes", "" if data.attrs["raid"] == 3 and data.attrs["kill_seen"] == 0.9 else
            f"{data.attrs}")
    long = [f"{n}+10+10+10+10+10+10+10" for n in range(10, 26)]
    words = dataset("one.h5", "--fire", ",".join(long)).fire.attrs["flag_meanings"]
    verdict("sixteen_long_words_fit", "" if words == " ".join(long) else words)
    single = dataset("one.h5", "--fire", "1+1", "--inventory", 6, "--raid", 3, "--kill-seen", 0.9)
    verdict("a_point_of_an_axis_is_its_doctrine",
            "" if np.array_equal(data.leakers[2, 1], single.leakers) else "they differ")
    zem("doctrine", *options, "-o", "doctrine.csv")
    lines = pathlib.Path("doctrine.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    same = ([row["fire"] for row in rows[::12]] == ["1", "2", "1+1"] and len(rows) == 36
            and np.array_equal([float(row["shots_fired_upper[2 m]"]) for row in rows],
                               data.shots_fired_upper[..., 1].values.ravel()))
    verdict("csv_has_the_same_numbers", "" if same else f"{rows[0]}")
    said = json.loads(zem("doctrine", *options, "--json", "--radius", 1).stdout)
    same = (len(said["rows"]) == 36 and said["doctrine"]["raid"] == 3 and said["rows"][35]["fire"] == "1+1"
            and "if_independent" not in said["rows"][0]["leakers"]
            and near([row["leakers"]["lower"] for row in said["rows"]], data.leakers_lower[..., 1].values.ravel()))
    verdict("json_has_the_same_numbers", "" if same else f"{said['rows'][0]}")
    text = zem("doctrine", *options, "--radius", 1).stdout
    row = f"{float(data.p_no_leak[2, 1, 1, 2, 1]):.4g} ["
    verdict("text_has_the_same_numbers", "" if row in text.splitlines()[-4] else f"no {row} in {text}")
    many = zem("doctrine", "one.h5", "--fire", "1,2,3,4,1+1,2+1,1+1+1,2+2", "--raid", "1,2").stdout
    ranges = [line for line in many.splitlines() if line.count(" to ") == 3]
    verdict("many_rows_are_ranges", "" if "Ranges over 6 cells" in many and len(ranges) == 16 else many)
    try:
        importlib.import_module("netCDF4")  # outside, because it warns of the numpy that it was built with
        dataset(*options)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with xarray.open_dataset("doctrine.h5", engine="netcdf4") as other:
                verdict("both_engines_read_the_same", "" if other.load().equals(data) else "they differ")
    except ImportError as error:
        skip("both_engines_read_the_same", error)
    lost = [name for name in list(data.variables) + list(data.attrs)
            if f"`{name}`" not in PAGE and name not in ("acceleration", "autopilot_lag")
            and not name.endswith(("_lower", "_upper"))]
    verdict("the_format_page_names_everything", "" if not lost else f"not {lost}")
    verdict("units_of_axes_are_symbols", "" if data.autopilot_lag.attrs["units"] == "s" else "plural")


def refused(name, code, text, *arguments):
    out = zem("doctrine", *arguments)
    good = out.returncode == code and text in out.stderr
    verdict(name, "" if good else f"exit code {out.returncode}: {out.stderr}")


def fired_at_terminal(*options):
    return at_terminal("doctrine", "one.h5", "--fire", "1,2", *options, environment={**os.environ, "TERM": "xterm"})[1]


def check_progress():
    """The program reports the first cell at once, so that a bar is drawn however fast the work is. The bar is removed
    at the end."""
    bar, quiet = fired_at_terminal("-o", "told.h5"), fired_at_terminal("-o", "told.h5", "--quiet")
    verdict("a_terminal_shows_progress", "" if "cells," in bar and bar.endswith("\x1b[K") else repr(bar))
    verdict("quiet_shows_none", "" if quiet == "" else repr(quiet))
    out = zem("doctrine", "one.h5", "-o", "told.h5")
    verdict("a_pipe_shows_none_of_short_work", "" if out.stderr == "" else out.stderr)


def check_refusals():
    refused("volleys_must_be_numbers", 64, 'no sequence of volleys', "one.h5", "--fire", "1+x")
    refused("an_empty_volley_is_64", 64, 'no sequence of volleys', "one.h5", "--fire", "1+")
    refused("volleys_have_a_limit", 64, 'no sequence of volleys', "one.h5", "--fire", "1+1+1+1+1+1+1+1+1")
    refused("a_raid_is_whole", 64, '--raid: "1.5": a whole number from 1 to 100', "one.h5", "--raid", "1.5")
    refused("a_probability_ends_at_1", 64, ': "1.1": a number from 0 to 1', "one.h5",
            "--common-reliability", "0.9,1.1")
    refused("a_value_twice_is_64", 64, '--raid: "2" is given twice', "one.h5", "--raid", "2,3,2")
    refused("volleys_twice_are_64", 64, '--fire: "01+2" is given twice', "one.h5", "--fire", "1+2,01+2")
    refused("too_many_values_are_64", 64, "at most 16 values", "one.h5", "--raid", ",".join(map(str, range(1, 18))))
    refused("an_assessment_worse_than_chance_is_64", 64, "must be at least 1", "one.h5", "--kill-seen", "0.4",
            "--survivor-seen", "0.5")
    refused("another_ending_is_64", 64, "must end in .h5 or .csv", "one.h5", "-o", "x.png")
    refused("trials_need_the_unit_shot", 64, "only --unit shot", "one.h5", "--trials", "100")
    refused("json_and_a_file_are_64", 64, "give one of them", "one.h5", "-o", "x.h5", "--json")
    refused("an_input_is_not_replaced", 73, "one.h5", "one.h5", "-o", "one.h5")
    refused("a_scenario_is_65", 65, "one.yaml", "one.yaml")
    refused("too_many_dimensions_are_64", 64, "at most 8 dimensions", "one.h5", "-o", "x.h5", "--fire", "1,2", "--raid",
            "1,2", "--inventory", "4,5", "--kill-seen", "0.8,0.9", "--launch", "0.8,0.9", "--common-reliability",
            "0.8,0.9")
    refused("a_salvo_has_so_many_shots", 64, '"2+2" needs 4 shots at a target, and the salvos of this file have 3',
            "three.h5", "--unit", "shot", "--fire", "1,2+2")
    refused("a_unit_is_a_word", 64, "unit", "three.h5", "--unit", "shots")
    left = [path.name for path in pathlib.Path(".").iterdir() if path.name in ("x.h5", "x.png") or ".part" in path.name]
    verdict("nothing_unfinished_is_left", "" if not left else f"{left}")


def run(name, text, *options):
    pathlib.Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    subprocess.run([ZEM, "run", f"{name}.yaml", "-o", f"{name}.h5", "--quiet", "--force", *options], check=True)
    with xarray.open_dataset(f"{name}.h5", engine="h5netcdf") as data:
        return data.load()


check_one_shot(run("one", PLAIN))
three = run("three", SALVO)
check_salvo(three)
check_shots(run("alike", SALVO.replace("spacing: 0.1 s", "spacing: 0 s")), three,
            run("pair", SALVO.replace("shots: 3", "shots: 2")))
check_spacing()
check_shards()
check_files()
check_progress()
check_refusals()
