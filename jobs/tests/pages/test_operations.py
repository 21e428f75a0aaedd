"""The pages of operations: all of them, and one."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from jobs.models import Job
from jobs.operations import running
from jobs.operations.changes import cancel_operation, undo_operation
from jobs.operations.maintenance import maintain
from jobs.operations.rows import Action, OperationRow
from jobs.pages.operation_words import VERBS
from jobs.statuses import StatusType
from jobs.tests.factories import database_rows, make_job
from jobs.tests.operations.conftest import Fixed, create, finished, start_batch
from jobs.tests.pages.html import PARTIAL, text_of
from jobs.trash.emptying import discard
from jobs.trash.restoring import restore_jobs

pytestmark = pytest.mark.django_db

HOSTILE = "<script>\"'&{{ x }}"


def shown(client: Client, path: str = "/operations/", status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def page_of(operation: OperationRow) -> str:
    return f"/operations/{operation.id}/"


def test_without_operations_it_says_how_to_begin_one(client: Client) -> None:
    assert "No operations yet" in text_of(shown(client))


def test_the_newest_are_first_with_what_they_did(client: Client) -> None:
    make_job("Wing")
    finished(create(q="wing", reason="Broken"))
    finished(create("rename", q="wing", find="Wing", replace=HOSTILE))
    html = shown(client)
    text = text_of(html)
    assert HOSTILE not in html
    assert text.index("Rename “Wing” to") < text.index("Set to Failed")
    assert "1 of 1 job changed" in text


def test_the_list_takes_two_queries_however_many_there_are(
    client: Client, settings: Settings, django_assert_num_queries: Any
) -> None:
    settings.TRASH_DAYS = 7
    for number in range(3):
        make_job(f"Wing {number}")
        finished(create("delete"))
    with django_assert_num_queries(2):  # the other one is for proposals
        shown(client)


def test_only_a_page_with_unfinished_operations_asks_again(client: Client) -> None:
    make_job("Wing")
    operation = create()
    assert 'hx-trigger="every 2s"' in shown(client)
    assert 'hx-trigger="every 1s"' in shown(client, page_of(operation))
    finished(operation)
    assert "hx-trigger" not in shown(client)
    assert "hx-trigger" not in shown(client, page_of(operation))


def test_without_a_worker_operations_say_that_they_wait(client: Client) -> None:
    make_job("Wing")
    operation = create()
    for path in ("/operations/", page_of(operation)):
        text = text_of(shown(client, path))
        assert "Waiting for a worker: none is running." in text
        assert "per second" not in text
    assert "<title>Waiting for a worker · Set to Failed" in shown(client, page_of(operation))
    finished(operation)
    assert "for a worker" not in shown(client)


def test_a_running_operation_tells_how_far_it_is_and_can_be_canceled(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "Pace", lambda: Fixed(size=3, scan=5))
    for number in range(8):
        make_job(f"Wing {number}")
    operation = create(q="wing")
    start_batch(operation)
    html = shown(client, page_of(operation))
    assert re.search('<progress max="100" value="[1-9][0-9]?"', html)
    assert re.search(r"[1-9] of 8 jobs changed", text_of(html))
    assert f'data-post="/api/operations/{operation.id}/cancel/"' in html
    assert "/undo/" not in html
    cancel_operation(operation.id)
    html = shown(client, page_of(operation))
    assert "Canceled" in text_of(html)
    assert "What it has changed stays, unless you undo it." in text_of(html)
    assert 'href="/operations/new/?q=wing">Begin another one' in html
    assert "/cancel/" not in html
    assert f'data-post="/api/operations/{operation.id}/undo/"' in html


def test_a_finished_operation_offers_undo_once(client: Client) -> None:
    make_job("Wing")
    operation = finished(create(reason=HOSTILE))
    html = shown(client, page_of(operation))
    assert HOSTILE not in html
    assert "/undo/" in html
    undo = undo_operation(operation.id)
    assert undo
    html = shown(client, page_of(operation))
    assert "/undo/" not in html
    assert f'href="/operations/{undo.id}/"' in html
    assert f"Undo operation {operation.id}" in text_of(shown(client, page_of(undo)))


def test_failures_are_listed_with_why(client: Client) -> None:
    job = make_job("Wing" + "x" * 250)
    operation = finished(create("rename", q="wing", find="Wing", replace="Turbine blade"))
    assert operation.failed == 1
    html = shown(client, page_of(operation))
    assert "Jobs that were not renamed" in text_of(html)
    assert f'href="/jobs/{job.pk}/"><bdi translate="no">{job.name}' in html
    assert "/retry/" in html


def test_an_undo_lists_what_it_has_left_alone(client: Client) -> None:
    job, other = make_job("Wing"), make_job("Rotor")
    operation = finished(create())
    job.record_status(StatusType.RUNNING)
    undo = undo_operation(operation.id)
    assert undo
    finished(undo)
    html = shown(client, page_of(undo))
    assert "The job has changed since, and was left alone." in text_of(html)
    assert f'href="/jobs/{job.pk}/"' in html
    assert f'href="/jobs/{other.pk}/"' not in html
    changed = shown(client, f"{page_of(undo)}?jobs=changed")
    assert f'href="/jobs/{other.pk}/"' in changed
    assert f'href="/jobs/{job.pk}/"' not in changed


def test_a_deletion_offers_undo_while_the_jobs_are_in_the_trash(
    client: Client, settings: Settings
) -> None:
    settings.TRASH_DAYS = 7
    job = make_job("Wing")
    operation = finished(create("delete"))
    assert "/undo/" in shown(client, page_of(operation))
    discard(job.pk)
    assert "/undo/" not in shown(client, page_of(operation))


def test_the_jobs_of_a_deletion_are_those_in_the_trash(client: Client, settings: Settings) -> None:
    settings.TRASH_DAYS = 7
    job, other = make_job("Wing"), make_job("Rotor")
    operation = finished(create("delete"))
    restore_jobs([other.pk])
    html = shown(client, page_of(operation))
    assert "Deleted jobs that are in the trash" in text_of(html)
    assert 'class="more" href="/trash/"' in html
    assert f'href="/jobs/{job.pk}/"' in html
    assert f'href="/jobs/{other.pk}/"' not in html
    restore_jobs([job.pk])
    assert "None of them is in the trash any more." in text_of(shown(client, page_of(operation)))


def test_the_changed_jobs_have_pages(client: Client) -> None:
    jobs = [make_job(f"Wing {number}") for number in range(3)]
    operation = finished(create("rename", find="Wing", replace="Rotor"))
    html = shown(client, f"{page_of(operation)}?page_size=2")
    assert "Jobs that were renamed" in text_of(html)
    assert [f"/jobs/{job.pk}/" in html for job in jobs] == [True, True, False]
    [following] = re.findall(r'href="\?([^"]*cursor=[^"]*)"', html)
    html = shown(client, f"{page_of(operation)}?{following.replace('&amp;', '&')}")
    assert [f"/jobs/{job.pk}/" in html for job in jobs] == [False, False, True]


@pytest.mark.parametrize(
    ("selection", "link"),
    [
        ({"q": "wing", "status": ["PENDING"]}, "/?status=PENDING&amp;q=wing"),
        ({}, "/?view=all"),
        ({"ids": [1]}, None),
    ],
)
def test_the_search_of_an_operation_is_linked(
    client: Client, selection: dict[str, Any], link: str | None
) -> None:
    make_job("Wing")
    html = shown(client, page_of(create(**selection)))
    assert ("Show what matches now" in html) == bool(link)
    assert link is None or f'href="{link}"' in html


def test_the_history_of_a_job_leads_to_the_operation_that_changed_it(client: Client) -> None:
    job = make_job("Wing")
    operation = finished(create())
    undo = undo_operation(operation.id)
    assert undo
    finished(undo)
    path = f"/jobs/{job.pk}/"
    for each in (operation, undo):
        assert f'By <a href="/operations/{each.id}/">operation {each.id}</a>' in shown(client, path)
    database_rows("UPDATE operation SET finished_at = finished_at - interval '1 year'")
    maintain()
    assert 'By <a href="/operations/' not in shown(client, path)


def test_each_action_says_what_it_does_to_a_job() -> None:
    assert {*VERBS} == {*Action} - {Action.UNDO}


def test_what_matched_nothing_says_so(client: Client) -> None:
    operation = finished(create(q="nothing"))
    assert "No job matched, so nothing was changed." in text_of(shown(client, page_of(operation)))


def test_a_key_that_keeps_a_job_in_the_trash_leads_to_the_job_that_has_it(
    client: Client, settings: Settings
) -> None:
    settings.TRASH_DAYS = 7
    job, taker = make_job("Wing"), make_job("Rotor")
    for each in (job, taker):
        Job.objects.filter(pk=each.pk).update(key="run-1")
        if each is job:
            finished(create("delete", ids=[job.pk]))
    operation = finished(create("restore", ids=[job.pk]))
    html = shown(client, page_of(operation))
    assert f"Job {taker.pk} has its key." in text_of(html)
    assert f'href="/jobs/{taker.pk}/"' in html


def test_the_fragment_is_the_operation_alone(client: Client) -> None:
    make_job("Wing")
    operation = create()
    html = client.get(page_of(operation), headers=PARTIAL).content.decode()
    assert html.lstrip().startswith('<section id="operation"')
    assert "<html" not in html


def test_an_unknown_operation_is_not_found(client: Client) -> None:
    assert client.get("/operations/99/").status_code == 404


def test_an_invalid_link_shows_the_first_page(client: Client) -> None:
    assert "This is the first page." in shown(client, "/operations/?cursor=x")
