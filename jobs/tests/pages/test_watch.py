"""What has happened to watched jobs and in watched searches, in one response."""

from itertools import chain
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, make_job, wait_until_final

pytestmark = pytest.mark.django_db(transaction=True)


def watch(client: Client, **parameters: Any) -> dict[str, Any]:
    wait_until_final()
    response = client.get(f"/watch/?{urlencode(parameters, doseq=True)}")
    assert response.status_code == 200, response.content
    assert response["Cache-Control"] == "no-store"
    assert response["Poll-After"]
    found: dict[str, Any] = response.json()
    for one in chain(found["jobs"], *found["views"], found.get("now", [])):
        # the version of the event, or of the job
        assert (one.pop("updated_at", None) is None) == (one["status"] == "DELETED")
    return found


def job(job: Job, status: str) -> dict[str, str]:
    return {"id": str(job.pk), "name": job.name, "status": status}


def test_tells_when_a_watched_job_completes_fails_or_is_deleted(client: Client) -> None:
    one, two, three, other = (make_job(name) for name in ("one", "two", "three", "other"))
    ids = f"{one.pk},{two.pk},{three.pk}"
    first = watch(client, ids=ids)
    assert first["now"] == [job(one, PENDING), job(two, PENDING), job(three, PENDING)]
    assert first["jobs"] == []
    one.record_status(RUNNING)
    other.record_status(FAILED)
    second = watch(client, ids=ids, after=first["cursor"])
    assert second["jobs"] == []
    assert "now" not in second
    one.record_status(FAILED)
    two.record_status(FAILED)
    two.record_status(COMPLETED)
    Job.objects.get(pk=three.pk).delete()
    third = watch(client, ids=ids, after=second["cursor"])
    deleted = {"id": str(three.pk), "name": "three", "status": "DELETED"}
    assert third["jobs"] == [job(one, FAILED), job(two, COMPLETED), deleted]
    assert watch(client, ids=ids, after=third["cursor"])["jobs"] == []


def test_a_job_that_has_ended_and_goes_on_is_told_all_the_same(client: Client) -> None:
    one = make_job("one", RUNNING)
    cursor = watch(client, ids=one.pk)["cursor"]
    one.record_status(FAILED)
    one.record_status(PENDING)
    assert watch(client, ids=one.pk, after=cursor)["jobs"] == [job(one, FAILED)]


def test_tells_which_finished_jobs_a_search_contains(client: Client) -> None:
    views = ["q=wing", "status=FAILED&q=wing", "status=RUNNING", "q=-wing", "q=status:lost"]
    cursor = watch(client, view=views)["cursor"]
    wing, hull = make_job("wing", RUNNING), make_job("hull", RUNNING)
    wing.record_status(COMPLETED)
    hull.record_status(FAILED)
    found = watch(client, view=views, after=cursor)["views"]
    both = [job(wing, COMPLETED), job(hull, FAILED)]
    # of a list without finished jobs, those that leave it so
    assert found == [both[:1], [], both, both[1:], []]


def test_jobs_that_have_gone_on_are_not_in_the_search(client: Client) -> None:
    cursor = watch(client, view="")["cursor"]
    one = make_job("one", FAILED)
    one.record_status(RUNNING)
    assert watch(client, view="", after=cursor)["views"] == [[]]


@pytest.mark.parametrize("after", ["00000000-1-1", "elsewhere"])
def test_after_a_gap_it_says_how_the_jobs_are_now(client: Client, after: str) -> None:
    one = make_job("one", FAILED)
    found = watch(client, ids=f"{one.pk},{one.pk + 1}", after=after)
    gone = {"id": str(one.pk + 1), "name": "", "status": "DELETED"}
    assert found["now"] == [job(one, FAILED), gone]
    assert watch(client, ids=one.pk, after=found["cursor"])["jobs"] == []


def test_refuses_what_are_not_ids(client: Client) -> None:
    for ids in ("x", "1,1", "99999999999999999999"):
        assert client.get(f"/watch/?ids={ids}").status_code == 400


def test_takes_one_query_for_the_feed_and_one_for_each_view(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cursor = watch(client)["cursor"]
    jobs = [make_job(f"wing {number}", FAILED) for number in range(20)]
    ids = ",".join(str(one.pk) for one in jobs)
    watch(client, ids=ids, after=cursor)
    path = f"/watch/?{urlencode({'ids': ids, 'after': cursor, 'view': ['q=wing', 'q=hull']}, doseq=True)}"
    with django_assert_num_queries(3):
        client.get(path)
    connection.close()
