"""The equations of the deck "standard" in numba: one trial for each iteration of prange, with fastmath, in single
precision and with numba's own random numbers."""
import math

import numba
import numpy as np

import deck

V = {name: np.float32(value) for name, value in deck.VALUES.items()}
VC, VM, GAIN, LIMIT, BLIND = V["CLOSING_SPEED"], V["INTERCEPTOR_SPEED"], V["GAIN"], V["LIMIT"], V["BLIND_TIME"]
SEEKER, FILTER, STAGE, HEADING = V["SEEKER_LAG"], V["FILTER_LAG"], V["STAGE_LAG"], V["HEADING_SIGMA"]
TURN, HALF, ONE, SIXTH, THIRD = (np.float32(x) for x in (2.0 * math.pi, 0.5, 1.0, 1.0 / 6.0, 1.0 / 3.0))


@numba.njit(fastmath=True, inline="always")
def channel_rates(x, command, target, sight):
    y, v, tracker, filtered, a, b, c = x
    tracker_rate = (sight - tracker) / SEEKER
    return (v, target - c, tracker_rate, (tracker_rate - filtered) / FILTER, (command - a) / STAGE, (a - b) / STAGE,
            (b - c) / STAGE)


@numba.njit(fastmath=True, inline="always")
def rates(y, z, to_go, noise_y, noise_z, target):
    scale = ONE / (VC * to_go)
    command_y, command_z = GAIN * VC * y[3], GAIN * VC * z[3]
    size = math.sqrt(command_y * command_y + command_z * command_z)
    factor = LIMIT / size if size > LIMIT else ONE
    return (channel_rates(y, command_y * factor, target, y[0] * scale + noise_y),
            channel_rates(z, command_z * factor, np.float32(0.0), z[0] * scale + noise_z))


@numba.njit(fastmath=True, inline="always")
def advance(x, h, d):
    return (x[0] + h * d[0], x[1] + h * d[1], x[2] + h * d[2], x[3] + h * d[3], x[4] + h * d[4], x[5] + h * d[5],
            x[6] + h * d[6])


@numba.njit(fastmath=True)
def fly(level, period, steps):
    zero = np.float32(0.0)
    omega, phase = TURN / period, TURN * np.float32(np.random.random())
    y = (zero, -VM * HEADING * np.float32(np.random.standard_normal()), zero, zero, zero, zero, zero)
    z = (zero, -VM * HEADING * np.float32(np.random.standard_normal()), zero, zero, zero, zero, zero)
    for k in range(steps.shape[0]):
        t, h, to_go, sigma = steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3]
        ny, nz = sigma * np.float32(np.random.standard_normal()), sigma * np.float32(np.random.standard_normal())
        half = HALF * h
        first = level * math.sin(omega * t + phase)
        middle, last = level * math.sin(omega * (t + half) + phase), level * math.sin(omega * (t + h) + phase)
        y1, z1 = rates(y, z, to_go, ny, nz, first)
        y2, z2 = rates(advance(y, half, y1), advance(z, half, z1), to_go - half, ny, nz, middle)
        y3, z3 = rates(advance(y, half, y2), advance(z, half, z2), to_go - half, ny, nz, middle)
        y4, z4 = rates(advance(y, h, y3), advance(z, h, z3), to_go - h, ny, nz, last)
        y = advance(advance(advance(advance(y, SIXTH * h, y1), THIRD * h, y2), THIRD * h, y3), SIXTH * h, y4)
        z = advance(advance(advance(advance(z, SIXTH * h, z1), THIRD * h, z2), THIRD * h, z3), SIXTH * h, z4)
    miss_y, miss_z = y[0] + BLIND * y[1], z[0] + BLIND * z[1]
    return math.sqrt(miss_y * miss_y + miss_z * miss_z)


@numba.njit(parallel=True, fastmath=True)
def fly_all(acceleration, period, steps, trials):
    miss = np.empty((acceleration.shape[0], trials), dtype=np.float32)
    for k in numba.prange(acceleration.shape[0] * trials):
        cell = k // trials
        miss[cell, k % trials] = fly(acceleration[cell], period[cell], steps)
    return miss


STEPS = deck.schedule()
ACCELERATION, PERIOD = deck.cells()
deck.serve(lambda call, trials: (fly_all(ACCELERATION, PERIOD, STEPS, trials)[:, :, None] < deck.RADIUS).sum(axis=1))
