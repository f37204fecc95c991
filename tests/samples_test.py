#!/usr/bin/env python3
"""The single trials that --samples keeps are the trials that the run counted. Where all trials are kept, their
histogram, hits and outcomes equal the counts of the file, and their means equal its means to 1e-6. That holds in both
kinematics, with Carleton's lethality, with a salvo and with cells of different size. Shards, merging and resuming keep
the same trials."""
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy
import xarray

from python.expect import ZEM, check, zem

scratch = os.environ["SCRATCH"]
os.chdir(scratch)

NO_TRIAL = 6  # the outcome of a sample whose trial the cell does not have; smaller numbers are outcomes of trials
LINEAR = """zem: 1
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: telegraph, acceleration: 6 gravity, switching_rate: 2 Hz, roll: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, seeker_lag: 0.05 s, filter_lag: 0.05 s,
              autopilot_lag: 0.2 s, acceleration_limit: 15 gravity,
              heading_error_y: {mean: 0 degree, sigma: 1 degree}}
seeker: {glint: 0.02 m2/Hz}
scoring: {hit_radius: [0.5 m, 1 m, 3 m]}
sweep:
  - {parameter: target.acceleration, values: [2 gravity, 6 gravity]}
  - {parameter: run.trials, values: [100, 151]}
run: {trials: 301, seed: 11}
"""
CARLETON = LINEAR.replace("3 m]", "3 m], lethality: carleton")
CARLETON = CARLETON.replace("run: {", "salvo: {shots: 2, spacing: 0.3 s}\nrun: {")
POINT_MASS = """zem: 1
engagement: {kinematics: point-mass, flight_time: 4 s, intercept_altitude: 600 m}
target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: weave, acceleration: 6 gravity, period: 2 s,
         phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 1 km/s, flight_path_angle: 5 degree, guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s,
              acceleration_limit: 20 gravity,
              heading_error_y: {mean: 0 degree, sigma: 30 degree}, heading_error_z: {mean: 0 degree, sigma: 30 degree}}
scoring: {hit_radius: [0.5 m, 1 m]}
run: {trials: 400, seed: 12}
"""
PRECISE = LINEAR.replace("trials: 301", "trials: 3000, precision: 0.05")
PRECISE = PRECISE.replace("  - {parameter: run.trials, values: [100, 151]}\n", "")


def run(name, *options, text=None, code=0):
    """Runs NAME.yaml, whose text may be given. The options name the output."""
    if text is not None:
        pathlib.Path(f"{name}.yaml").write_text(text)
    done = zem("run", f"{name}.yaml", "--quiet", "--force", *options)
    if done.returncode != code:
        print(f"not ok run_of_{name}: exit code {done.returncode}: {done.stderr.strip()}")
        sys.exit(0)


def flat(data, name):
    """Returns a variable as a matrix with one row for each cell."""
    return data[name].values.reshape(-1, data.sizes["sample"])


def against_tallies(name, data):
    rows = lambda variable: data[variable].values.reshape(data["trials"].size, -1)
    miss, outcome = flat(data, "sample_miss"), flat(data, "sample_outcome")
    scored = flat(data, "sample_scored") if "sample_scored" in data else miss
    edges = numpy.append(data["miss_bin_bounds"].values[:, 0], numpy.inf)
    there = outcome != NO_TRIAL
    check(f"{name}_has_every_trial", (there.sum(1) == rows("trials")[:, 0]).all(),
          f"{there.sum(1)} of {rows('trials')[:, 0]}")
    check(f"{name}_has_the_first_trials", all(there[i, : n].all() for i, n in enumerate(there.sum(1))))
    histogram = [numpy.histogram(row[~numpy.isnan(row)], edges)[0] for row in miss]
    check(f"{name}_has_the_histogram", (numpy.array(histogram) == rows("miss_counts")).all(),
          f"{rows('miss_counts').sum(1)}")
    hits = [[(row < numpy.float32(radius)).sum() for radius in data["hit_radius"].values] for row in scored]
    check(f"{name}_has_the_hits", (numpy.array(hits) == rows("hits")).all(), f"{hits}, not {rows('hits')}")
    ended = [[(row == i).sum() for i in range(NO_TRIAL)] for row in outcome]
    check(f"{name}_has_the_outcomes", (numpy.array(ended) == rows("outcomes")).all(),
          f"{ended}, not {rows('outcomes')}")
    check(f"{name}_has_a_miss_where_it_passed", (numpy.isnan(miss) == (outcome != 0)).all())
    some = rows("outcomes")[:, 0] > 0

    def against_variable(variable, found):
        told = rows(variable)[some, 0]
        check(f"{name}_has_the_{variable}", numpy.allclose(found, told, rtol=1e-6, atol=1e-7), f"{found}, not {told}")

    for quantity in ("miss", "flight_time", "divert"):
        kept = flat(data, f"sample_{quantity}")[some]
        against_variable(f"{quantity}_mean", numpy.array([numpy.nanmean(row.astype(float)) for row in kept]))
    saturated, flown = flat(data, "sample_saturated_time")[some], flat(data, "sample_flight_time")[some]
    against_variable("saturated_fraction", numpy.array([numpy.nansum(s.astype(float)) / numpy.nansum(t.astype(float))
                                                    for s, t in zip(saturated, flown)]))


