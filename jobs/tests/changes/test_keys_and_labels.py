"""A key belongs to one job at a time; labels are merged, and stored sorted."""

import json
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction

from jobs.models import Job
from jobs.tests.conftest import Api, Run
from jobs.tests.factories import database_rows, make_job
from jobs.tests.problems import problem_of, stored

pytestmark = pytest.mark.django_db

MANY = {f"k{number:02}": "x" for number in range(16)}


def keyed(key: str, **labels: str) -> int:
    return Job.objects.create_pending(f"Job {key}", key=key, labels=labels).id


def labels_of(job_id: int) -> list[str]:
    return Job.objects.get(pk=job_id).labels


def test_labels_are_stored_sorted_and_shown_as_an_object(api: Api) -> None:
    labels = {"b": "1=2", "a": 'é "x" \\', "a-b": "", "B/c.d_e": "'"}
    job = api.post("/api/jobs/", {"name": "Wing", "key": " run 17 ", "labels": labels}).json()
    assert (job["key"], job["labels"]) == ("run 17", labels)
    texts = [f"{key}={value}" for key, value in labels.items()]
    assert labels_of(job["id"]) == sorted(texts)
    [[is_sorted]] = database_rows(
        'SELECT labels = ARRAY(SELECT label FROM unnest(labels) AS label ORDER BY label COLLATE "C") FROM job'
    )
    assert is_sorted


def test_a_label_is_found_as_it_was_sent(api: Api) -> None:
    labels = {"a": " fluid\u2028", "b": "\u00a0"}
    job = api.post("/api/jobs/", {"name": "Wing", "labels": labels}).json()
    assert job["labels"] == {"a": "fluid", "b": ""}
    for key, text in labels.items():
        query = urlencode({"q": f'label:"{key}={text}"'})
        assert api.get(f"/api/jobs/?{query}")["results"] == [job]


def test_a_job_without_them_has_null_and_an_empty_object(api: Api) -> None:
    bodies: list[dict[str, Any]] = [{}, {"key": None, "labels": {}}]
    for body in bodies:
        job = api.post("/api/jobs/", {"name": "Wing", **body}).json()
        assert (job["key"], job["labels"]) == (None, {})


@pytest.mark.parametrize("many", [False, True])
def test_a_change_merges_labels(api: Api, many: bool) -> None:
    job_id = keyed("a", team="fluid", draft="yes", step="1")
    patch = {"labels": {"draft": None, "step": "2", "new": "n", "absent": None}}
    if many:
        [outcome] = api.patch("/api/jobs/", {"jobs": [{"id": job_id, **patch}]}).json()["results"]
        job = outcome["job"]
    else:
        job = api.patch(f"/api/jobs/{job_id}/", patch).json()
    assert job["labels"] == {"team": "fluid", "step": "2", "new": "n"}
    assert job["key"] == "a"
    assert job == api.get(f"/api/jobs/{job_id}/")


@pytest.mark.parametrize("many", [False, True])
def test_a_key_is_set_and_removed(api: Api, many: bool) -> None:
    job = make_job()
    for key in ("a", "a", None, "b"):
        if many:
            response = api.patch("/api/jobs/", {"jobs": [{"id": job.pk, "key": key}]})
            found = response.json()["results"][0]["job"]["key"]
        else:
            found = api.patch(f"/api/jobs/{job.pk}/", {"key": key}).json()["key"]
        assert found == key
    assert api.patch(f"/api/jobs/{job.pk}/", {"name": "x"}).json()["key"] == "b"


def test_a_taken_key_names_the_job_that_has_it(api: Api) -> None:
    holder, other = keyed("a"), make_job()
    before = stored()
    for response in (
        api.post("/api/jobs/", {"name": "x", "key": "a"}),
        api.patch(f"/api/jobs/{other.pk}/", {"key": "a", "status_type": "FAILED", "name": "y"}),
    ):
        problem = problem_of(response, 409)
        assert (problem["code"], problem["job_id"]) == ("key_taken", holder)
    assert stored() == before


