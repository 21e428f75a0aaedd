"""The page of the trash, and that of a deleted job."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jobs.changes.bulk_delete import Deletion, remove_jobs
from jobs.models import Job
from jobs.pages.trash import left_text
from jobs.tests.factories import RUNNING, fill, make_job
from jobs.tests.pages.html import PARTIAL, text_of
from jobs.tests.trash.stored import expire
from jobs.trash.restoring import restore_jobs

pytestmark = pytest.mark.django_db

HOSTILE = "<script>\"'&{{ x }}"


@pytest.fixture(autouse=True)
def seven_days(settings: Settings) -> None:
    settings.TRASH_DAYS = 7


def delete(*ids: int) -> None:
    remove_jobs([Deletion(job_id) for job_id in ids])


def shown(client: Client, path: str = "/trash/", status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def names(html: str) -> list[str]:
    return [text_of(part.partition("</bdi>")[0]) for part in html.split('<bdi translate="no">')[1:]]


def test_it_lists_what_was_deleted_the_newest_first(client: Client) -> None:
    one, two, kept = make_job("Wing"), make_job("Rotor", history=[RUNNING]), make_job("Kept")
    for job in (one, two):
        delete(job.pk)
    html = shown(client)
    assert names(html) == ["Rotor", "Wing"]
    text = text_of(html)
    assert "2 deleted jobs, the newest deletions first. A job stays here for 7 days" in text
    assert "Running" in text
    assert "in 7 days" in text
    assert f'data-restore="{one.pk}"' in html
    assert str(kept.pk) not in names(html)


def test_names_are_escaped(client: Client) -> None:
    job = make_job(HOSTILE)
    delete(job.pk)
    for html in (shown(client), shown(client, f"/jobs/{job.pk}/", 404)):
        assert "<script>&quot;" not in html
        assert "&lt;script&gt;&quot;&#x27;&amp;{{ x }}" in html


def test_its_pages_are_linked(client: Client) -> None:
    ids = fill(5)
    for job_id in ids:
        delete(job_id)
    html = shown(client, "/trash/?page_size=2")
    seen = [html]
    while "Older →" in html:
        path = (
            html.split('href="/trash/?')[1].partition('"')[0] if len(seen) == 1 else links(html)[1]
        )
        html = shown(client, f"/trash/?{path.replace('&amp;', '&')}")
        seen.append(html)
    assert [
        [job_id for job_id in ids[::-1] if f'id="trashed-{job_id}"' in page] for page in seen
    ] == [
        ids[:2:-1],
        ids[2:0:-1],
        ids[:1],
    ]


def links(html: str) -> list[str]:
    return [part.partition('"')[0] for part in html.split('href="/trash/?')[1:]]


def test_the_page_is_two_queries(client: Client) -> None:
    delete(*fill(60))
    with CaptureQueriesContext(connection) as queries:
        shown(client)
    assert len(queries) == 2


def test_an_empty_trash_says_what_it_is_for(client: Client, settings: Settings) -> None:
    assert "A deleted job stays here for 7 days. Until then it can be restored" in text_of(
        shown(client)
    )
    settings.TRASH_DAYS = 0
    assert "Deletions are final" in text_of(shown(client))


def test_what_has_expired_is_gone_soon(client: Client) -> None:
    delete(make_job().pk)
    expire()
    assert "soon" in text_of(shown(client))


def test_a_link_whose_page_is_empty_or_stale_shows_the_first_page(client: Client) -> None:
    ids = fill(4)
    for job_id in ids:
        delete(job_id)
    older = links(shown(client, "/trash/?page_size=2"))[0].replace("&amp;", "&")
    restore_jobs(ids[:2])
    assert "The page you were on is now empty." in text_of(shown(client, f"/trash/?{older}"))
    for query in ("cursor=cut-off", "page_size=0", "cursor="):
        assert "no longer valid" in text_of(shown(client, f"/trash/?{query}"))
    assert "is not a parameter of this page" in text_of(shown(client, "/trash/?q=wing"))


def test_the_table_can_be_requested_alone(client: Client) -> None:
    delete(make_job("Wing").pk)
    html = client.get("/trash/", headers=PARTIAL).content.decode().strip()
    assert html.startswith('<section id="trash-table"')
    assert "<html" not in html


def test_the_page_of_a_deleted_job_offers_to_restore_it(client: Client) -> None:
    job = make_job("Wing", history=[RUNNING])
    assert client.get(f"/jobs/{job.pk}/").status_code == 200
    delete(job.pk)
    html = shown(client, f"/jobs/{job.pk}/", 404)
    text = text_of(html)
    assert "Wing is in the trash" in text
    assert "when it was Running. It will be gone for good in 7 days." in text
    assert f'data-restore="{job.pk}"' in html
    assert client.get(f"/jobs/{job.pk}/", headers=PARTIAL).status_code == 404
    restore_jobs([job.pk])
    assert client.get(f"/jobs/{job.pk}/").status_code == 200


def test_a_key_that_another_job_has_by_now_is_said_with_a_link(client: Client) -> None:
    job, taker = make_job("Wing"), make_job("Rotor")
    Job.objects.filter(pk=job.pk).update(key="run-1")
    delete(job.pk)
    assert "has its key" not in shown(client)
    Job.objects.filter(pk=taker.pk).update(key="run-1")
    for html in (shown(client), shown(client, f"/jobs/{job.pk}/", 404)):
        assert f"Job {taker.pk} has its key run-1 by now." in text_of(html)
        assert f'href="/jobs/{taker.pk}/"' in html


def test_the_page_of_no_job_does_not(client: Client) -> None:
    response = client.get("/jobs/9000000/")
    assert response.status_code == 404
    assert "data-restore" not in response.content.decode()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (7, "They can be restored from the trash for 7 days."),
        (1, "for 1 day."),
        (0, "This cannot be undone."),
    ],
)
def test_the_dialog_says_whether_a_deletion_can_be_undone(
    client: Client, settings: Settings, days: int, words: str
) -> None:
    settings.TRASH_DAYS = days
    for path in ("/", f"/jobs/{make_job().pk}/"):
        html = client.get(path).content.decode()
        assert words in text_of(html)
        assert ("data-final" in html) is (days == 0)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=6, hours=23, minutes=59), "in 7 days"),
        (timedelta(days=6, hours=11), "in 6 days"),
        (timedelta(hours=36), "in 2 days"),
        (timedelta(hours=35), "in 35 hours"),
        (timedelta(minutes=50), "in 1 hour"),
        (timedelta(minutes=20), "soon"),
        (timedelta(days=-2), "soon"),
    ],
)
def test_the_time_left_is_rounded(left: timedelta, text: str) -> None:
    assert left_text(left) == text
