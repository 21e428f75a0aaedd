"""Sample jobs with realistic histories: reproducible, in order of creation, from a generator of any length."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from random import Random
from typing import Final, NamedTuple

from jobs.seeding.names import MANY, SHAPES
from jobs.statuses import StatusType

PENDING, RUNNING = StatusType.PENDING, StatusType.RUNNING
COMPLETED, FAILED = StatusType.COMPLETED, StatusType.FAILED

SECOND: Final = 1_000_000
HISTORY_SPAN: Final = 182 * 24 * 3600 * SECOND
OPEN_SHARE: Final = {PENDING: 0.03, RUNNING: 0.01}
FAILED_SHARE: Final = 0.06
# Most open jobs are recent, and some are stale.
STALE_SHARE: Final = 0.1
RECENCY_EXPONENT: Final = 20
RETRIED_SHARE: Final = 0.01
REJECTED_SHARE: Final = 0.3
MEAN_WAIT: Final = 4 * 60 * SECOND
MEAN_RUN: Final = 50 * 60 * SECOND


class SeedJob(NamedTuple):
    """A job's name and history. `ages` are the ages of its entries in microseconds, descending and not negative."""

    name: str
    history: tuple[StatusType, ...]
    ages: list[int]


def seed_jobs(count: int, seed: int, shape: str = MANY) -> Iterator[SeedJob]:
    """`count` jobs, oldest first; the same for the same count, seed and shape of names."""
    kinds, weights = SHAPES[shape]
    random = Random(seed)  # noqa: S311  # sample data, no secrets
    for number in range(count):
        [kind] = random.choices(kinds, cum_weights=weights)
        newness = (number + random.random()) / count
        history = _history(random, newness)
        yield SeedJob(
            kind(random), history, _ages(random, int(HISTORY_SPAN * (1 - newness)), history)
        )


def _history(random: Random, newness: float) -> tuple[StatusType, ...]:
    openness = STALE_SHARE + (1 - STALE_SHARE) * (RECENCY_EXPONENT + 1) * newness**RECENCY_EXPONENT
    dice = random.random()
    if dice < OPEN_SHARE[PENDING] * openness:
        return (PENDING,)
    dice -= OPEN_SHARE[PENDING] * openness
    if dice < OPEN_SHARE[RUNNING] * openness:
        return (PENDING, RUNNING)
    ended, dice = random.random(), random.random()
    if ended < FAILED_SHARE / (1 - sum(OPEN_SHARE.values())):
        return (PENDING, FAILED) if dice < REJECTED_SHARE else (PENDING, RUNNING, FAILED)
    if dice < RETRIED_SHARE:
        return (PENDING, RUNNING, FAILED, RUNNING, COMPLETED)
    return (PENDING, RUNNING, COMPLETED)


def _ages(random: Random, age: int, history: tuple[StatusType, ...]) -> list[int]:
    """The age of each status: waits and runs have random lengths, scaled down if they would end in the future."""
    ages, left = [age], float(age)
    for status in history[:-1]:
        mean = MEAN_RUN if status is RUNNING else MEAN_WAIT
        left -= log(1 / (1 - random.random())) * mean
        ages.append(int(left))
    if left < 0:
        squeeze = age / (age - left)
        return [int(age - (age - moment) * squeeze) for moment in ages]
    return ages