def test_the_same_key_in_a_retry_is_the_same_job(api: Api) -> None:
    body = {"name": "x", "key": "a"}
    one = api.call("POST", "/api/jobs/", body, HTTP_IDEMPOTENCY_KEY='"k"')
    assert api.call("POST", "/api/jobs/", body, HTTP_IDEMPOTENCY_KEY='"k"').json() == one.json()
    other = make_job()
    taken = api.call("PATCH", f"/api/jobs/{other.pk}/", {"key": "a"}, HTTP_IDEMPOTENCY_KEY='"l"')
    assert problem_of(taken, 409)["job_id"] == one.json()["id"]
    api.delete(f"/api/jobs/{one.json()['id']}/")
    again = api.call("PATCH", f"/api/jobs/{other.pk}/", {"key": "a"}, HTTP_IDEMPOTENCY_KEY='"l"')
    assert again.json()["key"] == "a"


def test_of_many_jobs_those_with_taken_keys_stay_as_they_are(api: Api) -> None:
    holder, one, two, three = keyed("a"), make_job(), make_job(), keyed("c")
    body = [
        {"id": one.pk, "key": "a"},
        {"id": two.pk, "key": "b", "labels": {"x": "y"}},
        {"id": three, "key": "b", "name": "Never"},
        {"id": holder, "key": "d"},
    ]
    results = api.patch("/api/jobs/", {"jobs": body}).json()["results"]
    assert [result["status"] for result in results] == [409, 200, 409, 200]
    assert results[0]["problem"]["job_id"] == holder
    assert (results[2]["problem"]["code"], results[2]["problem"]["job_id"]) == ("key_taken", two.pk)
    assert Job.objects.get(pk=three).name == "Job c"
    assert Job.objects.get(pk=one.pk).key is None


@pytest.mark.parametrize("many", [False, True])
def test_more_labels_than_a_job_may_have_are_refused(api: Api, many: bool) -> None:
    job_id = Job.objects.create_pending("Wing", labels=MANY).id
    before = stored()
    patch = {"labels": {"one": "more"}, "status_type": "FAILED"}
    if many:
        other = make_job()
        body = {"jobs": [{"id": job_id, **patch}, {"id": other.pk, **patch}]}
        results = api.patch("/api/jobs/", body).json()["results"]
        assert [result["status"] for result in results] == [409, 200]
        assert results[0]["problem"]["code"] == "too_many_labels"
        assert len(labels_of(job_id)) == 16
    else:
        assert (
            problem_of(api.patch(f"/api/jobs/{job_id}/", patch), 409)["code"] == "too_many_labels"
        )
        assert stored() == before
    swapped = api.patch(f"/api/jobs/{job_id}/", {"labels": {"k00": None, "one": "more"}}).json()
    assert len(swapped["labels"]) == 16


INVALID: list[tuple[dict[str, Any], str]] = [
    ({"key": ""}, "blank"),
    ({"key": " \n"}, "blank"),
    ({"key": "\u200b"}, "blank"),
    ({"key": "a\nb"}, "invalid"),
    ({"key": 17}, "invalid"),
    ({"key": "x" * 256}, "max_length"),
    ({"key": "a\0"}, "invalid"),
    ({"labels": ["team=fluid"]}, "invalid"),
    ({"labels": "team=fluid"}, "invalid"),
    ({"labels": None}, "null"),
    ({"labels": {"": "x"}}, "invalid"),
    ({"labels": {"a=b": "x"}}, "invalid"),
    ({"labels": {"-a": "x"}}, "invalid"),
    ({"labels": {"é": "x"}}, "invalid"),
    ({"labels": {"a" * 64: "x"}}, "invalid"),
    ({"labels": {"a": 1}}, "invalid"),
    ({"labels": {"a": {"b": "c"}}}, "invalid"),
    ({"labels": {"a": "x\ny"}}, "invalid"),
    ({"labels": {"a": "x" * 256}}, "max_length"),
    ({"labels": {"a": "\ud800"}}, "surrogate_characters_not_allowed"),
    ({"labels": {"a": "x\n"}}, "invalid"),
    ({"labels": MANY | {"one": "more"}}, "too_many_labels"),
]


