"""Idempotency keys: a repeated request is processed once and gets the same response."""

import hashlib
from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from jobs import idempotency_store
from jobs.models import Job
from jobs.tests.api.idempotency import BAD_KEYS, is_replay, keyed, new_key, stored_records
from jobs.tests.conftest import Api
from jobs.tests.factories import PENDING, RUNNING, database_rows, history_of, make_job
from jobs.tests.problems import problem_of, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]


def test_a_repeated_creation_creates_once_and_is_replayed(api: Api) -> None:
    key = new_key()
    first, again = (keyed(api, key, {"name": "Wing"}) for _ in range(2))
    assert first.status_code == 201
    assert is_replay(first, again)
    assert Job.objects.count() == 1
    keyed(api, new_key(), {"name": "Wing"})
    api.post("/api/jobs/", {"name": "Wing"})
    assert Job.objects.count() == 3


def test_a_repeated_undo_undoes_once(api: Api) -> None:
    job = make_job(history=[RUNNING])
    path, key = f"/api/jobs/{job.pk}/undo/", new_key()
    body = {"updated_at": api.get(f"/api/jobs/{job.pk}/")["updated_at"]}
    first, again = (keyed(api, key, body, path) for _ in range(2))
    assert first.status_code == 200
    assert is_replay(first, again)
    assert history_of(job) == [PENDING, RUNNING, PENDING]


def test_a_repeated_change_is_applied_once(api: Api) -> None:
    job = make_job()
    path, key = f"/api/jobs/{job.pk}/", new_key()
    first = keyed(api, key, {"status_type": "RUNNING"}, path, "PATCH")
    assert is_replay(first, keyed(api, key, {"status_type": "RUNNING"}, path, "PATCH"))
    assert history_of(job) == [PENDING, RUNNING]


def test_a_repeated_deletion_is_replayed(api: Api) -> None:
    job, other, key = make_job(), make_job(), new_key()
    path = f"/api/jobs/{job.pk}/"
    first, again = (keyed(api, key, None, path, "DELETE") for _ in range(2))
    assert (first.status_code, first.content) == (204, b"")
    assert is_replay(first, again)
    assert problem_of(keyed(api, new_key(), None, path, "DELETE"), 404)["code"] == "job_not_found"
    reused = keyed(api, key, None, f"/api/jobs/{other.pk}/", "DELETE")
    assert problem_of(reused, 422)["code"] == "idempotency_key_reused"
    assert list(Job.objects.values_list("pk", flat=True)) == [other.pk]


def test_a_rejected_deletion_does_not_use_up_its_key(api: Api) -> None:
    job, key = make_job(), new_key()
    path = f"/api/jobs/{job.pk}/"
    stale = api.call("DELETE", path, HTTP_IDEMPOTENCY_KEY=key, HTTP_IF_MATCH='"x"')
    problem_of(stale, 412)
    assert (stored_records(), Job.objects.count()) == (0, 1)
    assert keyed(api, key, None, path, "DELETE").status_code == 204


def test_a_response_is_replayed_even_after_the_job_is_deleted(api: Api) -> None:
    key = new_key()
    first = keyed(api, key, {"name": "Wing"})
    api.delete(first["Location"])
    assert is_replay(first, keyed(api, key, {"name": "Wing"}))


def test_a_quoted_key_is_the_same_key(api: Api) -> None:
    key = new_key()
    first = keyed(api, f'"{key}"', {"name": "Wing"})
    assert is_replay(first, keyed(api, key, {"name": "Wing"}))
    first = keyed(api, r'"a\"b\\c"', {"name": "Wing"})
    assert is_replay(first, keyed(api, r" a" + r'"b\c ', {"name": "Wing"}))


@pytest.mark.parametrize(
    "key", ["!", "~", "x" * 255, f'"{"x" * 255}"', '"a,b"', "+", "-", ":", "a\\b", r'"\\"']
)
def test_visible_ascii_is_a_valid_key(api: Api, key: str) -> None:
    assert keyed(api, key, {"name": "Wing"}).status_code == 201
    assert keyed(api, key, {"name": "Wing"})["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", BAD_KEYS, ids=lambda key: ascii(key)[:20])
def test_an_invalid_key_is_rejected(api: Api, key: str) -> None:
    make_job()
    before = stored()
    problem = problem_of(keyed(api, key, {"name": "Wing"}), 400)
    assert problem["code"] == "invalid_header"
    assert [error["field"] for error in problem["errors"]] == ["Idempotency-Key"]
    assert (stored(), stored_records()) == (before, 0)


