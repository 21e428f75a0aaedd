import json

import pytest
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from jobs.rows import NAMES
from jobs.search import limits
from jobs.tests.api.formats import TIMESTAMP
from jobs.tests.conftest import Api
from jobs.tests.factories import FAILED, PENDING, RUNNING, fill, history_of, make_job
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db


def test_create_returns_the_pending_job_and_its_location(api: Api) -> None:
    response = api.post("/api/jobs/", {"name": "Wing"})
    job = json.loads(response.content)
    assert response.status_code == 201
    assert response["Location"] == f"/api/jobs/{job['id']}/"
    assert job.keys() == set(NAMES)
    assert (job["name"], job["current_status"]) == ("Wing", "PENDING")
    assert TIMESTAMP.fullmatch(job["created_at"])
    assert job["updated_at"] == job["created_at"]
    assert api.get(response["Location"]) == job
    assert history_of(job["id"]) == [PENDING]


@pytest.mark.parametrize(
    "name",
    [
        "🧪 Лаборатория",
        "مرحبا \u202e RTL",
        "e\u0301 beside é",
        "a  b",
        "<b>&amp;",
        "\u200dx",
        "x" * 255,
        "😀" * 255,
    ],
)
def test_a_name_is_returned_verbatim(api: Api, name: str) -> None:
    response = api.post("/api/jobs/", {"name": name})
    assert json.loads(response.content)["name"] == name
    assert api.get(response["Location"])["name"] == name
    assert Job.objects.get().name == name


def test_a_name_is_trimmed_before_its_length_is_checked(api: Api) -> None:
    response = api.post("/api/jobs/", {"name": f" \t\u00a0{'x' * 255}\n "})
    assert json.loads(response.content)["name"] == "x" * 255


def test_a_status_is_recorded_each_time_it_is_sent(api: Api) -> None:
    job = make_job()
    for _ in range(2):
        response = api.patch(f"/api/jobs/{job.pk}/", {"status_type": "RUNNING"})
        assert response.status_code == 200
    answer = json.loads(response.content)
    assert answer == api.get(f"/api/jobs/{job.pk}/")
    assert answer["current_status"] == "RUNNING"
    assert answer["updated_at"] > answer["created_at"]
    assert history_of(job) == [PENDING, RUNNING, RUNNING]


def test_a_rename_updates_the_job_and_appends_no_status(api: Api) -> None:
    job = make_job(status=RUNNING)
    answer = json.loads(api.patch(f"/api/jobs/{job.pk}/", {"name": " New "}).content)
    assert (answer["name"], answer["current_status"]) == ("New", "RUNNING")
    assert Job.objects.get().updated_at > job.updated_at
    assert history_of(job) == [PENDING, RUNNING]


def test_name_and_status_change_together(api: Api) -> None:
    job = make_job()
    body = {"name": "New", "status_type": "FAILED"}
    answer = json.loads(api.patch(f"/api/jobs/{job.pk}/", body).content)
    assert (answer["name"], answer["current_status"]) == ("New", "FAILED")
    assert history_of(job) == [PENDING, FAILED]


def test_a_deleted_job_is_not_found(api: Api) -> None:
    path = f"/api/jobs/{make_job(status=RUNNING).pk}/"
    first = api.delete(path)
    assert (first.status_code, first.content) == (204, b"")
    for method, body in [("DELETE", None), ("GET", None), ("PATCH", {"name": "x"})]:
        assert problem_of(api.call(method, path, body), 404)["code"] == "job_not_found"
    problem_of(api.patch(path, {"status_type": "RUNNING"}), 404)
    problem_of(api.call("GET", f"{path}statuses/"), 404)


def test_links_lead_through_all_pages_in_both_directions(api: Api) -> None:
    ids = fill(7)[::-1]
    seen, url = [], "/api/jobs/?page_size=3&status=PENDING&status=RUNNING&search=swe"
    pages = []
    while url:
        page = api.get(url)
        assert (page["count"], page["count_relation"]) == (7, "exact")
        seen += [job["id"] for job in page["results"]]
        pages.append(page)
        url = page["next"]
    assert seen == ids
    assert [len(page["results"]) for page in pages] == [3, 3, 1]
    assert api.get(pages[2]["previous"])["results"] == pages[1]["results"]
    assert pages[0]["previous"] is None


def test_links_are_absolute_and_keep_the_query(api: Api) -> None:
    fill(3)
    link = api.get("/api/jobs/?page_size=1&ordering=name&search=Sw")["next"]
    assert link.startswith("http://testserver/api/jobs/?q=Sw&ordering=name&page_size=1&cursor=")


def test_a_page_has_fifty_jobs_by_default(api: Api) -> None:
    fill(201)
    assert len(api.get("/api/jobs/")["results"]) == 50
    assert len(api.get("/api/jobs/?page_size=200")["results"]) == 200


@pytest.mark.parametrize(
    ("query", "max_queries"),
    [("", 2), ("&status=PENDING", 2), ("&status=PENDING&status=RUNNING", 2), ("&ordering=name", 2),
     ("&search=swe", 6), ("&status=PENDING&status=FAILED&search=swe&ordering=-updated_at", 11)],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_list(
    api: Api, query: str, max_queries: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The limits cover every strategy of a search, which depends on the planner's estimates."""
    fill(1)
    with django_assert_max_num_queries(max_queries):
        assert len(api.get(f"/api/jobs/?page_size=100{query}")["results"]) == 1
    fill(100)
    with django_assert_max_num_queries(max_queries):
        link = api.get(f"/api/jobs/?page_size=100{query}")["next"]
    with django_assert_max_num_queries(max_queries):
        assert len(api.get(link)["results"]) == 1


@pytest.mark.django_db(transaction=True)
def test_creating_reading_and_changing_are_one_statement_each(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        path = api.post("/api/jobs/", {"name": "Wing"})["Location"]
    for body in ({"status_type": "RUNNING"}, {"name": "x"}, {"name": "y", "status_type": "FAILED"}):
        with django_assert_num_queries(1):
            api.patch(path, body)
    with django_assert_num_queries(1):
        api.get(path)


def test_a_search_that_stops_early_reports_it_and_can_be_continued(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "FIRST_STEP_ROWS": 20,
        "STEP_ROWS": 40,
        "WALK_SECONDS": 0,
        "WALK_SECONDS_AFTER_SORT": 0,
    }.items():
        monkeypatch.setattr(limits, name, value)
    fill(1, name="zq")
    fill(100)
    page = api.get("/api/jobs/?search=zq")
    assert (page["results"], page["scanned"], page["count"]) == ([], 60, 1)
    page = api.get(page["next"])
    assert [job["name"] for job in page["results"]] == ["zq"]
    assert "scanned" not in page
    assert page["next"] is None
