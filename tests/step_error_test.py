"""Scenarios with the steps that are chosen by default, compared with values that other means gave.

`references` compares single scenarios with an independent simulator in double precision, which was written from the
description of the model alone and has small steps, and with limits of ever finer steps. These values were computed
once. `noise_beyond_the_limit` compares the rms miss with such a limit. `quiet_target` shows that a Kalman filter
copes with a target that does not maneuver. `noise_at_limits` and `refinements` fly scenarios with the default step
and with steps a fifth as long or shorter, and compare p_hit; `refinements` has the same draws in both and compares
the mean divert too. The usual tolerance is a quarter of the half-width of a 95 % interval at 1e5 trials. Another
tolerance stands beside its check."""
import os
import subprocess

import h5py
import numpy as np

from python.expect import ZEM, check

SCRATCH = os.environ["SCRATCH"]
LINEAR = "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\n"
RANDOM_WEAVE = "maneuver: weave, acceleration: 50 m/s2, period: 1.5 s, phase: {from: 0 degree, to: 360 degree}"


def fly(text, *options):
    path = os.path.join(SCRATCH, "case")
    with open(path + ".yaml", "w", encoding="utf-8") as file:
        file.write(text)
    command = [ZEM, "run", path + ".yaml", "-o", path + ".h5", "--force", "--quiet", "--device", "openmp", *options]
    subprocess.run(command, check=True)
    with h5py.File(path + ".h5") as file:
        names = ("p_hit", "miss_mean", "miss_rms", "miss_quantile", "divert_mean")
        return {name: np.ravel(file[name][()]) for name in names}


def scenario(engagement, target, interceptor, seeker, radii, seed=77, trials=100000):
    return (f"zem: 1\n{engagement}target: {{{target}}}\ninterceptor: {{speed: 2 km/s, {interceptor}}}\n"
            f"seeker: {{{seeker}}}\nscoring: {{hit_radius: [{radii}]}}\nrun: {{trials: {trials}, seed: {seed}}}\n")


def quarter(p):
    return 0.25 * 1.96 * np.sqrt(p * (1 - p) / 1e5)


def references():
    pn = "guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s"
    # The expected values are limits of finer steps. The independent simulator gives 0.9165, 0.9040 and 0.0489.
    for name, target, extra, radius, right in (
            ("a step that starts at random under a limit",
             "maneuver: step, acceleration: 60 m/s2, start: {from: 3 s, to: 5 s}",
             "acceleration_limit: 180 m/s2", 4.436, 0.9163),
            ("a divert budget that runs out against a weave", RANDOM_WEAVE,
             "acceleration_limit: 150 m/s2, divert_limit: 150 m/s", 4.468, 0.9039)):
        p = fly(scenario(LINEAR, target, f"{pn}, {extra}", "estimator: none", f"{radius} m"))["p_hit"][0]
        check(name, abs(p - right) < quarter(right), f"p_hit {p:.5f}, expected {right} within {quarter(right):.5f}")
    slow = "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 200 m/s}\n"
    p = fly(scenario(slow, RANDOM_WEAVE, f"{pn}, acceleration_limit: 80 m/s2", "estimator: none", "0.5956 m").replace(
        "speed: 2 km/s", "speed: 300 m/s"))["p_hit"][0]
    check("a slow approach with a small limit", abs(p - 0.0489) < quarter(0.0489), f"p_hit {p:.5f}, expected 0.0489")
    low = "engagement: {kinematics: point-mass, flight_time: 4 s, intercept_altitude: 3 km}\n"
    target = ("speed: 1500 m/s, flight_path_angle: -1.2 radian, ballistic_coefficient: 1500 kg/m2, lift_to_drag: 0.5, "
              "maneuver: weave, acceleration: 300 m/s2, period: 1 s, phase: 1 radian")
    chaser = ("flight_path_angle: -0.1 radian, heading: 3.141592653589793 radian, "
              "ballistic_coefficient: 3000 kg/m2, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s, "
              "acceleration_limit: 400 m/s2")
    text = scenario(low, target, chaser, "estimator: none", "600 m", trials=1000)
    miss = fly(text.replace("speed: 2 km/s", "speed: 1000 m/s"))
    # The miss depends on the step in second order, by 0.12 m at the default step. An error of first order would be 1.43
    # m.
    check("drag with a command at its limit", abs(miss["miss_mean"][0] - 617.046) < 0.2,
            f"miss {miss['miss_mean'][0]:.3f} m, expected 617.046 m")
    kalman = ("engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4000 ft/s}\n",
              "maneuver: step, acceleration: 96.6 ft/s2",
              "guidance: pn, navigation_gain: 3, autopilot_lag: 0.5 s, acceleration_limit: 966 ft/s2, "
              "heading_error_y: {mean: 0 rad, sigma: 0.0349 rad}, heading_error_z: {mean: 0 rad, sigma: 0.0349 rad}, "
              "displacement_y: {mean: 0 m, sigma: 20 ft}, displacement_z: {mean: 0 m, sigma: 20 ft}",
              "angle_noise: 1e-7 rad2/Hz, estimator: kalman, blind_time: 0.1 ms", "1 ft")
    p = fly(scenario(*kalman, seed=3).replace("speed: 2 km/s", "speed: 3000 ft/s"))["p_hit"][0]
    # Standard errors are 0.0012 for the independent simulator and 0.0014 for this run. The tolerance is three of both
    # together.
    check("a filter that is faster than the lags", abs(p - 0.2908) < 0.0055, f"p_hit {p:.4f}, expected 0.2908")


