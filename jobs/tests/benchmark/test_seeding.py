from collections import Counter
from itertools import islice, pairwise

from jobs.models import MAX_NAME_LENGTH
from jobs.seeding.generator import HISTORY_SPAN, seed_jobs
from jobs.seeding.names import SHAPES
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING

MANY = 30_000


def test_the_same_seed_gives_the_same_jobs_and_another_seed_others() -> None:
    assert list(seed_jobs(500, 7)) == list(seed_jobs(500, 7))
    assert list(seed_jobs(500, 7)) != list(seed_jobs(500, 8))


def test_statuses_and_histories_are_realistic() -> None:
    jobs = list(seed_jobs(MANY, 1))
    shares = Counter(job.history[-1] for job in jobs)
    expected = {COMPLETED: 0.90, FAILED: 0.06, PENDING: 0.03, RUNNING: 0.01}
    for status, share in expected.items():
        assert abs(shares[status] / MANY - share) < 0.006
    assert abs(sum(len(job.history) for job in jobs) / MANY - 2.93) < 0.02
    assert all(job.history[0] == PENDING for job in jobs)
    assert any(len(job.history) > 3 for job in jobs)


def test_open_jobs_are_mostly_recent_and_some_are_stale() -> None:
    ages = [
        job.ages[0] / HISTORY_SPAN
        for job in seed_jobs(MANY, 1)
        if job.history[-1] in {PENDING, RUNNING}
    ]
    young = sum(age < 0.2 for age in ages) / len(ages)
    assert 0.8 < young < 0.97
    assert max(ages) > 0.5


def test_times_are_within_six_months_and_not_in_the_future() -> None:
    jobs = list(seed_jobs(MANY, 1))
    assert all(len(job.ages) == len(job.history) for job in jobs)
    assert all(older >= newer >= 0 for job in jobs for older, newer in pairwise(job.ages))
    assert all(HISTORY_SPAN >= one.ages[0] >= other.ages[0] for one, other in pairwise(jobs))


def test_names_are_valid_and_the_first_kind_is_most_frequent() -> None:
    names = [job.name for job in seed_jobs(5_000, 1)]
    assert all(name.strip() == name and 0 < len(name) <= MAX_NAME_LENGTH for name in names)
    kinds = Counter(name.split()[0] for name in names)
    assert kinds.most_common(1)[0][0] == "Fluid"
    assert len(kinds) > 12


def test_shapes_differ_in_number_and_length_of_names() -> None:
    names = {shape: [job.name for job in seed_jobs(5_000, 1, shape)] for shape in SHAPES}
    assert len(set(names["few"])) == 40
    assert len(set(names["paths"])) == 5_000
    assert min(map(len, names["paths"])) > 60 > max(map(len, names["few"]))
    assert all(len(name) <= MAX_NAME_LENGTH for name in names["paths"])


def test_a_large_number_of_jobs_is_not_generated_in_advance() -> None:
    assert len(list(islice(seed_jobs(10**12, 1), 10))) == 10