@pytest.mark.parametrize(("values", "code"), INVALID, ids=str)
def test_invalid_values_change_nothing(api: Api, values: dict[str, Any], code: str) -> None:
    job = make_job()
    [field] = values
    before = stored()
    for response, name in (
        (api.post("/api/jobs/", {"name": "x", **values}), field),
        (api.patch(f"/api/jobs/{job.pk}/", {"name": "y", **values}), field),
        (api.patch("/api/jobs/", {"jobs": [{"id": job.pk, **values}]}), f"jobs[0].{field}"),
    ):
        errors = problem_of(response, 400)["errors"]
        assert [(error["field"], error["code"]) for error in errors] == [(name, code)]
    assert stored() == before


def test_only_a_change_can_remove_a_label(api: Api) -> None:
    [error] = problem_of(api.post("/api/jobs/", {"name": "x", "labels": {"a": None}}), 400)[
        "errors"
    ]
    assert error["code"] == "invalid"


def test_a_job_as_it_was_received_can_be_sent_back(api: Api) -> None:
    job_id = keyed("a", team="fluid")
    job = api.get(f"/api/jobs/{job_id}/")
    changed = api.patch(f"/api/jobs/{job_id}/", job | {"name": "Tail"}).json()
    assert changed == job | {"name": "Tail", "updated_at": changed["updated_at"]}
    [outcome] = api.patch("/api/jobs/", {"jobs": [changed | {"status_type": "FAILED"}]}).json()[
        "results"
    ]
    assert (outcome["job"]["key"], outcome["job"]["labels"]) == ("a", {"team": "fluid"})
    undone = api.post(f"/api/jobs/{job_id}/undo/", outcome["job"]).json()
    assert undone["labels"] == {"team": "fluid"}
    copied = make_job()
    plain = api.get(f"/api/jobs/{copied.pk}/")
    assert api.post("/api/jobs/", plain).json()["key"] is None


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_creations_with_a_key_one_succeeds(at_once: Run) -> None:
    def create() -> int:
        return int(Api().post("/api/jobs/", {"name": "Wing", "key": "a"}).status_code)

    assert sorted(at_once(*[create] * 6)) == [201, 409, 409, 409, 409, 409]
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_changes_to_a_key_one_succeeds(at_once: Run) -> None:
    ids = [make_job().pk for _ in range(6)]

    def one(job_id: int) -> int:
        return int(Api().patch(f"/api/jobs/{job_id}/", {"key": "a"}).status_code)

    def many(job_id: int) -> int:
        body = {"jobs": [{"id": job_id, "key": "a"}]}
        return int(Api().patch("/api/jobs/", body).json()["results"][0]["status"])

    works = [partial((one, many)[number % 2], job_id) for number, job_id in enumerate(ids)]
    assert sorted(at_once(*works)) == [200, 409, 409, 409, 409, 409]
    assert Job.objects.filter(key="a").count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_changes_of_different_labels_are_all_kept(at_once: Run) -> None:
    job_id = keyed("a", team="fluid")

    def one(number: int) -> None:
        assert (
            Api().patch(f"/api/jobs/{job_id}/", {"labels": {f"k{number}": "x"}}).status_code == 200
        )

    def many(number: int) -> None:
        body = {"jobs": [{"id": job_id, "labels": {f"k{number}": "x"}}]}
        assert Api().patch("/api/jobs/", body).status_code == 200

    at_once(*(partial((one, many)[number % 2], number) for number in range(8)))
    assert labels_of(job_id) == [*(f"k{number}=x" for number in range(8)), "team=fluid"]


