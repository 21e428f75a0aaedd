"""A search finds the same, in the same order, whichever way it is read; and says where it stopped."""

from dataclasses import replace

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from jobs import search_limits
from jobs.criteria import Criteria, has_trigram
from jobs.estimates import UNKNOWN
from jobs.filters import JobFilter
from jobs.listing import ORDERINGS
from jobs.models import Job
from jobs.query import named
from jobs.searching import Search
from jobs.tests.factories import FAILED, RUNNING, database_rows, fill
from jobs.tests.plans import asked

pytestmark = pytest.mark.django_db

SOME_JOBS = """
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT
        CASE WHEN n % 3 = 0 THEN 'Common ' ELSE 'Other ' END || n % 50
            || CASE WHEN n > {number} - 50 THEN ' Legacy' ELSE '' END,
        (ARRAY['COMPLETED', 'FAILED', 'PENDING', 'RUNNING'])[1 + n % 4],
        now() - n / 3 * interval '1 minute',
        now() - (n * 7919 % {number}) * interval '1 minute'
    FROM generate_series(1, {number}) AS n
"""
JOBS = SOME_JOBS.format(number=2_000)
WAYS: dict[str, dict[str, float]] = {
    "by trigram": {"FEW": UNKNOWN, "FEW_IN_RANGE": UNKNOWN},
    "a short walk, then by trigram": {
        "FEW": -1,
        "FEW_IN_RANGE": -1,
        "SORTABLE": UNKNOWN,
        "FIRST": 4,
        "STEP": 7,
    },
    "a walk of one step": {"FEW": -1, "FEW_IN_RANGE": -1, "SORTABLE": -1, "STEP": 20_000},
    "a walk to the end": {
        "FEW": -1,
        "FEW_IN_RANGE": -1,
        "SORTABLE": -1,
        "FIRST": 4,
        "STEP": 7,
        "PATIENCE": 3600,
        "PATIENCE_LEFT": 3600,
    },
    "a walk that stops again and again": {
        "FEW": -1,
        "FEW_IN_RANGE": -1,
        "SORTABLE": -1,
        "FIRST": 40,
        "STEP": 50,
        "PATIENCE": 0,
        "PATIENCE_LEFT": 0,
    },
}


