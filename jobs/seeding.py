"""Made-up jobs with the shape of real ones: repeatable, in order of creation, a generator of any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate
from math import log
from random import Random
from typing import Final, NamedTuple

from jobs.statuses import StatusType

PENDING, RUNNING, COMPLETED, FAILED = StatusType

SECOND: Final = 1_000_000
SPAN: Final = 182 * 24 * 3600 * SECOND
OPEN_SHARE: Final = {PENDING: 0.03, RUNNING: 0.01}
FAILED_SHARE: Final = 0.06
# Of the jobs that are still open, most are young, and some were forgotten long ago.
FORGOTTEN_SHARE: Final = 0.1
YOUTH: Final = 20
RETRIED_SHARE: Final = 0.01
REFUSED_SHARE: Final = 0.3
MEAN_WAIT: Final = 4 * 60 * SECOND
MEAN_RUN: Final = 50 * 60 * SECOND

MESHES = ("coarse", "fine", "adaptive", "hybrid", "4 M cells", "22 M cells", "160 M cells")
MODELS = ("resnet-152", "vit-large", "gpt-small", "unet-3d", "xgboost", "graphsage", "whisper-med")
SIDES = ("front-left", "front-right", "rear", "side pole", "rollover")
WHEN = ("overnight", "intraday", "month-end", "stress 2008", "weekly", "ad hoc")
ALLOYS = ("Inconel 718", "CMSX-4", "Ti-6Al-4V", "René 80")
REGIONS = ("Alps", "North Sea", "Gulf Stream", "Sahel", "Río de la Plata", "Øresund")
PROTEINS = ("6LU7", "1HHO", "4HHB", "7BV2", "2LYZ", "1CRN")

Kind = Callable[[Random], str]


def _number(random: Random, below: int) -> int:
    return int(random.random() * below)  # a fifth of randrange's cost


def _one_of(random: Random, words: tuple[str, ...]) -> str:
    return words[int(random.random() * len(words))]


# The most frequent first: the n-th is n times as rare as the first (Zipf).
KINDS: tuple[Kind, ...] = (
    lambda r: f"Fluid Dynamics Simulation #{_number(r, 100_000)}",
    lambda r: f"ML Model Training, {_one_of(r, MODELS)} sweep {1 + _number(r, 64)}",
    lambda r: f"Monte Carlo Portfolio Risk, {_one_of(r, WHEN)}",
    lambda r: f"Genome Assembly batch {_number(r, 10_000):04}",
    lambda r: f"Turbine Blade Thermal Analysis, {_one_of(r, ALLOYS)}",
    lambda r: f"Crash Test Mesh Refinement ({_one_of(r, SIDES)}, {5 * (4 + _number(r, 9))} mph)",
    lambda r: f"Climate Ensemble {_one_of(r, REGIONS)}, member {1 + _number(r, 50):02}",
    lambda r: f"Molecular Docking {_one_of(r, PROTEINS)} vs ligand {_number(r, 250_000)}",
    lambda r: f"Airfoil Optimization NACA {_number(r, 10_000):04}, {_one_of(r, MESHES)} mesh",
    lambda r: f"Seismic Inversion line {_number(r, 900) + 100}, shot {_number(r, 5_000)}",
    lambda r: f"Video Transcode 8K master {_number(r, 40_000)}",
    lambda r: f"Finite Element Bridge Load Case {1 + _number(r, 300)}",
    lambda r: f"Protein Folding {_one_of(r, PROTEINS)}, replica {_number(r, 128)}",
    lambda r: f"Combustion Chamber LES, {_one_of(r, MESHES)}",
    lambda r: f"Hyperparameter Search {_one_of(r, MODELS)} trial {_number(r, 2_000)}",
    lambda r: f"Reservoir History Matching run {_number(r, 3_000)}",
    lambda r: f"Lattice QCD configuration {_number(r, 90_000)}",
    lambda r: f"Wind Farm Wake Study, {_one_of(r, REGIONS)}",
)
KIND_WEIGHTS: Final = tuple(accumulate(1 / rank for rank in range(1, len(KINDS) + 1)))


class SeedJob(NamedTuple):
    """A job's name and its history; times are microseconds before now, falling, none below 0."""

    name: str
    history: tuple[StatusType, ...]
    ages: list[int]


def seed_jobs(count: int, seed: int) -> Iterator[SeedJob]:
    """`count` jobs, the oldest first; the same for the same count and seed."""
    random = Random(seed)  # noqa: S311  # made-up jobs, no secrets
    for number in range(count):
        [kind] = random.choices(KINDS, cum_weights=KIND_WEIGHTS)
        newness = (number + random.random()) / count
        history = _history(random, newness)
        yield SeedJob(kind(random), history, _ages(random, int(SPAN * (1 - newness)), history))


def _history(random: Random, newness: float) -> tuple[StatusType, ...]:
    youth = FORGOTTEN_SHARE + (1 - FORGOTTEN_SHARE) * (YOUTH + 1) * newness**YOUTH
    dice = random.random()
    if dice < OPEN_SHARE[PENDING] * youth:
        return (PENDING,)
    dice -= OPEN_SHARE[PENDING] * youth
    if dice < OPEN_SHARE[RUNNING] * youth:
        return (PENDING, RUNNING)
    ended, dice = random.random(), random.random()
    if ended < FAILED_SHARE / (1 - sum(OPEN_SHARE.values())):
        return (PENDING, FAILED) if dice < REFUSED_SHARE else (PENDING, RUNNING, FAILED)
    if dice < RETRIED_SHARE:
        return (PENDING, RUNNING, FAILED, RUNNING, COMPLETED)
    return (PENDING, RUNNING, COMPLETED)


def _ages(random: Random, age: int, history: tuple[StatusType, ...]) -> list[int]:
    """When each status was recorded: waits and runs of random length, squeezed where they would pass now."""
    ages, left = [age], float(age)
    for status in history[:-1]:
        mean = MEAN_RUN if status is RUNNING else MEAN_WAIT
        left -= log(1 / (1 - random.random())) * mean
        ages.append(int(left))
    if left < 0:
        squeeze = age / (age - left)
        return [int(age - (age - moment) * squeeze) for moment in ages]
    return ages
