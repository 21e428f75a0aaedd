"""A search finds the same jobs in the same order with every strategy, and reports where it stopped."""

from dataclasses import replace

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.listing.reader import ORDERINGS
from jobs.models import Job
from jobs.search import limits
from jobs.search.conditions import Criteria, has_trigram
from jobs.search.estimates import UNKNOWN
from jobs.search.executor import Search
from jobs.search.query import name_query
from jobs.tests.factories import FAILED, RUNNING, database_rows, fill
from jobs.tests.plans import captured

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
STRATEGIES: dict[str, dict[str, float]] = {
    "sort": {"SORT_FIRST_LIMIT": UNKNOWN, "RANGE_SORT_FIRST_LIMIT": UNKNOWN},
    "a short walk, then sort": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": UNKNOWN,
        "FIRST_STEP_ROWS": 4,
        "STEP_ROWS": 7,
    },
    "a walk of one step": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": -1,
        "STEP_ROWS": 20_000,
    },
    "a walk to the end": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": -1,
        "FIRST_STEP_ROWS": 4,
        "STEP_ROWS": 7,
        "WALK_SECONDS": 3600,
        "WALK_SECONDS_AFTER_SORT": 3600,
    },
    "a walk that stops repeatedly": {
        "SORT_FIRST_LIMIT": -1,
        "RANGE_SORT_FIRST_LIMIT": -1,
        "SORT_LIMIT": -1,
        "FIRST_STEP_ROWS": 40,
        "STEP_ROWS": 50,
        "WALK_SECONDS": 0,
        "WALK_SECONDS_AFTER_SORT": 0,
    },
}


@pytest.fixture(params=STRATEGIES)
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough jobs for several pages of a search, all of which are read with each strategy."""
    use_strategy(request.param, monkeypatch)
    database_rows(SOME_JOBS.format(number=600))
    database_rows("ANALYZE job")


def use_strategy(strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in STRATEGIES[strategy].items():
        monkeypatch.setattr(limits, name, value)


def search_for(*names: str) -> Search:
    return Search(Criteria(names))


def all_ids(query: str, *, backwards: bool = False) -> list[int]:
    """The ids of all pages from one end to the other. The neighbour of each page is the page it was reached from."""
    job_filter = JobFilter.parse(QueryDict(query))
    ids: list[int] = []
    cursor = job_filter.last_page_cursor if backwards else None
    while True:
        page = replace(job_filter, cursor=cursor).page()
        rows = page.rows[::-1] if backwards else page.rows
        assert len(rows) == job_filter.page_size or page.scanned or not page.next or backwards
        ids += [row.id for row in rows]
        ahead = page.previous if backwards else page.next
        if ahead is None:
            return ids
        beyond = replace(job_filter, cursor=ahead).page()
        back = beyond.next if backwards else beyond.previous
        if rows and back:
            nearest = replace(job_filter, cursor=back).page().rows
            assert not nearest or nearest[0 if backwards else -1] == rows[-1]
        cursor = ahead


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize(
    ("term", "statuses"),
    [("common", []), ("LEGACY", []), ("egac", ["FAILED"]), ("other 7", ["RUNNING", "PENDING"])],
)
def test_pages_contain_all_matches_in_order(ordering: str, term: str, statuses: list[str]) -> None:
    expected = Job.objects.filter(name__icontains=term)
    if statuses:
        expected = expected.filter(current_status__in=statuses)
    sign = "-" if ordering.startswith("-") else ""
    field = ordering.removeprefix("-").replace("name", "name_key")
    ids = list(expected.order_by(sign + field, f"{sign}id").values_list("id", flat=True))
    query = "&".join([f"search={term}", f"ordering={ordering}", "page_size=40"])
    query += "".join(f"&status={status}" for status in statuses)
    assert all_ids(query) == ids
    assert all_ids(query, backwards=True) == ids[::-1]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_search_without_a_match_ends_in_both_directions(
    strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_strategy(strategy, monkeypatch)
    fill(300)
    for query in ("search=nothing", "search=zq"):
        assert all_ids(query) == all_ids(query, backwards=True) == []


def test_page_that_stops_reports_rows_scanned_and_continues(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_strategy("a walk that stops repeatedly", monkeypatch)
    far = fill(1, name="Zq far")
    fill(200)
    job_filter = JobFilter(q=name_query("zq"))
    first = job_filter.page()
    assert (first.rows, first.scanned, first.previous) == ([], 90, None)
    second = replace(job_filter, cursor=first.next).page()
    third = replace(job_filter, cursor=second.next).page()
    assert [row.id for row in third.rows] == far
    assert (third.scanned, third.next) == (None, None)
    assert replace(job_filter, cursor=third.previous).page().rows == []


def test_rare_and_common_matches_take_at_most_two_queries() -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    for term in ("legacy", "common", "no such name", "zq"):
        with CaptureQueriesContext(connection) as queries:
            JobFilter(q=name_query(term), statuses=(FAILED, RUNNING)).page()
        assert len(captured(queries)) <= 2, term


def test_many_matches_far_away_take_four_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    use_strategy("a short walk, then sort", monkeypatch)
    database_rows(JOBS)
    with CaptureQueriesContext(connection) as queries:
        assert len(JobFilter(q=name_query("legacy")).page().rows) == 50
    assert len(captured(queries)) == 4


@pytest.mark.parametrize(
    ("term", "expected"),
    [("abc", True), ("a b", False), ("#76", False), ("zq", False), ("a_b_c", False), ("été", True)],
)
def test_trigram_needs_three_letters_in_a_row(term: str, expected: bool) -> None:
    assert has_trigram(term) == expected


def test_estimate_distinguishes_common_from_rare() -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    assert 500 < search_for("common").estimate < 900
    assert search_for("no such name").estimate < 30
    assert search_for("common", "no such name").estimate < 30
    assert search_for("zq").estimate == UNKNOWN


@pytest.mark.parametrize("sort_limit", [-1, UNKNOWN])
def test_small_search_is_counted_exactly(
    sort_limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SORT_LIMIT", sort_limit)
    database_rows(JOBS)
    for term in ("common", "legacy", "no such name"):
        found = Job.objects.filter(name__icontains=term)
        counts = search_for(term).counts()
        assert (counts.total().value, counts.relation) == (found.count(), "exact")
        assert counts.by_status[FAILED] == found.filter(current_status="FAILED").count()


def test_count_above_its_cap_is_a_lower_bound_from_a_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database_rows(JOBS)
    monkeypatch.setattr(limits, "COUNT_SAMPLE_ROWS", 300)
    monkeypatch.setattr(limits, "SORT_LIMIT", -1)
    counts = search_for("common").counts()
    found = counts.total()
    assert (found.value in (99, 100), found.relation) == (True, "at_least")
    # With one status selected, the sample contains only that status, and finds more of it.
    alone = JobFilter(statuses=(FAILED,), q=name_query("common")).count()
    assert counts.by_status[FAILED] < alone.value
    assert alone.relation == "at_least"


def test_rare_status_is_counted_exactly_in_a_common_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database_rows(JOBS)
    monkeypatch.setattr(limits, "COUNT_SAMPLE_ROWS", 600)
    monkeypatch.setattr(limits, "SORT_LIMIT", -1)
    matches = Job.objects.filter(name__icontains="common", current_status="FAILED").count()
    assert JobFilter(statuses=(FAILED,), q=name_query("common")).count() == (matches, "exact")