@pytest.fixture(params=WAYS)
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough for several pages of a search, which are read to the last in each of the ways."""
    read_in(request.param, monkeypatch)
    database_rows(SOME_JOBS.format(number=600))
    database_rows("ANALYZE job")


def read_in(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(search_limits, name, value)


def searched(*names: str) -> Search:
    return Search(Criteria(names))


def walked_through(query: str, *, backwards: bool = False) -> list[int]:
    """The ids of all pages from one end to the other; beside each page lies the one it was reached from."""
    question = JobFilter.parse(QueryDict(query))
    ids: list[int] = []
    cursor = question.last_page_cursor if backwards else None
    while True:
        page = replace(question, cursor=cursor).page()
        rows = page.rows[::-1] if backwards else page.rows
        assert len(rows) == question.page_size or page.looked_through or not page.next or backwards
        ids += [row.id for row in rows]
        onward = page.previous if backwards else page.next
        if onward is None:
            return ids
        beyond = replace(question, cursor=onward).page()
        back = beyond.next if backwards else beyond.previous
        if rows and back:
            nearest = replace(question, cursor=back).page().rows
            assert not nearest or nearest[0 if backwards else -1] == rows[-1]
        cursor = onward


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize(
    ("term", "statuses"),
    [("common", []), ("LEGACY", []), ("egac", ["FAILED"]), ("other 7", ["RUNNING", "PENDING"])],
)
def test_pages_of_a_search_are_the_whole_search(
    ordering: str, term: str, statuses: list[str]
) -> None:
    expected = Job.objects.filter(name__icontains=term)
    if statuses:
        expected = expected.filter(current_status__in=statuses)
    sign = "-" if ordering.startswith("-") else ""
    field = ordering.removeprefix("-").replace("name", "name_key")
    ids = list(expected.order_by(sign + field, f"{sign}id").values_list("id", flat=True))
    query = "&".join([f"search={term}", f"ordering={ordering}", "page_size=40"])
    query += "".join(f"&status={status}" for status in statuses)
    assert walked_through(query) == ids
    assert walked_through(query, backwards=True) == ids[::-1]


@pytest.mark.parametrize("way", WAYS)
def test_a_search_without_a_match_ends_in_both_directions(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in(way, monkeypatch)
    fill(300)
    for query in ("search=nothing", "search=zq"):
        assert walked_through(query) == walked_through(query, backwards=True) == []


def test_a_page_that_stops_says_how_far_it_looked_and_goes_on_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_in("a walk that stops again and again", monkeypatch)
    far = fill(1, name="Zq far")
    fill(200)
    question = JobFilter(q=named("zq"))
    first = question.page()
    assert (first.rows, first.looked_through, first.previous) == ([], 90, None)
    second = replace(question, cursor=first.next).page()
    third = replace(question, cursor=second.next).page()
    assert [row.id for row in third.rows] == far
    assert (third.looked_through, third.next) == (None, None)
    assert replace(question, cursor=third.previous).page().rows == []


def test_few_matches_take_two_queries_and_common_ones_no_more() -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    for term in ("legacy", "common", "no such name", "zq"):
        with CaptureQueriesContext(connection) as queries:
            JobFilter(q=named(term), statuses=(FAILED, RUNNING)).page()
        assert len(asked(queries)) <= 2, term


def test_a_search_that_is_neither_few_nor_near_takes_four(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in("a short walk, then by trigram", monkeypatch)
    database_rows(JOBS)
    with CaptureQueriesContext(connection) as queries:
        assert len(JobFilter(q=named("legacy")).page().rows) == 50
    assert len(asked(queries)) == 4


@pytest.mark.parametrize(
    ("term", "served"),
    [("abc", True), ("a b", False), ("#76", False), ("zq", False), ("a_b_c", False), ("été", True)],
)
def test_three_letters_in_a_row_make_a_trigram(term: str, served: bool) -> None:
    assert has_trigram(term) == served


def test_the_estimate_tells_common_from_rare() -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    assert 500 < searched("common").estimate < 900
    assert searched("nothing of the kind").estimate < 30
    assert searched("common", "nothing of the kind").estimate < 30
    assert searched("zq").estimate == UNKNOWN


@pytest.mark.parametrize("sortable", [-1, UNKNOWN])
def test_a_search_is_counted_exactly_while_it_is_small(
    sortable: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_limits, "SORTABLE", sortable)
    database_rows(JOBS)
    for term in ("common", "legacy", "no such name"):
        found = Job.objects.filter(name__icontains=term)
        counts = searched(term).counts()
        assert (counts.total().value, counts.relation) == (found.count(), "exact")
        assert counts.by_status[FAILED] == found.filter(current_status="FAILED").count()


def test_past_its_cap_a_count_is_a_lower_bound_of_what_was_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database_rows(JOBS)
    monkeypatch.setattr(search_limits, "COUNT_WALK", 300)
    monkeypatch.setattr(search_limits, "SORTABLE", -1)
    counts = searched("common").counts()
    found = counts.total()
    assert (found.value in (99, 100), found.relation) == (True, "at_least")
    # Asked for one status, the walk goes through that status alone and finds more of it.
    alone = JobFilter(statuses=(FAILED,), q=named("common")).count()
    assert counts.by_status[FAILED] < alone.value
    assert alone.relation == "at_least"


def test_a_status_with_few_jobs_is_counted_exactly_under_a_common_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database_rows(JOBS)
    monkeypatch.setattr(search_limits, "COUNT_WALK", 600)
    monkeypatch.setattr(search_limits, "SORTABLE", -1)
    matches = Job.objects.filter(name__icontains="common", current_status="FAILED").count()
    assert JobFilter(statuses=(FAILED,), q=named("common")).count() == (matches, "exact")
