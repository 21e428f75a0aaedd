"""Live updates: cost, poll rate and validation."""

from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.access.principal import Principal, Role
from jobs.pages import poll_rate
from jobs.pages.poll_rate import MAX_AHEAD_SECONDS, RateLimiter
from jobs.statuses import StatusType
from jobs.tests.factories import fill, make_job
from jobs.tests.open_tab import Tab, data_attribute, row_ids

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 200])
def test_polling_costs_one_query_unchanged_and_three_changed(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    fill(rows)
    tab = Tab(client, "page_size=200")
    assert len(tab.ids) == rows
    tab.poll()
    with django_assert_num_queries(1):
        assert tab.poll().status_code == 304
    with connection.cursor() as cursor:
        cursor.execute("UPDATE job SET updated_at = clock_timestamp(), name = 'Other'")
    with django_assert_num_queries(3):
        assert len(row_ids(tab.update())) == rows


@pytest.mark.parametrize(
    "query",
    [
        "ids=1,x",
        "ids=1,,2",
        "ids=-1",
        "ids=1,1",
        "ids=%D9%A1",
        "ids=1;DROP TABLE job",
        "ids=9223372036854775808",
        "ids=99999999999999999999",
        f"ids={','.join(map(str, range(1, 202)))}",
        "ids=1&beyond=",
        "ids=1&beyond=2026-11-22",
        "ids=1&beyond=2026-11-22T10:00:00.000000Z",
        "ids=1&beyond=2026-99-22T10:00:00.000000Z,1",
        "ids=1&beyond=2026-11-22T10:00:00.000000Z,1,2",
        "ids=1&beyond=0000-01-01T10:00:00.000000Z,1",
        "ids=1&status=LOST",
        "ids=1&search=%00",
    ],
)
def test_an_invalid_view_is_rejected(client: Client, query: str) -> None:
    assert client.get(f"/live/?{query}").status_code == 400


@pytest.mark.parametrize("tag", ["", "*", '"', '";"', "W/" + '"1.2;"', '"1.2.3;', "x" * 4_000])
def test_an_unknown_entity_tag_gets_the_full_state(client: Client, tag: str) -> None:
    job = make_job()
    answer = client.get(f"/live/?ids={job.id}", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert row_ids(answer.content.decode()) == [str(job.id)]


def test_200_ids_are_allowed_and_only_get(client: Client) -> None:
    ids = ",".join(map(str, range(1, 201)))
    assert client.get(f"/live/?ids={ids}").status_code == 200
    assert client.post("/live/?ids=1").status_code == 405


def test_a_job_page_is_updated_for_its_job_alone(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = make_job()
    path = f"/live/jobs/{job.id}/"
    tag = client.get(path)["ETag"]
    make_job()
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    job.record_status(StatusType.RUNNING)
    answer = client.get(path, headers={"If-None-Match": tag})
    assert row_ids(answer.content.decode()) == [str(job.id)]
    job_id = job.id
    job.delete()
    answer = client.get(path, headers={"If-None-Match": answer["ETag"]})
    assert data_attribute(answer.content.decode(), "gone") == str(job_id)
    assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_poll_rate_is_limited_when_there_are_many_tabs() -> None:
    limiter = RateLimiter(per_second=10)
    assert limiter.reserve(now=100.0) == 0
    assert limiter.reserve(now=101.0) == 0
    waits = [limiter.reserve(now=102.0) for _ in range(50)]
    assert waits[0] == 0
    assert waits[-1] == pytest.approx(4.9)
    assert limiter.reserve(now=107.5) == 0


def test_who_polls_too_often_waits_alone() -> None:
    limiter = RateLimiter(per_second=10)
    for _ in range(1_000):
        limiter.reserve(100.0, "greedy")
    assert limiter.reserve(100.0, "greedy") == MAX_AHEAD_SECONDS
    assert limiter.reserve(100.0, "other") == 0
    assert limiter.reserve(103.0, "other") == 0
    assert limiter.reserve(103.0, "greedy") > MAX_AHEAD_SECONDS - 5


def test_many_clients_share_the_rate() -> None:
    limiter, clients = RateLimiter(per_second=10), range(50)
    for client in clients:
        limiter.reserve(100.0, client)
    # Each of the 50 may poll every five seconds.
    assert limiter.reserve(100.0, 49) == pytest.approx(5.0)
    assert all(limiter.reserve(111.0, client) == 0 for client in clients)


def test_the_tabs_of_a_user_and_of_an_address_are_a_client_each(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter = Mock(reserve=Mock(return_value=0.0))
    monkeypatch.setattr(poll_rate, "_limiter", limiter)
    client.get("/live/?ids=1")
    client.get("/live/?ids=1", REMOTE_ADDR="192.0.2.7")
    client.get("/watch/")
    assert poll_rate.poll_after(Mock(principal=Principal(7, "anna", Role.ADMIN))) == "0.0"
    clients = [call.args[1] for call in limiter.reserve.call_args_list]
    assert clients == ["127.0.0.1", "192.0.2.7", "127.0.0.1", 7]
