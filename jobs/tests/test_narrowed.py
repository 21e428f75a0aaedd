"""A list narrowed by several conditions is the same whichever way it is read, and counted as what it is."""

from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet
from django.http import QueryDict

from jobs import search_limits
from jobs.criteria import Criteria
from jobs.estimates import UNKNOWN
from jobs.filters import JobFilter
from jobs.keyset import Stretch
from jobs.listing import ORDERINGS, in_statuses
from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, fill, make_job
from jobs.tests.test_searching import WAYS, read_in, walked_through
from jobs.when import Span

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
QUESTIONS = [
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


def expected(question: JobFilter) -> "QuerySet[Job]":
    criteria = question.q.criteria(datetime.now(UTC))
    jobs = Job.objects.filter(current_status__in=question.chosen)
    for name in criteria.names:
        jobs = jobs.filter(name__icontains=name)
    if criteria.ids:
        jobs = jobs.filter(id__in=criteria.ids)
    for field, span in (("created_at", criteria.created), ("updated_at", criteria.updated)):
        if span.start:
            jobs = jobs.filter(**{f"{field}__gte": span.start})
        if span.end:
            jobs = jobs.filter(**{f"{field}__lt": span.end})
    return jobs


@pytest.fixture
def questions() -> list[JobFilter]:
    database_rows(JOBS)
    database_rows("ANALYZE job")
    ids = list(Job.objects.order_by("id").values_list("id", flat=True))
    named_ids = {"first": ids[0], "third": ids[2], "last": ids[-1]}
    return [asked(question.format(**named_ids)) for question in QUESTIONS]


def asked(q: str, **others: str) -> JobFilter:
    query = QueryDict(mutable=True)
    query.update({"q": q, "page_size": "40", **others})
    return JobFilter.parse(query)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_pages_are_the_whole_list_in_both_directions(
    questions: list[JobFilter], way: str, ordering: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in(way, monkeypatch)
    sign = "-" if ordering.startswith("-") else ""
    field = ordering.removeprefix("-").replace("name", "name_key")
    for question in questions:
        ids = expected(question).order_by(sign + field, f"{sign}id").values_list("id", flat=True)
        query = question.query(ordering=ordering)
        assert walked_through(query) == list(ids), query
        assert walked_through(query, backwards=True) == list(ids)[::-1], query


@pytest.mark.parametrize("sortable", [-1, UNKNOWN])
def test_counts_are_exact_while_they_are_small(
    questions: list[JobFilter], sortable: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_limits, "SORTABLE", sortable)
    for question in questions:
        assert question.count() == (expected(question).count(), "exact"), str(question.q)
        anywhere = JobFilter(q=question.q.without_statuses())
        by_status = question.counts_by_status().by_status
        for status in StatusType:
            in_status = expected(anywhere).filter(current_status=status)
            assert by_status[status] == in_status.count(), (str(question.q), status)


def test_times_alone_are_counted_along_their_own_index(
    questions: list[JobFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_limits, "SORTABLE", -1)
    monkeypatch.setattr(search_limits, "COUNT_WALK", 40)
    few = asked("updated:<2026-01-01T02:00Z created:>=2026-01-01")
    number = expected(few).count()
    assert 0 < number < 40
    assert few.count() == (number, "exact")
    assert asked("common updated:>=2026-01-01").count().relation == "at_least"


def test_one_time_bounds_the_other() -> None:
    day, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    stale = Criteria(updated=Span(end=day))
    assert stale.along("created_at") == stale.along("updated_at") == Span(end=day)
    fresh = Criteria(created=Span(start=day))
    assert fresh.along("updated_at") == fresh.along("created_at") == Span(start=day)
    assert Criteria(created=Span(end=day)).along("updated_at") == Span()
    assert Criteria(created=Span(start=later), updated=Span(end=day)).is_impossible
    assert not Criteria(created=Span(start=day), updated=Span(end=later)).is_impossible
    assert stale.along("name") == Span()


def test_no_job_is_updated_before_it_is_created() -> None:
    job = make_job()
    future = datetime(2999, 1, 1, tzinfo=UTC)
    [ahead] = fill(1, at=future)
    for number in (job.pk, ahead):
        Job.objects.record_status(number, RUNNING, "Renamed")
        Job.objects.rename(number, "Again")
        changed = Job.objects.get(pk=number)
        assert changed.created_at <= changed.updated_at


def test_ages_are_counted_from_now() -> None:
    fill(2, name="old", at=datetime(2020, 1, 1, tzinfo=UTC))
    fill(3, name="new")
    assert asked("created:<1h").count() == (3, "exact")
    assert [row.name for row in asked("updated:>1h").page().rows] == ["old", "old"]


def test_tabs_and_search_choose_statuses_together() -> None:
    for status in StatusType:
        make_job(status.label, status)
    assert asked("status:failed,running", status="FAILED").chosen == (FAILED,)
    nothing = asked("-status:failed", status="FAILED")
    assert (nothing.page().rows, nothing.count()) == ([], (0, "exact"))
    assert nothing.counts_by_status().total().value == 4


def test_a_cursor_serves_every_wording_of_its_question() -> None:
    fill(3, name="Wing tip")
    cursor = asked("wing tip -status:failed", page_size="1").page().next
    assert cursor
    reworded = asked("TIP status:pending,running,completed wing", page_size="1", cursor=cursor)
    assert len(reworded.page().rows) == 1


@pytest.mark.parametrize("statuses", [(), (PENDING,)])
@pytest.mark.parametrize("ordering", ["created_at", "-created_at"])
def test_where_an_age_has_moved_past_the_cursor_the_list_begins_at_its_new_end(
    ordering: str, statuses: tuple[StatusType, ...]
) -> None:
    moments = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 7)]
    ids = [fill(1, at=moment)[0] for moment in moments]
    within = Span(moments[2], moments[4])
    outside = moments[0] if ordering == "created_at" else moments[5]
    key = (outside.isoformat().replace("+00:00", "Z"), 0)
    stretch = Stretch(ORDERINGS[ordering], key, backwards=False, size=10)
    found = [row.id for row in in_statuses(statuses, within)(stretch).rows]
    assert sorted(found) == ids[2:4]
