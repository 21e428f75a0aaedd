"""What is killed during the operations, and when: drawn from a seed, so that a failure can be repeated."""

import os
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

JOBS: Final = int(os.environ.get("JOBS") or 200_000)
SEED: Final = int(os.environ.get("SEED") or int.from_bytes(os.urandom(3)))
CREATE: Final = f"""
    WITH created AS (
        INSERT INTO job (name, current_status, created_at, updated_at, labels)
        SELECT 'Wing sweep ' || number, 'PENDING', now(), now(), ARRAY['team=fluid'] FROM generate_series(1, {JOBS}) AS number
        RETURNING id, current_status, created_at
    )
    INSERT INTO job_status (job_id, status_type, "timestamp", source)
    SELECT id, current_status, created_at, 'import' FROM created ORDER BY id
"""
TESTS: Final = 2
KILLS_OF_EACH: Final = 10
MOST_OF_AN_OPERATION: Final = 10
FIRST_PART, LAST_PART = 0.005, 0.05
# About as long as a batch: the moment is anywhere in it.
MOST_SECONDS: Final = 0.2


class Victim(StrEnum):
    WORKER = "worker"
    WEB_PROCESS = "gunicorn worker"
    WEB_MASTER = "gunicorn master"
    POSTGRESQL = "PostgreSQL"


@dataclass(frozen=True)
class Kill:
    """When so many more jobs are done than at the last kill, and so many seconds after."""

    jobs: int
    seconds: float
    victim: Victim


def kills(test: int) -> deque[Kill]:
    """Those of one of the tests: its part of KILLS_OF_EACH for each victim, in any order."""
    random = Random(f"{SEED} {test}")
    victims = [victim for victim in Victim for _ in range(KILLS_OF_EACH // TESTS)]
    random.shuffle(victims)
    return deque(
        Kill(
            round(random.uniform(FIRST_PART, LAST_PART) * JOBS),
            random.uniform(0, MOST_SECONDS),
            victim,
        )
        for victim in victims
    )
