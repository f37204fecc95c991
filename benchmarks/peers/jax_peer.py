"""The equations of the deck "standard" in JAX. One trial is a function; scan goes over its steps, and vmap over trials
and cells, under jit. Single precision. The random numbers are JAX's own (threefry, one key for each step)."""
import functools
import math

import jax
import jax.numpy as jnp
import numpy as np

import deck

V = {name: np.float32(value) for name, value in deck.VALUES.items()}
STEPS = jnp.asarray(deck.schedule())


def rates(x, to_go, noise, target):
    """Returns the derivatives of x, which has seven states in two channels."""
    command = V["GAIN"] * V["CLOSING_SPEED"] * x[3]
    size = jnp.sqrt(jnp.sum(command * command))
    command = command * jnp.where(size > V["LIMIT"], V["LIMIT"] / size, np.float32(1.0))
    tracker = (x[0] / (V["CLOSING_SPEED"] * to_go) + noise - x[2]) / V["SEEKER_LAG"]
    acceleration = jnp.stack([target, jnp.zeros_like(target)]) - x[6]
    return jnp.stack([x[1], acceleration, tracker, (tracker - x[3]) / V["FILTER_LAG"],
                      (command - x[4]) / V["STAGE_LAG"], (x[4] - x[5]) / V["STAGE_LAG"],
                      (x[5] - x[6]) / V["STAGE_LAG"]])


def fly(level, period, key):
    omega = np.float32(2.0 * math.pi) / period
    handover_key, phase_key, noise_key = jax.random.split(key, 3)
    phase = np.float32(2.0 * math.pi) * jax.random.uniform(phase_key)
    velocity = -V["INTERCEPTOR_SPEED"] * V["HEADING_SIGMA"] * jax.random.normal(handover_key, (2,))
    x = jnp.zeros((7, 2), jnp.float32).at[1].set(velocity)

    def step(x, row):
        (t, h, to_go, sigma), index = row
        noise = sigma * jax.random.normal(jax.random.fold_in(noise_key, index), (2,))
        target = lambda time: level * jnp.sin(omega * time + phase)
        half = np.float32(0.5) * h
        k1 = rates(x, to_go, noise, target(t))
        k2 = rates(x + half * k1, to_go - half, noise, target(t + half))
        k3 = rates(x + half * k2, to_go - half, noise, target(t + half))
        k4 = rates(x + h * k3, to_go - h, noise, target(t + h))
        return x + h / np.float32(6.0) * (k1 + np.float32(2.0) * (k2 + k3) + k4), None

    rows = (tuple(STEPS[:, k] for k in range(4)), jnp.arange(STEPS.shape[0]))
    x, _ = jax.lax.scan(step, x, rows)
    end = x[0] + V["BLIND_TIME"] * x[1]
    return jnp.sqrt(jnp.sum(end * end))


@functools.partial(jax.jit, static_argnums=3)
def fly_all(acceleration, period, key, trials):
    keys = jax.random.split(key, acceleration.shape[0] * trials).reshape(acceleration.shape[0], trials, -1)
    of_cell = jax.vmap(fly, in_axes=(None, None, 0))
    miss = jax.vmap(of_cell)(acceleration, period, keys)
    return (miss[:, :, None] < deck.RADIUS).sum(axis=1)


ACCELERATION, PERIOD = (jnp.asarray(x) for x in deck.cells())
deck.serve(lambda call, trials: jax.block_until_ready(fly_all(ACCELERATION, PERIOD, jax.random.PRNGKey(call), trials)))
