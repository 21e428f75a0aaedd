"""What takes too long is stopped, and the next way goes on from there."""

from dataclasses import replace

import pytest
from django.db import connection
from django.http import QueryDict

from jobs import search_limits
from jobs.filters import JobFilter
from jobs.models import Job
from jobs.tests.factories import database_rows
from jobs.tests.test_searching import JOBS
from jobs.timebox import OutOfTime, timebox

pytestmark = pytest.mark.django_db
NEVER = 0.0


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_stopped_and_the_limit_is_gone_with_the_box() -> None:
    with pytest.raises(OutOfTime), timebox(0.05):
        database_rows("SELECT pg_sleep(30)")
    assert not connection.in_atomic_block
    assert database_rows("SHOW statement_timeout") in ([("0",)], [("3s",)])
    with timebox(5):
        assert database_rows("SHOW statement_timeout") == [("5s",)]


def test_within_a_transaction_the_limit_is_gone_too() -> None:
    before = database_rows("SHOW statement_timeout")
    with pytest.raises(OutOfTime), timebox(0.05):
        database_rows("SELECT pg_sleep(30)")
    with timebox(5):
        pass
    assert database_rows("SHOW statement_timeout") == before


@pytest.fixture
def no_time_to_sort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorting and counting are stopped, whatever they have to do."""

    def stopped(*args: object) -> None:
        raise OutOfTime

    for way in ("_sorted", "_sorted_and_counted", "_counted"):
        monkeypatch.setattr(f"jobs.searching.Search.{way}", stopped)


@pytest.mark.usefixtures("no_time_to_sort")
@pytest.mark.parametrize("ordering", ["-created_at", "updated_at", "name"])
@pytest.mark.parametrize("patience", [0.0, 3600.0])
@pytest.mark.parametrize("few", [-1, 1_000_000])
def test_a_search_without_time_to_sort_finds_everything_all_the_same(
    ordering: str, patience: float, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_rows(JOBS)
    for name, value in {
        "FEW": few,
        "FIRST": 30,
        "STEP": 70,
        "PATIENCE": patience,
        "PATIENCE_LEFT": patience,
    }.items():
        monkeypatch.setattr(search_limits, name, value)
    question = JobFilter.parse(QueryDict(f"search=legacy&ordering={ordering}&page_size=20"))
    seen, page = [], question.page()
    while True:
        seen += [row.id for row in page.rows]
        if page.next is None:
            break
        page = replace(question, cursor=page.next).page()
    column = ordering.lstrip("-")
    wanted = Job.objects.filter(name__icontains="legacy").values_list("id", flat=True)
    assert sorted(seen) == sorted(wanted)
    assert len(seen) == len(set(seen)), column


@pytest.mark.usefixtures("no_time_to_sort")
def test_a_count_without_time_is_a_lower_bound() -> None:
    database_rows(JOBS)
    question = JobFilter.parse(QueryDict("search=legacy"))
    question.page()
    count = question.count()
    assert count.value <= 50
    assert count.relation in {"exact", "at_least"}


def test_page_and_count_of_few_matches_are_one_pass() -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    question = JobFilter.parse(QueryDict("search=legacy&status=FAILED&page_size=5"))
    page = question.page()
    assert len(page.rows) == 5
    known = question._searched.learned.counts
    assert known
    assert question.counts_by_status() == known
    numbers = dict(
        database_rows(
            "SELECT current_status, count(*) FROM job WHERE name LIKE '%Legacy%' GROUP BY 1"
        )
    )
    assert {status.value: number for status, number in known.by_status.items()} == numbers
