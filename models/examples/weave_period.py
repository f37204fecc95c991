# %% [markdown]
# # Probability of a hit over the period of a weave
# This notebook answers the first question of models/guide/tutorial.md from Python. Editors such as VS Code, Spyder and
# Jupyter (with jupytext) open this file as a notebook: each `# %%` begins a cell of the notebook.

# %%
import zem

STUDY = {
    "title": "Probability of a hit over the period of a weave",
    "engagement": {"kinematics": "linear", "closing_speed": "4 km/s", "flight_time": "5 s"},
    "target": {"maneuver": "weave", "acceleration": "5 gravity", "phase": {"from": "0 degree", "to": "360 degree"}},
    "interceptor": {"speed": "2 km/s", "guidance": "pn", "navigation_gain": 4, "seeker_lag": "0.1 s",
                    "filter_lag": "0.05 s", "autopilot_lag": "0.2 s", "acceleration_limit": "30 gravity"},
    "seeker": {"glint": "0.02 m2/Hz"},
    "scoring": {"hit_radius": ["1 m", "2 m"]},
    "sweep": [{"parameter": "target.period", "from": "0.25 s", "to": "8 s", "points": 12, "spacing": "log"}],
    "run": {"trials": 4000, "seed": 1, "step": "10 ms", "step_ratio": 14},
}

# %% How much work is it, and does every key have an effect?
report = zem.check(STUDY)
print(report["cells"], "cells,", report["trials"], "trials, unused keys:", report["unused_keys"])

# %% Run it. The dataset has named dimensions and coordinates with units.
surface = zem.run(STUDY)
p = surface.p_hit.sel(hit_radius=1)
print(p.to_pandas())

# %% At which period is the probability lowest, and how wide is its interval?
worst = surface.isel(period=int(p.argmin())).sel(hit_radius=1)
print(f"lowest at a period of {float(worst.period):.2g} s:",
      f"{float(worst.p_hit):.3f} [{float(worst.p_hit_lower):.3f}, {float(worst.p_hit_upper):.3f}]")

# %% Run the same study with half the lag of the autopilot. A key can be changed by a keyword argument.
faster = zem.run(STUDY, interceptor={"autopilot_lag": "0.1 s"})
gain = faster.p_hit.sel(hit_radius=1) - p
print(f"half the lag of the autopilot adds up to {float(gain.max()):.2f},"
      f" most at a period of {float(gain.period[int(gain.argmax())]):.2g} s")
