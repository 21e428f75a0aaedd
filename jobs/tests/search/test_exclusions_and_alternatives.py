"""Excluded terms and alternatives: the same jobs with every strategy, and no more rows read than by a plain word."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.models import Job
from jobs.tests.factories import database_rows
from jobs.tests.plans import (
    assert_reads_one_step,
    indexes,
    plans,
    search_by_walking,
)
from jobs.tests.strategies import JOBS, STRATEGIES, all_ids, use_strategy

pytestmark = pytest.mark.django_db

Matches = Callable[[Job], bool]
QUERIES: dict[str, Matches] = {
    "-common": lambda job: "common" not in job.name.lower(),
    '-"common 3" -legacy': lambda job: not {"common 3", "legacy"} & _parts(job),
    "common -legacy": lambda job: "common" in _parts(job) and "legacy" not in _parts(job),
    '"other 7" OR legacy': lambda job: bool({"other 7", "legacy"} & _parts(job)),
    "7 OR legacy -common": lambda job: (
        bool({"7", "legacy"} & _parts(job)) and "common" not in _parts(job)
    ),
    "common OR other 49": lambda job: "49" in job.name,
    "-id:{first},{last}": lambda job: job.pk not in _ends(),
}


def _parts(job: Job) -> set[str]:
    """Which of the searched texts the name contains."""
    texts = ("common", "legacy", "common 3", "other 7", "7")
    return {text for text in texts if text in job.name.lower()}


def _ends() -> set[int]:
    ids = Job.objects.order_by("id").values_list("id", flat=True)
    return {ids[0], ids[len(ids) - 1]}


@pytest.fixture
def jobs() -> list[Job]:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    return list(Job.objects.order_by("-created_at", "-id"))


def query_for(q: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"q": q, "page_size": "200"})
    return query.urlencode()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_finds_the_same_jobs(
    jobs: list[Job], strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_strategy(strategy, monkeypatch)
    first, last = sorted(_ends())
    for q, matches in QUERIES.items():
        query = query_for(q.format(first=first, last=last))
        assert all_ids(query) == [job.pk for job in jobs if matches(job)], q


@pytest.mark.parametrize("ordering", ["-created_at", "created_at", "name"])
@pytest.mark.parametrize("strategy", ["sort", "a walk that stops repeatedly"])
def test_excluded_times_are_left_out_in_every_ordering(
    jobs: list[Job], ordering: str, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_strategy(strategy, monkeypatch)
    middle = sorted(job.created_at for job in jobs)
    early, late = (f"{at:%Y-%m-%dT%H:%M:%S.%fZ}" for at in (middle[600], middle[1400]))
    for q, matches in (
        (f"-created:{early}..{late}", lambda at: not early <= at <= late),
        (f"-created:>={early}", lambda at: at < early),
        (f"-created:<{early}", lambda at: at >= early),
        (f"-created:<={late} -created:{early}", lambda at: at > late),
    ):
        found = {job.pk for job in jobs if matches(f"{job.created_at:%Y-%m-%dT%H:%M:%S.%fZ}")}
        ids = all_ids(f"{query_for(q)}&ordering={ordering}")
        assert len(ids) == len(found)
        assert set(ids) == found, q


def test_excluding_all_of_time_finds_nothing(jobs: list[Job]) -> None:
    assert all_ids(query_for("-created:<=9999")) == []
    assert len(all_ids(query_for("-created:>9999"))) == len(jobs)


@pytest.mark.parametrize(
    "q", ["-lation", "-id:1", "-created:30h..20h", "lation OR ab", "-lation -ab"]
)
def test_walks_read_one_step(many_jobs: None, q: str, monkeypatch: pytest.MonkeyPatch) -> None:
    search_by_walking(monkeypatch)
    for ordering in ("-created_at", "name"):
        query = QueryDict(query_for(q), mutable=True)
        query["ordering"] = ordering
        job_filter = JobFilter.parse(query)
        with CaptureQueriesContext(connection) as queries:
            JobList(job_filter).page()
        for found in plans(queries):
            assert_reads_one_step(found, 1)


def test_rare_alternatives_are_united_in_the_index(many_jobs: None) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    job_filter = JobFilter.parse(QueryDict("q=%22lation+12%22+OR+%22lation+345%22"))
    with CaptureQueriesContext(connection) as queries:
        assert JobList(job_filter).page().rows
    [found] = plans(queries)
    assert "BitmapOr" in {node["Node Type"] for node in found}
    assert indexes(found)
