"""A list with several conditions has the same jobs with every strategy, and the right count."""

from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet
from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.keyset import Window
from jobs.listing.reader import ORDERINGS, job_reader
from jobs.models import Job
from jobs.search import limits
from jobs.search.conditions import Criteria
from jobs.search.estimates import UNKNOWN
from jobs.statuses import StatusType
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, fill, make_job
from jobs.tests.strategies import STRATEGIES, all_ids, use_strategy
from jobs.time_range import TimeRange

pytestmark = pytest.mark.django_db

JOBS = """
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT
        CASE WHEN n % 3 = 0 THEN 'Common ' ELSE 'Other ' END || n % 50
            || CASE WHEN n > 380 THEN ' Legacy' ELSE '' END,
        (ARRAY['COMPLETED', 'FAILED', 'PENDING', 'RUNNING'])[1 + n % 4],
        '2026-01-01Z'::timestamptz + n / 3 * interval '3 minutes',
        '2026-01-01Z'::timestamptz + (n / 3 * 3 + n * 7919 % 2000) * interval '1 minute'
    FROM generate_series(1, 400) AS n
"""
QUERIES = [
    "created:2026-01-01T01:00Z..2026-01-01T03:30Z",
    "created:>=2026-01-01T02:00Z created:<2026-01-01T02:10Z -status:completed,pending",
    "updated:2026-01-02",
    "updated:<=2026-01-01T02:00Z status:failed",
    "created:<2026-01-01T04:00Z updated:>=2026-01-02T12:00Z",
    "common updated:>=2026-01-01T20:00Z",
    '"other 7" created:<2026-01-01T08:00Z status:failed,running',
    "com mon 4 created:>=2026-01-01T01:00Z",
    "common legacy",
    "created:2025",
    "created:>=2026-01-02 updated:<2026-01-02",
    "id:{first},{last},{third},999999999",
    "id:{first},{last} other",
]


def expected(job_filter: JobFilter) -> "QuerySet[Job]":
    criteria = job_filter.q.criteria(datetime.now(UTC))
    jobs = Job.objects.filter(current_status__in=job_filter.selected_statuses)
    for name in criteria.names:
        jobs = jobs.filter(name__icontains=name)
    if criteria.ids:
        jobs = jobs.filter(id__in=criteria.ids)
    for field, times in (("created_at", criteria.created), ("updated_at", criteria.updated)):
        if times.start:
            jobs = jobs.filter(**{f"{field}__gte": times.start})
        if times.end:
            jobs = jobs.filter(**{f"{field}__lt": times.end})
    return jobs


@pytest.fixture
def job_filters() -> list[JobFilter]:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    ids = list(Job.objects.order_by("id").values_list("id", flat=True))
    named_ids = {"first": ids[0], "third": ids[2], "last": ids[-1]}
    return [filter_for(q.format(**named_ids)) for q in QUERIES]


