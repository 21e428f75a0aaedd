"""A search finds the same jobs in the same order with every strategy, and reports where it stopped."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.reader import ORDERINGS
from jobs.models import Job
from jobs.search import limits
from jobs.search.conditions import Criteria, has_trigram
from jobs.search.estimates import UNKNOWN
from jobs.search.executor import Search
from jobs.search.query import name_query
from jobs.tests.factories import FAILED, RUNNING, database_rows, fill
from jobs.tests.plans import captured
from jobs.tests.strategies import JOBS, SOME_JOBS, STRATEGIES, all_ids, use_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture(params=STRATEGIES)
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough jobs for several pages of a search, all of which are read with each strategy."""
    use_strategy(request.param, monkeypatch)
    database_rows(SOME_JOBS.format(number=600))
    database_rows("ANALYZE job")


def search_for(*names: str) -> Search:
    return Search(Criteria(names))


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
    first = JobList(job_filter).page()
    assert (first.rows, first.scanned, first.previous) == ([], 90, None)
    second = JobList(replace(job_filter, cursor=first.next)).page()
    third = JobList(replace(job_filter, cursor=second.next)).page()
    assert [row.id for row in third.rows] == far
    assert (third.scanned, third.next) == (None, None)
    assert JobList(replace(job_filter, cursor=third.previous)).page().rows == []


def test_rare_and_common_matches_take_at_most_two_queries() -> None:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    for term in ("legacy", "common", "no such name", "zq"):
        with CaptureQueriesContext(connection) as queries:
            JobList(JobFilter(q=name_query(term), statuses=(FAILED, RUNNING))).page()
        assert len(captured(queries)) <= 2, term


def test_many_matches_far_away_take_four_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    use_strategy("a short walk, then sort", monkeypatch)
    database_rows(JOBS)
    with CaptureQueriesContext(connection) as queries:
        assert len(JobList(JobFilter(q=name_query("legacy"))).page().rows) == 50
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
    alone = JobList(JobFilter(statuses=(FAILED,), q=name_query("common"))).count()
    assert counts.by_status[FAILED] < alone.value
    assert alone.relation == "at_least"


def test_rare_status_is_counted_exactly_in_a_common_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database_rows(JOBS)
    monkeypatch.setattr(limits, "COUNT_SAMPLE_ROWS", 600)
    monkeypatch.setattr(limits, "SORT_LIMIT", -1)
    matches = Job.objects.filter(name__icontains="common", current_status="FAILED").count()
    failed = JobList(JobFilter(statuses=(FAILED,), q=name_query("common")))
    assert failed.count() == (matches, "exact")
    # The tabs agree with it, although they count all statuses in one sample.
    counts = failed.counts_by_status()
    assert counts.by_status[FAILED] < matches
    assert counts.total([FAILED]) == (matches, "exact")
    assert counts.total().relation == "at_least"
    assert counts.total().value >= matches