def same_bytes(name, first, second):
    check(name, pathlib.Path(first).read_bytes() == pathlib.Path(second).read_bytes())


def every_trial_kept():
    texts = {"linear": LINEAR, "carleton_salvo": CARLETON, "point_mass": POINT_MASS, "precise": PRECISE}
    for name, text in texts.items():
        run(name, "--samples", "100000", text=text)
        with xarray.open_dataset(f"{name}.h5") as data:
            against_tallies(name, data)
            if name == "point_mass":
                outcomes = data["outcomes"].values
                check("point_mass_meets_other_outcomes_too", (outcomes[1:] > 0).any() and outcomes[0] > 0,
                      f"{outcomes}")


FREE = """zem: 1
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: {mean: 40 m/s2, sigma: 10 m/s2}, start: {from: 0 s, to: 2 s},
         roll: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 degree, sigma: 1 degree},
              heading_error_z: 1 degree,
              displacement_y: {mean: 0 m, sigma: 10 m}, displacement_z: {from: -20 m, to: 20 m}}
scoring: {hit_radius: [1 m]}
salvo: {shots: 2, spacing: 0.1 s}
sweep: [{parameter: run.trials, values: [100, 400]}, {parameter: target.acceleration.sigma, values: [5 m/s2, 10 m/s2]}]
run: {trials: 400, seed: 13}
"""
MIXED = FREE.replace("displacement_y: {mean: 0 m, sigma: 10 m}", "displacement_y: {from: -9 m, mode: 2 m, to: 9 m}")
MIXED = MIXED.replace("salvo: {shots: 2, spacing: 0.1 s}\n", "")
WAVE = FREE.replace("maneuver: step", "maneuver: weave, period: {mean: 1 s, sigma: 0.05 s}, "
                                      "phase: {from: 0 degree, to: 90 degree}")


DISPERSED = """zem: 1
engagement: {kinematics: linear, flight_time: {mean: 2 s, sigma: 0.1 s, from: 1.5 s, to: 2.5 s}, closing_speed: 3 km/s}
target: {maneuver: step, acceleration: 40 m/s2}
interceptor: {speed: 2 km/s, guidance: none, displacement_z: =20 m*engagement.flight_time/1 s,
              navigation_gain: {from: 3, to: 5}}
seeker: {blind_time: {values: [1 ms, 2 ms]}}
scoring: {hit_radius: [1 m]}
run: {trials: 300, seed: 13}
"""


def swept_spread():
    """A key that an axis of its sigma makes vary is kept like one that the scenario gives a distribution. In free
    flight at one displacement in y alone, the miss is its magnitude."""
    text = FREE[:FREE.index("target:")] + """interceptor: {speed: 2 km/s, guidance: none, displacement_y: 3 m}
scoring: {hit_radius: [1 m]}
sweep: [{parameter: interceptor.displacement_y.sigma, values: [0 m, 10 m]}]
run: {trials: 300, seed: 13}
"""
    run("swept_spread", "--samples", "300", text=text)
    with xarray.open_dataset("swept_spread.h5") as data:
        drawn = data.get("sample_interceptor_displacement_y")
        check("a_key_whose_sigma_is_swept_is_kept",
              drawn is not None and float(drawn[0].std()) == 0 and float(drawn[1].std()) > 5
              and float(abs(abs(drawn) - data["sample_miss"]).max()) < 1e-4, f"{drawn}")


def dispersed_keys():
    """Keys that the host draws, beyond the quantities that the kernels draw. In free flight the miss must follow from
    the flight time that was kept, and the value of an expression from the key that it names. A key without effect, such
    as the gain here, is not kept."""
    run("dispersed", "--samples", "300", text=DISPERSED)
    with xarray.open_dataset("dispersed.h5") as data:
        time = data["sample_engagement_flight_time"].astype(float)
        names = sorted(name for name, variable in data.data_vars.items()
                       if variable.attrs.get("long_name", "").endswith("drawn"))
        check("every_key_that_varies_is_kept",
              names == ["sample_engagement_flight_time", "sample_interceptor_displacement_z",
                        "sample_seeker_blind_time"]
              and time.attrs["units"] == "s", f"{names}")
        apart = numpy.hypot(20 * time ** 2, 20 * time) - data["sample_miss"].astype(float)
        blind = set(numpy.round(data["sample_seeker_blind_time"].values.astype(float), 6))
        check("the_miss_follows_from_a_drawn_flight_time",
              float(abs(apart).max()) < 130 * 1e-6 and float(time.std()) > 0.05 and blind == {0.001, 0.002},
              f"{float(abs(apart).max())} {float(time.std())} {blind}")


