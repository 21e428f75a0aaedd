"""Names of sample jobs, in three shapes: a search that is fast for one shape may be slow for another."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from random import Random
from typing import Final

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


# Most frequent first: the n-th is n times as rare as the first (Zipf's law).
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
# Recurring jobs: each name occurs a hundred thousand times.
FEW: tuple[Kind, ...] = tuple(
    (lambda name: lambda r: name)(f"{what} {when}")
    for when in ("nightly", "hourly", "weekly", "on demand")
    for what in ("Backup", "Reindex", "Sync inventory", "Train ranking model", "Rebuild search index",
                 "Export invoices", "Import prices", "Check links", "Render thumbnails", "Send digest")
)  # fmt: skip
USERS = ("amara", "bjorn", "chen.wei", "dolores", "eduardo", "fatima", "goran", "hiroko")
PROJECTS = ("cfd-wing", "genome-2026", "ocean_mixing", "qcd", "portfolio", "seismic-line-12")
SUFFIXES = ("h5", "nc", "vtk", "parquet", "log", "tar.zst")
# Jobs named by scripts after their input files: few trigrams of digits are rare, few names occur twice.
PATHS: tuple[Kind, ...] = (
    lambda r: (
        f"/scratch/{_one_of(r, USERS)}/{_one_of(r, PROJECTS)}/2026-{1 + _number(r, 12):02}-{1 + _number(r, 28):02}"
        f"/run-{_number(r, 1_000_000):06}/case_{_number(r, 10_000):04}/part-{_number(r, 100_000):05}.{_one_of(r, SUFFIXES)}"
    ),
)


def _shape(kinds: tuple[Kind, ...]) -> tuple[tuple[Kind, ...], tuple[float, ...]]:
    """Kinds with cumulative weights by Zipf's law."""
    return kinds, tuple(accumulate(1 / rank for rank in range(1, len(kinds) + 1)))


MANY: Final = "many"
SHAPES: Final = {MANY: _shape(KINDS), "few": _shape(FEW), "paths": _shape(PATHS)}
"""Kinds of names with their cumulative weights, by shape."""
