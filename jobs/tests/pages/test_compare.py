"""Two jobs side by side."""

import re

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.listing.steps import MAX_STEPS
from jobs.models import Job
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, make_job, rewrite_history
from jobs.tests.pages.html import page, text_of
from jobs.tests.plans import indexes, plans

pytestmark = pytest.mark.django_db


def age(job: Job, *offsets: int) -> None:
    """Moves the job's creation ten hours into the past, and its entries to these minutes after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE job SET created_at = now() - interval '10 hours' WHERE id = %s", [job.id]
        )
    for entry, minutes in zip(job.statuses.order_by("id"), offsets, strict=True):
        rewrite_history(
            "UPDATE job_status SET timestamp = now() - interval '10 hours' + %s * interval '1 minute' WHERE id = %s",
            [minutes, entry.pk],
        )


def differing(html: str) -> list[str]:
    """The headers of the lines that are marked as different, without their marks."""
    rows = re.findall(r"<tr role=\"row\" data-differs>.*?</tr>", html, flags=re.S)
    return [text_of(re.findall(r"<th.*?</th>", row, flags=re.S)[0]) for row in rows]


def test_shows_fields_durations_and_steps_side_by_side(client: Client) -> None:
    one = make_job("Wing", history=[RUNNING, FAILED])
    other = make_job("Wing", history=[RUNNING, COMPLETED])
    age(one, 0, 30, 90)
    age(other, 0, 30, 330)
    html = page(client, f"/compare/?ids={one.id},{other.id}")
    text = text_of(html)
    assert differing(html) == ["Status", "Updated", "Ran", "3 ≠ differs"]
    assert "Waited 30 min 30 min same" in text
    assert "Ran 1 h 5 h ≠ 4 h longer" in text
    assert "Failed after 1 h 30 min" in text
    assert "Completed after 5 h 30 min" in text
    assert "1 step differs" in text
    # aligned by the time since creation: the shorter job ends at 90 of 330 minutes
    first, second = re.findall(r'<svg class="track".*?</svg>', html, flags=re.S)
    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', first) == [
        ("0.00", "9.09"),
        ("9.09", "18.18"),
    ]
    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', second) == [
        ("0.00", "9.09"),
        ("9.09", "90.91"),
    ]


def test_names_are_escaped_and_isolated(client: Client) -> None:
    one, other = make_job("<b>\u202eone"), make_job("other")
    html = page(client, f"/compare/?ids={one.id},{other.id}")
    assert "<b>\u202e" not in html
    assert '<bdi translate="no">&lt;b&gt;\u202eone</bdi>' in html


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ("", "needs the IDs of two jobs"),
        ("1", "1 ID was given"),
        ("1,2,3", "3 IDs were given"),
        ("5,5", "Both IDs are 5"),
        ("5,05", "Both IDs are 5"),
        ("one,two", "is not a list of numbers"),
        ("1,", "is not a list of numbers"),
        ("9999999999999999999,1", "larger than that of any job"),
        ("<script>", "is not a list of numbers"),
    ],
)
def test_says_what_is_wrong_with_the_ids(client: Client, ids: str, words: str) -> None:
    html = page(client, f"/compare/?ids={ids}", 400)
    assert words in text_of(html)
    assert "<script>" not in html


def test_says_which_job_is_missing_and_leads_to_the_other(client: Client) -> None:
    job = make_job("Left")
    html = page(client, f"/compare/?ids={job.id},{job.id + 1}", 404)
    assert f"Job {job.id + 1} doesn’t exist. It may have been deleted." in text_of(html)
    assert f'href="/jobs/{job.id}/"' in html
    both = page(client, f"/compare/?ids={job.id + 1},{job.id + 2}", 404)
    assert f"Jobs {job.id + 1} and {job.id + 2} don’t exist." in text_of(both)


def test_leads_back_to_the_list(client: Client) -> None:
    one, other = make_job(), make_job()
    html = page(client, f"/compare/?ids={one.id},{other.id}&from=status%3DFAILED&x=1")
    assert 'href="/?status=FAILED"' in html
    assert "&quot;x&quot; is not a parameter of this page" in html


def test_long_histories_are_read_from_their_beginning_only(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, other = make_job("Long"), make_job("Short", COMPLETED)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO job_status (job_id, status_type, "timestamp")
            SELECT %s, (ARRAY['RUNNING', 'PENDING'])[1 + n %% 2], now() + n * interval '1 ms'
            FROM generate_series(1, 20000) AS n""",
            [one.id],
        )
        cursor.execute("ANALYZE job_status")
    with django_assert_num_queries(5) as queries:
        html = page(client, f"/compare/?ids={one.id},{other.id}")
    assert f"The first {MAX_STEPS} steps of Long . Open the job" in text_of(html)
    assert html.count("<tr") < MAX_STEPS + 20
    assert "at least" in text_of(html)
    reads = [
        plan
        for plan in plans(queries)
        if any(node.get("Relation Name") == "job_status" for node in plan)
    ]
    assert len(reads) == 4
    # This job has nearly all entries of the table, so the planner may walk along their ids.
    assert all(indexes(plan) <= {"job_status_of_job", "job_status_pkey"} for plan in reads)
    assert not any(node["Node Type"] == "Seq Scan" for plan in reads for node in plan)