def test_a_key_of_another_request_is_rejected(api: Api) -> None:
    job, key = make_job(), new_key()
    keyed(api, key, {"name": "Wing"})
    before = stored()
    for body, path, method in (
        ({"name": "Wings"}, "/api/jobs/", "POST"),
        ('{"name":"Wing"}', "/api/jobs/", "POST"),  # a retry sends the same bytes
        ({"name": "Wing"}, f"/api/jobs/{job.pk}/", "PATCH"),
        ({"name": "Wing"}, f"/api/jobs/{job.pk}/undo/", "POST"),
        ("{", "/api/jobs/", "POST"),
    ):
        answer = keyed(api, key, body, path, method)
        assert problem_of(answer, 422)["code"] == "idempotency_key_reused"
    assert stored() == before


def test_a_rejected_request_does_not_use_up_its_key(api: Api) -> None:
    job, key = make_job(), new_key()
    undo = f"/api/jobs/{job.pk}/undo/"
    for body, path, status, more in (
        ({"name": ""}, "/api/jobs/", 400, {}),
        ("{", "/api/jobs/", 400, {}),
        ({"name": "x" * 70_000}, "/api/jobs/", 413, {}),
        ({"name": "x"}, "/api/jobs/", 415, {"content_type": "text/plain"}),
        ({"updated_at": "2020-01-01T00:00:00Z"}, undo, 409, {}),
        ({"updated_at": "2020-01-01T00:00:00Z"}, undo, 412, {"HTTP_IF_MATCH": '"x"'}),
        ({"updated_at": "2020-01-01T00:00:00Z"}, "/api/jobs/1000000000/undo/", 404, {}),
    ):
        problem_of(api.call("POST", path, body, HTTP_IDEMPOTENCY_KEY=key, **more), status)
    assert stored_records() == 0
    assert keyed(api, key, {"name": "Wing"}).status_code == 201


def test_a_response_is_replayed_regardless_of_if_match(api: Api) -> None:
    job, key = make_job(), new_key()
    path = f"/api/jobs/{job.pk}/"
    options = {"HTTP_IDEMPOTENCY_KEY": key, "HTTP_IF_MATCH": api.call("GET", path)["ETag"]}
    first, again = (api.call("PATCH", path, {"name": "Wing"}, **options) for _ in range(2))
    assert first.status_code == 200
    assert is_replay(first, again)


def test_a_response_is_stored_for_a_day(api: Api) -> None:
    key = new_key()
    first = keyed(api, key, {"name": "Wing"})
    [[hours]] = database_rows(
        "SELECT round(extract(epoch FROM expires_at - now()) / 3600) FROM kept_answer"
    )
    assert hours == 24
    database_rows("UPDATE kept_answer SET expires_at = expires_at - interval '23 hours 59 minutes'")
    assert is_replay(first, keyed(api, key, {"name": "Wing"}))
    database_rows("UPDATE kept_answer SET expires_at = now()")
    second = keyed(api, key, {"name": "Other"})
    assert second.status_code == 201
    assert is_replay(second, keyed(api, key, {"name": "Other"}))
    assert (stored_records(), Job.objects.count()) == (1, 2)


def test_writers_purge_only_expired_records(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    unexpired = new_key()
    keyed(api, unexpired, {"name": "Wing"})
    database_rows(
        "INSERT INTO kept_answer SELECT sha256(n::text::bytea), '', 201, '{}', '', now() - n * interval '1 s'"
        " FROM generate_series(1, 2500) AS n"
    )
    monkeypatch.setattr(idempotency_store, "PURGE_ONE_IN", 1)
    for left in (1502, 503, 4, 5):
        keyed(api, new_key(), {"name": "Wing"})
        assert stored_records() == left
    assert keyed(api, unexpired, {"name": "Wing"})["Idempotent-Replayed"] == "true"


def test_one_writer_in_a_hundred_purges(monkeypatch: pytest.MonkeyPatch) -> None:
    database_rows(
        "INSERT INTO kept_answer SELECT sha256(n::text::bytea), '', 201, '{}', '', now() - interval '1 s'"
        " FROM generate_series(1, 1000) AS n"
    )
    answer = idempotency_store.IdempotencyRecord(b"", 201, {}, b"")
    monkeypatch.setattr(idempotency_store, "random", Random(1).random)
    for number in range(500):
        idempotency_store.store(hashlib.sha256(f"new {number}".encode()).digest(), answer)
    assert stored_records() == 500


@pytest.mark.django_db(transaction=True)
def test_a_key_adds_a_claim_and_a_store_to_the_statements_of_a_creation(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency_store, "PURGE_ONE_IN", float("inf"))
    key = new_key()
    with django_assert_num_queries(1):
        api.post("/api/jobs/", {"name": "Wing"})
    with django_assert_num_queries(5):  # including BEGIN and COMMIT
        keyed(api, key, {"name": "Wing"})
    with django_assert_num_queries(3):
        keyed(api, key, {"name": "Wing"})