def filter_for(q: str, **others: str) -> JobFilter:
    query = QueryDict(mutable=True)
    query.update({"q": q, "page_size": "40", **others})
    return JobFilter.parse(query)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_pages_contain_the_whole_list_in_both_directions(
    job_filters: list[JobFilter], strategy: str, ordering: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_strategy(strategy, monkeypatch)
    sign = "-" if ordering.startswith("-") else ""
    field = ordering.removeprefix("-").replace("name", "name_key")
    for job_filter in job_filters:
        ids = expected(job_filter).order_by(sign + field, f"{sign}id").values_list("id", flat=True)
        query = job_filter.query_string(ordering=ordering)
        assert all_ids(query) == list(ids), query
        assert all_ids(query, backwards=True) == list(ids)[::-1], query


@pytest.mark.parametrize("sort_limit", [-1, UNKNOWN])
def test_small_counts_are_exact(
    job_filters: list[JobFilter], sort_limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SORT_LIMIT", sort_limit)
    for job_filter in job_filters:
        assert JobList(job_filter).count() == (expected(job_filter).count(), "exact"), str(
            job_filter.q
        )
        any_status = JobFilter(q=job_filter.q.without_statuses())
        by_status = JobList(job_filter).counts_by_status().by_status
        for status in StatusType:
            in_status = expected(any_status).filter(current_status=status)
            assert by_status[status] == in_status.count(), (str(job_filter.q), status)


def test_times_are_counted_through_their_own_index(
    job_filters: list[JobFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SORT_LIMIT", -1)
    monkeypatch.setattr(limits, "COUNT_SAMPLE_ROWS", 40)
    few = filter_for("updated:<2026-01-01T02:00Z created:>=2026-01-01")
    number = expected(few).count()
    assert 0 < number < 40
    assert JobList(few).count() == (number, "exact")
    assert JobList(filter_for("common updated:>=2026-01-01")).count().relation == "at_least"


def test_each_time_bounds_the_other() -> None:
    day, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    stale = Criteria(updated=TimeRange(end=day))
    assert stale.range_for("created_at") == stale.range_for("updated_at") == TimeRange(end=day)
    fresh = Criteria(created=TimeRange(start=day))
    assert fresh.range_for("updated_at") == fresh.range_for("created_at") == TimeRange(start=day)
    assert Criteria(created=TimeRange(end=day)).range_for("updated_at") == TimeRange()
    assert Criteria(created=TimeRange(start=later), updated=TimeRange(end=day)).is_unsatisfiable
    assert not Criteria(created=TimeRange(start=day), updated=TimeRange(end=later)).is_unsatisfiable
    assert stale.range_for("name") == TimeRange()


def test_no_job_is_updated_before_it_is_created() -> None:
    job = make_job()
    future = datetime(2999, 1, 1, tzinfo=UTC)
    [ahead] = fill(1, at=future)
    for number in (job.pk, ahead):
        Job.objects.record_status(number, RUNNING, name="Renamed")
        Job.objects.edit(number, name="Again")
        changed = Job.objects.get(pk=number)
        assert changed.created_at <= changed.updated_at


def test_relative_times_are_relative_to_now() -> None:
    fill(2, name="old", at=datetime(2020, 1, 1, tzinfo=UTC))
    fill(3, name="new")
    assert JobList(filter_for("created:<1h")).count() == (3, "exact")
    assert [row.name for row in JobList(filter_for("updated:>1h")).page().rows] == ["old", "old"]


def test_tabs_and_search_both_restrict_statuses() -> None:
    for status in StatusType:
        make_job(status.label, status)
    assert filter_for("status:failed,running", status="FAILED").selected_statuses == (FAILED,)
    nothing = JobList(filter_for("-status:failed", status="FAILED"))
    assert (nothing.page().rows, nothing.count()) == ([], (0, "exact"))
    assert nothing.counts_by_status().total().value == len(StatusType)


def test_cursor_is_valid_for_every_wording_of_its_query() -> None:
    fill(3, name="Wing tip")
    cursor = JobList(filter_for("wing tip -status:failed", page_size="1")).page().next
    assert cursor
    others = ",".join(status.lower() for status in StatusType if status != FAILED)
    reworded = filter_for(f"TIP status:{others} wing", page_size="1", cursor=cursor)
    assert len(JobList(reworded).page().rows) == 1


@pytest.mark.parametrize("statuses", [None, (PENDING,)])
@pytest.mark.parametrize("ordering", ["created_at", "-created_at"])
def test_list_starts_at_its_new_end_if_a_relative_time_has_passed_the_cursor(
    ordering: str, statuses: tuple[StatusType, ...] | None
) -> None:
    moments = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 7)]
    ids = [fill(1, at=moment)[0] for moment in moments]
    time_range = TimeRange(moments[2], moments[4])
    outside = moments[0] if ordering == "created_at" else moments[5]
    key = (outside.isoformat().replace("+00:00", "Z"), 0)
    window = Window(ORDERINGS[ordering], key, backwards=False, size=10)
    found = [row.id for row in job_reader(statuses, time_range)(window).rows]
    assert sorted(found) == ids[2:4]
