"""Limits of the benchmark: every part of it is bounded in time and in the number of requests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Durations in seconds, and numbers of requests."""

    rounds: int = 200
    """Requests of each call in process, unless `call_seconds` pass first."""
    call_seconds: float = 4
    clients: int = 8
    served_seconds: float = 5
    """For each call over HTTP, unless `served_requests` are reached first."""
    served_requests: int = 20_000
    writing_seconds: float = 5
    tabs: int = 1_000
    tabs_seconds: float = 60
    streams: int = 1_000
    streams_seconds: float = 20
    pair_repeats: int = 5
    pairs_seconds: float = 600
    random_searches: int = 240
    seed: int = 7
    transfer_jobs: int = 100_000
    """New jobs in each import."""
    transfer_repeats: int = 3
    operation_jobs: int = 100_000
    """Jobs that an operation changes for each action, and bare SQL as many others."""