def drawn_inputs():
    """In free flight the miss vector is the displacement, less speed times heading error times flight time, plus the
    double integral of the maneuver. The largest term is below 200 m, of which single precision keeps seven digits."""
    follow_from_inputs("free", FREE)
    follow_from_inputs("mixed", MIXED) # the host draws some of them
    waves_and_bodies()


def follow_from_inputs(name, text):
    run(name, "--samples", "400", text=text)
    with xarray.open_dataset(f"{name}.h5") as data:
        drawn = {name.removeprefix("sample_"): variable for name, variable in data.data_vars.items()
                 if variable.attrs.get("long_name", "").endswith("drawn")}
        check(f"what_varies_is_kept_and_nothing_else_of_{name}",
              sorted(drawn) == ["interceptor_displacement_y", "interceptor_displacement_z",
                                "interceptor_heading_error_y", "target_acceleration", "target_roll", "target_start"],
              f"{sorted(drawn)}")
        end = drawn["target_acceleration"].astype(float) * (2 - drawn["target_start"].astype(float)) ** 2 / 2
        roll = 2 * numpy.pi * drawn["target_roll"].astype(float)
        y = drawn["interceptor_displacement_y"] - 2000 * 2 * drawn["interceptor_heading_error_y"].astype(float) \
            + end * numpy.cos(roll)
        z = drawn["interceptor_displacement_z"] - 2000 * 2 * numpy.pi / 180 + end * numpy.sin(roll)
        apart = abs(numpy.hypot(y, z) - data["sample_miss"].astype(float))
        there = data["sample_outcome"] == 0
        check(f"the_miss_follows_from_what_was_drawn_in_{name}", float(apart.where(there).max()) < 200 * 1e-6 * 5,
              f"{float(apart.max())}")
        check(f"inputs_are_those_of_trials_that_are_there_in_{name}",
              all(bool((numpy.isnan(values) == ~there).all()) for values in drawn.values())
              and int(there.sum()) == 2 * (100 + 400))


def waves_and_bodies():
    run("wave", "--samples", "400", text=WAVE)
    with xarray.open_dataset("wave.h5") as data:
        phase, period = data["sample_target_phase"], data["sample_target_period"]
        check("phase_and_period_are_kept",
              "sample_target_start" not in data and 0 <= float(phase.min()) < 0.01 and 0.24 < float(phase.max()) < 0.25
              and 0.8 < float(period.min()) < float(period.max()) < 1.2 and phase.attrs["units"] == "turn")
    with xarray.open_dataset("point_mass.h5") as data: # whose trials do not all have a miss
        check("inputs_of_trials_without_a_miss_are_kept",
              bool((numpy.isnan(data["sample_interceptor_heading_error_y"])
                    == (data["sample_outcome"] == NO_TRIAL)).all())
              and bool(numpy.isnan(data["sample_miss"]).any()))


def digests_and_traces():
    run("linear", "--samples", "7", "-o", "few.h5")
    run("linear", "-o", "none.h5")
    with xarray.open_dataset("few.h5") as few, xarray.open_dataset("none.h5") as none, \
            xarray.open_dataset("linear.h5") as all_kept:
        check("samples_change_no_digest", few.attrs["digest"] == none.attrs["digest"]
              and few.attrs["miss_digest"] == none.attrs["miss_digest"])
        check("without_the_option_no_samples_are_kept",
              not [name for name in none.variables if name.startswith("sample")])
        check("fewer_samples_are_the_first_ones",
              few["sample_miss"].equals(all_kept["sample_miss"].isel(sample=slice(0, 7))))
        bits = int(few["sample_miss"].values[1, 0, 5].view("uint32"))
    out = zem("trace", "few.h5", "--cell", "1,0", "--trial", "5").stdout
    check("a_trace_of_one_has_its_bits", f"(bits 0x{bits:08x})" in out, f"0x{bits:08x}")
    done = zem("verify", "few.h5", "--all", "--quiet")
    check("verify_finds_the_samples_right", done.returncode == 0, done.stderr)
    import h5py
    with h5py.File("few.h5", "r+") as file:
        file["sample_miss"][1, 0, 5] = numpy.nextafter(file["sample_miss"][1, 0, 5], numpy.float32(1e9))
    done = zem("verify", "few.h5", "--all", "--quiet")
    check("verify_finds_the_last_bit_of_one_changed",
          done.returncode == 6 and "trial 5 of cell 1,0" in done.stderr, done.stderr)


