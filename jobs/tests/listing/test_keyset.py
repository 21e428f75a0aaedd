from dataclasses import replace

import pytest

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.history import history_page
from jobs.listing.paging import Paging
from jobs.listing.reader import ORDERINGS
from jobs.mistakes import InvalidQuery
from jobs.models import Job
from jobs.search.query import name_query
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, fill, make_job
from jobs.tests.listing.walks import FILTERS, MOMENT, walk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_paging_over_equal_values_returns_each_job_once_in_both_directions(
    name: str, ordering: str
) -> None:
    ids = fill(500, at=MOMENT)
    job_filter = replace(FILTERS[name], ordering=ordering, page_size=37)
    down = walk(job_filter)
    assert sorted(down) == ids
    assert walk(job_filter, backwards=True) == down[::-1]


@pytest.mark.parametrize("ordering", ["-created_at", "name"])
@pytest.mark.parametrize("backwards", [False, True])
def test_paging_skips_and_repeats_nothing_while_jobs_come_and_go(
    ordering: str, backwards: bool
) -> None:
    ids = fill(300, at=MOMENT)
    doomed = ids[::3]
    kept = set(ids) - set(doomed)

    def disturb() -> None:
        fill(3, at=MOMENT)
        fill(3)
        if doomed:
            Job.objects.filter(pk__in=[doomed.pop(), doomed.pop(0)]).delete()

    job_filter = JobFilter(ordering=ordering, page_size=20)
    seen = walk(
        replace(job_filter, statuses=(PENDING, RUNNING)), backwards=backwards, between=disturb
    )
    assert len(seen) == len(set(seen))
    assert kept <= set(seen)


def test_previous_page_is_the_page_before() -> None:
    fill(25, at=MOMENT)
    first = JobList(JobFilter(page_size=10)).page()
    second = JobList(JobFilter(page_size=10, cursor=first.next)).page()
    third = JobList(JobFilter(page_size=10, cursor=second.next)).page()
    assert (first.previous, third.next, len(third.rows)) == (None, None, 5)
    assert JobList(JobFilter(page_size=10, cursor=third.previous)).page().rows == second.rows
    back = JobList(JobFilter(page_size=10, cursor=second.previous)).page()
    assert (back.rows, back.previous) == (first.rows, None)


def test_page_size_may_change_between_pages() -> None:
    ids = fill(30)[::-1]
    cursor = JobList(JobFilter(page_size=10)).page().next
    assert [row.id for row in JobList(JobFilter(page_size=20, cursor=cursor)).page().rows] == ids[
        10:
    ]


def test_list_of_exactly_one_page_has_no_other_pages() -> None:
    fill(10)
    page = JobList(JobFilter(page_size=10)).page()
    assert (len(page.rows), page.next, page.previous) == (10, None, None)


def test_empty_list_has_an_empty_last_page() -> None:
    page = JobList(JobFilter(cursor=JobList(JobFilter()).last_page_cursor)).page()
    assert (page.rows, page.next, page.previous) == ([], None, None)


@pytest.mark.parametrize(
    "other",
    [
        JobFilter(ordering="created_at"),
        JobFilter(ordering="name"),
        JobFilter(statuses=(PENDING,)),
        JobFilter(q=name_query("s")),
    ],
)
def test_cursor_of_another_list_is_rejected(other: JobFilter) -> None:
    fill(3)
    cursor = JobList(JobFilter(page_size=1)).page().next
    with pytest.raises(InvalidQuery, match="not valid for this list"):
        JobList(replace(other, cursor=cursor)).page()


def test_forged_cursor_is_rejected() -> None:
    fill(3)
    cursor = JobList(JobFilter(page_size=1)).page().next
    assert cursor
    forged = [cursor[1:], f"{cursor}A", "x", ".", "é", "\0", "a.b.c", "A" * 5000, cursor.swapcase()]
    for text in forged:
        with pytest.raises(InvalidQuery, match="Start again"):
            JobList(JobFilter(page_size=1, cursor=text)).page()


def test_cursors_work_with_any_characters_in_names() -> None:
    for letter in ("😀", "é", "\u202e", "'", '"', "%", "\\", "ß"):
        make_job(f"{letter * 254}x")
    assert len(walk(JobFilter(ordering="name", page_size=1))) == 8


def test_history_is_newest_first_with_the_end_of_each_status() -> None:
    job = make_job(history=[RUNNING, FAILED, RUNNING, COMPLETED])
    make_job(history=[RUNNING])
    rows, cursor = [], None
    while True:
        page = history_page(job.pk, Paging(2, cursor))
        rows += page.rows
        if (cursor := page.next) is None:
            break
    assert [row.status_type for row in rows] == [COMPLETED, RUNNING, FAILED, RUNNING, PENDING]
    assert [row.until for row in rows] == [None, *(row.timestamp for row in rows[:-1])]


def test_cursor_of_another_history_is_rejected() -> None:
    job, other = make_job(history=[RUNNING]), make_job(history=[RUNNING])
    with pytest.raises(InvalidQuery):
        history_page(other.pk, Paging(1, history_page(job.pk, Paging(1)).next))