def noise_beyond_the_limit():
    """Noise that moves the command by more than its limit within 15 ms, which is 0.15 of the shortest lag.

    The rms miss is 4.2117 m with steps of 0.8 ms and 4.18 m in the independent simulator, which flew fewer trials. The
    tolerance is three standard errors of the difference of two series of 200,000 trials, 0.0058 m each."""
    text = scenario(LINEAR, "maneuver: none", "guidance: pn, navigation_gain: 4, seeker_lag: 0.1 s, filter_lag: 0.1 s, "
                    "autopilot_lag: 0.3 s, acceleration_limit: 100 m/s2", "angle_noise: 3e-7 rad2/Hz, blind_time: 1 ms",
                    "1 m", trials=200000)
    rms = fly(text)["miss_rms"][0]
    check("noise beyond the limit", abs(rms - 4.2117) < 3 * 2**0.5 * 0.0058, f"rms miss {rms:.4f} m, expected 4.2117 m")


def quiet_target():
    """Against a target without maneuver the filter must still expect a small one. Otherwise drag carries its estimate
    away, and p_hit is 0.654 in place of 1."""
    body = "engagement: {kinematics: point-mass, intercept_altitude: 20 km, flight_time: 6 s}\n"
    frame = ("speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, maneuver: weave, "
             "period: 2 s")
    chaser = ("flight_path_angle: 30 degree, ballistic_coefficient: 8000 kg/m2, guidance: apn, autopilot_lag: 0.2 s, "
              "heading_error_y: {mean: 0 degree, sigma: 0.5 degree}, "
              "heading_error_z: {mean: 0 degree, sigma: 0.5 degree}")
    seeker = "glint: 0.02 m2/Hz, angle_noise: 1e-9 rad2/Hz, estimator: kalman"
    still, weak = (fly(scenario(body, f"{frame}, acceleration: {level} gravity", chaser, seeker, "2 m", seed=1,
                                trials=20000))["p_hit"][0] for level in (0, 0.1))
    # three standard errors of the difference of two p_hit near 1 with 20,000 trials each
    check("a filter against a target that does nothing", still > weak - 0.003,
            f"p_hit {still} at 0 g, {weak} at 0.1 g")


def noise_at_limits():
    """If noise takes the command to its limit, the mean command depends on the variance of the noise at every node of a
    step.

    The tolerance is half of the half-width at 1e5 trials plus three standard errors of the difference of two
    independent series of 400,000 trials, because finer steps draw other noise."""
    lags = "guidance: pn, navigation_gain: 5.15, autopilot_lag: 0.137 s, seeker_lag: 0.0913 s, filter_lag: 0.0685 s"
    engagement = "engagement: {kinematics: linear, flight_time: 2.639 s, closing_speed: 2.268 km/s}\n"
    body = "engagement: {kinematics: point-mass, flight_time: 2.639 s, intercept_altitude: 40 km}\n"
    spiral = "maneuver: spiral, acceleration: 30 m/s2, period: 1.5 s, phase: {from: 0 degree, to: 360 degree}"
    seeker = "blind_time: 1 ms, glint: 0.04943 m2/Hz, angle_noise: 1.16e-9 rad2/Hz"
    kinds = {
        "telegraph": (engagement, "maneuver: telegraph, acceleration: 11.8 m/s2, switching_rate: 1.603 Hz",
                      f"{lags}, autopilot_order: 2, acceleration_limit: 32.4 m/s2", seeker, "1.875 m, 2.613 m"),
        "spiral": (engagement, spiral, f"{lags}, acceleration_limit: 60 m/s2", seeker, "5.5 m, 6.2 m"),
        "point-mass, weave": (
            body, "speed: 2.5 km/s, flight_path_angle: -40 degree, " + spiral.replace("spiral", "weave"),
            f"flight_path_angle: 30 degree, heading: 180 degree, {lags}, acceleration_limit: 50 m/s2", seeker,
            "2 m, 3.5 m"),
    }
    for name, parts in kinds.items():
        text = scenario(*parts, trials=400000)
        own, fine = fly(text)["p_hit"], fly(text, "--set", "run.step=4 ms", "--set", "run.step_ratio=40")["p_hit"]
        allowed = 2.0 * quarter(fine) + 3.0 * np.sqrt(2.0 * fine * (1.0 - fine) / 4e5)
        check(f"noise at a limit: {name}", (np.abs(own - fine) < allowed).all() and (fine > 0.1).all()
                and (fine < 0.9).all(), f"p_hit {own}, with fine steps {fine}, allowed {allowed}")