def shards():
    run("linear", "--samples", "40", "--reproducible", "-o", "whole.h5")
    for shard in range(4):
        run("linear", "--samples", "10", "--shard", f"{shard}/4", "-o", f"part{shard}.h5")
    parts = [f"part{shard}.h5" for shard in (2, 0, 3, 1)]
    merge = [ZEM, "merge", "--reproducible", "--force"]
    subprocess.run([*merge, "--quiet", "merged.h5", *parts], check=True)
    same_bytes("shards_together_keep_those_of_the_run", "merged.h5", "whole.h5")
    subprocess.run([*merge, "--quiet", "some.h5", *parts[:2]], check=True)
    with xarray.open_dataset("some.h5") as some, xarray.open_dataset("whole.h5") as whole:
        kept = some["sample"].values
        check("some_shards_keep_their_own", (kept % 4 % 2 == 0).all() and some.sizes["sample"] == 20, f"{kept}")
        check("some_shards_keep_the_values_of_the_whole",
              some["sample_miss"].equals(whole["sample_miss"].sel(sample=some["sample"])))
    done = zem("verify", "some.h5", "--all", "--quiet")
    check("verify_finds_those_of_some_shards_right", done.returncode == 0, done.stderr)
    run("linear", "--shard", "1/4", "-o", "bare.h5")
    done = subprocess.run([*merge, "mixed.h5", "part0.h5", "bare.h5"], capture_output=True, text=True)
    with xarray.open_dataset("mixed.h5") as mixed:
        check("a_part_without_samples_leaves_all_out",
              "sample" not in mixed.sizes and "single trials are left out" in done.stderr, done.stderr)


def far_trials():
    """A shard keeps trials that are not neighbors in number. The upper 32 bits of the number differ between two kept
    trials."""
    run("far", "--samples", "100", "--shard", "7/1500000000", "-o", "far.h5",
        text=LINEAR.replace("100, 151", "12000000000, 45000000000"))
    with xarray.open_dataset("far.h5") as data:
        against_tallies("far", data)
        trials, bits = data["sample"].values, flat(data, "sample_miss")[3].view("uint32")
    check("far_trials_are_in_several_parts_of_32_bits", trials[0] < 2**32 < trials[5], f"{trials}")
    told = [zem("trace", "far.h5", "--cell", "1,1", "--trial", str(trial)).stdout for trial in trials[:6]]
    check("traces_of_far_trials_have_their_bits",
          all(f"(bits 0x{bit:08x})" in text for text, bit in zip(told, bits)), f"{trials[:6]}, {told}")


def resumed():
    command = [ZEM, "run", "slow.yaml", "--quiet", "--samples", "60000", "--reproducible", "-o", "cut.h5", "--resume"]
    for trials in (60000, 600000, 6000000, 60000000): # with more, if the run ended before its first checkpoint
        text = LINEAR.replace("100, 151", f"10000, {trials}")
        pathlib.Path("slow.yaml").write_text(text)
        cut = subprocess.Popen([*command, "--threads", "1", "--checkpoint", "1"], stderr=subprocess.PIPE)
        while cut.poll() is None and not os.path.exists(".cut.h5.checkpoint"):
            time.sleep(0.1)
        cut.send_signal(signal.SIGINT)
        cut.communicate()
        if cut.returncode != 0:
            break
        os.remove("cut.h5")
    check("a_run_is_cut_off", cut.returncode == 75 and not os.path.exists("cut.h5"), f"exit code {cut.returncode}")
    run("slow", "--samples", "60000", "--reproducible", "-o", "straight.h5", text=text)
    subprocess.run(command, check=True)
    same_bytes("a_resumed_run_keeps_the_same", "cut.h5", "straight.h5")
    run("linear", "--samples", "30", "-o", "thirty.h5")
    for samples, code in (("29", 0), ("30", 0), ("31", 73)):
        done = zem("run", "linear.yaml", "--quiet", "--resume", "--samples", samples, "-o", "thirty.h5")
        check(f"a_result_with_30_{'is' if code == 0 else 'is_not'}_complete_for_{samples}",
              done.returncode == code, f"exit code {done.returncode}")


every_trial_kept()
drawn_inputs()
swept_spread()
dispersed_keys()
digests_and_traces()
far_trials()
shards()
resumed()