def test_the_database_refuses_what_no_request_can_set() -> None:
    job = make_job()
    for sql in ("key = ' '", "labels = array_fill('a=b'::text, ARRAY[17])"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE job SET {sql} WHERE id = %s", [job.pk])


def exported(api: Api, query: str) -> bytes:
    return b"".join(api.call("GET", f"/api/jobs/export/?{query}").streaming_content)


AWKWARD = [
    ("=1+1", {"a": '=x;"\\', "b": "é\u2028,"}),
    ("\\N", {"a": "\\n", "b": "a=b"}),
    ("'@x;=y", {"x": ";=1+1"}),
    ('"', {}),
    (None, {"only": ""}),
    (None, {}),
]
FORMATS = [
    ("format=ndjson", "application/x-ndjson"),
    ("format=csv", "text/csv"),
    ("format=csv&separator=semicolon&bom=yes", "text/csv"),
    ("format=csv&separator=tab", "text/csv"),
]


@pytest.mark.parametrize(("query", "media"), FORMATS)
def test_an_export_can_be_imported_again(api: Api, query: str, media: str) -> None:
    for key, labels in AWKWARD:
        assert (
            api.post("/api/jobs/", {"name": f"Job {key}", "key": key, "labels": labels}).status_code
            == 201
        )
    sent = exported(api, f"{query}&ordering=created_at")
    Job.objects.all().delete()
    report = api.call("POST", "/api/jobs/import/", sent, content_type=media).json()
    assert report["created"] == len(AWKWARD)
    jobs = api.get("/api/jobs/?ordering=created_at")["results"]
    assert [(job["key"], job["labels"]) for job in jobs] == AWKWARD


def test_an_exported_line_is_the_job(api: Api) -> None:
    for key, labels in AWKWARD:
        api.post("/api/jobs/", {"name": "x", "key": key, "labels": labels})
    lines = exported(api, "format=ndjson").splitlines()
    assert [json.loads(line) for line in lines] == api.get("/api/jobs/")["results"]


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (
            '{"name":"a","key":"x"}\n{"name":"b","key":"y"}\n{"name":"c","key":"y"}\n{"name":"d"}\n',
            "application/x-ndjson",
        ),
        ("name,key\na,x\nb,y\nc,y\nd,\n", "text/csv"),
    ],
)
def test_an_import_reports_taken_keys(api: Api, body: str, media: str) -> None:
    keyed("x")
    before = stored()
    header = media == "text/csv"
    for key in (None, '"k"'):
        options = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        problem = problem_of(
            api.call("POST", "/api/jobs/import/", body, content_type=media, **options), 400
        )
        assert problem["code"] == "invalid_lines"
        assert [(error["line"], error["field"], error["code"]) for error in problem["errors"]] == [
            (1 + header, "key", "key_taken"),
            (3 + header, "key", "key_taken"),
        ]
        assert stored() == before
    report = api.call("POST", "/api/jobs/import/?on_error=skip", body, content_type=media).json()
    assert (report["created"], report["skipped"]) == (2, 2)
    assert [error["line"] for error in report["errors"]] == [1 + header, 3 + header]
    assert set(Job.objects.values_list("name", "key")) == {("Job x", "x"), ("b", "y"), ("d", None)}


def test_an_import_takes_each_label_once(api: Api) -> None:
    rows = ['"{""b"": ""1"", ""b"": ""2""}"', '"{""name"": ""1"", ""labels"": ""name""}"']
    body = "\n".join(["name,labels", *(f"Wing,{row}" for row in rows)])
    path = "/api/jobs/import/?on_error=skip"
    report = api.call("POST", path, body, content_type="text/csv").json()
    [error] = report["errors"]
    assert (error["line"], error["field"], error["code"]) == (2, "b", "repeated_member")
    [job] = api.get("/api/jobs/")["results"]
    assert job["labels"] == {"name": "1", "labels": "name"}


@pytest.mark.parametrize("cell", ["team=fluid", "[1]", '"{""a"":1}"', "{"])
def test_an_import_refuses_invalid_labels(api: Api, cell: str) -> None:
    body = f"name,labels\nWing,{cell}\n"
    problem = problem_of(api.call("POST", "/api/jobs/import/", body, content_type="text/csv"), 400)
    [error] = problem["errors"]
    assert (error["line"], error["field"], error["code"]) == (2, "labels", "invalid")