def refinements():
    heading = "heading_error_y: {mean: 0 degree, sigma: 0.3 degree}"
    body = "engagement: {kinematics: point-mass, flight_time: 5 s, intercept_altitude: 20 km}\n"
    frame = "speed: 2.5 km/s, flight_path_angle: -40 degree, "
    chase = "flight_path_angle: 30 degree, heading: 180 degree, "
    telegraph = "maneuver: telegraph, acceleration: 40 m/s2, switching_rate: 1.5 Hz"
    step = "maneuver: step, acceleration: 50 m/s2, start: {from: 0 s, to: 5 s}"
    laws = {law: f"guidance: {law}, autopilot_lag: 0.3 s" for law in ("pn", "apn", "ogl")}
    perfect, none = "estimator: perfect", "estimator: none"
    spiral = RANDOM_WEAVE.replace("weave", "spiral")
    kinds = {
        "weave, apn at a limit": (LINEAR, RANDOM_WEAVE, f"{laws['apn']}, acceleration_limit: 110 m/s2", perfect),
        "weave, ogl of order 3": (LINEAR, RANDOM_WEAVE, f"{laws['ogl']}, autopilot_order: 3", perfect),
        "step, apn at a limit": (LINEAR, step, f"{laws['apn']}, acceleration_limit: 120 m/s2", perfect),
        "telegraph, ogl at a limit": (LINEAR, telegraph, f"{laws['ogl']}, acceleration_limit: 100 m/s2", perfect),
        "telegraph, pn, three lags at a limit": (
            LINEAR, telegraph,
            f"{laws['pn']}, seeker_lag: 0.1 s, filter_lag: 0.1 s, acceleration_limit: 100 m/s2", none),
        "spiral, ogl with a budget": (LINEAR, spiral, f"{laws['ogl']}, divert_limit: 150 m/s", perfect),
        "weave, apn of order 3 that reverses before its budget is spent": (
            "engagement: {kinematics: linear, flight_time: 4.9 s, closing_speed: 2.3 km/s}\n",
            "maneuver: weave, acceleration: 85 m/s2, period: 4.1 s, phase: {from: 0 degree, to: 360 degree}",
            "guidance: apn, navigation_gain: 4.64, autopilot_lag: 0.43 s, autopilot_order: 3, "
            "acceleration_limit: 380 m/s2, divert_limit: 200 m/s", perfect),
        "fast weave, ogl at a small limit": (
            LINEAR.replace("5 s", "2.5 s"), "maneuver: weave, acceleration: 17 m/s2, period: 0.43 s, "
            "phase: {from: 0 degree, to: 360 degree}",
            "guidance: ogl, autopilot_lag: 0.55 s, acceleration_limit: 34 m/s2", perfect),
        "weave, pn without autopilot, with a budget": (
            LINEAR, RANDOM_WEAVE, f"guidance: pn, {heading}, divert_limit: 120 m/s", none),
        "point-mass, weave, pn at a limit": (
            body, frame + RANDOM_WEAVE, f"{chase}{laws['pn']}, acceleration_limit: 120 m/s2", none),
        "point-mass, telegraph, apn at a limit": (
            body, frame + telegraph, f"{chase}{laws['apn']}, acceleration_limit: 100 m/s2", perfect),
    }
    for name, parts in kinds.items():
        quantiles = fly(scenario(*parts, "1 m", trials=10000))["miss_quantile"]
        radii = np.round(np.linspace(0.15, 0.85, 5) * (quantiles[-1] - quantiles[0]) + quantiles[0], 5)
        text = scenario(*parts, ", ".join(f"{radius} m" for radius in radii))
        own = fly(text)
        fine = fly(text, "--set", "run.step=4 ms", "--set", "run.step_ratio=60")
        off = np.abs(own["p_hit"] - fine["p_hit"]) / quarter(np.clip(fine["p_hit"], 1e-4, 1 - 1e-4))
        check(f"default steps: {name}", off.max() <= 1.0,
                f"p_hit {own['p_hit']}, with fine steps {fine['p_hit']}: {off.max():.2f} of the bound")
        divert = abs(own["divert_mean"][0] / fine["divert_mean"][0] - 1.0)
        # 0.1 % is the half-width of the interval of divert_mean at 1e5 trials, if the diverts of trials have a
        # deviation of a sixth of their mean.
        check(f"divert by default steps: {name}", divert < 1e-3, f"off by {divert:.2e}")


references()
noise_beyond_the_limit()
quiet_target()
noise_at_limits()
refinements()
