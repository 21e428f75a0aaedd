import pytest
from pytest_django import DjangoAssertNumQueries

from jobs.tests.api.formats import TIMESTAMP
from jobs.tests.conftest import Api
from jobs.tests.factories import COMPLETED, FAILED, RUNNING, make_job
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db


def test_a_history_is_listed_newest_first(api: Api) -> None:
    job = make_job(history=[RUNNING, FAILED])
    make_job(history=[COMPLETED])
    page = api.get(f"/api/jobs/{job.pk}/statuses/")
    assert [row["status_type"] for row in page["results"]] == ["FAILED", "RUNNING", "PENDING"]
    assert (page["count"], page["count_relation"]) == (3, "exact")
    for row in page["results"]:
        assert row.keys() <= {"id", "status_type", "timestamp", "source"}
        assert TIMESTAMP.fullmatch(row["timestamp"])
    detail = api.get(f"/api/jobs/{job.pk}/")
    assert page["results"][0]["timestamp"] == detail["updated_at"]
    assert page["results"][-1]["timestamp"] == detail["created_at"]


def test_links_lead_through_a_history(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = f"/api/jobs/{make_job(history=[RUNNING, FAILED] * 4).pk}/statuses/"
    whole = api.get(path)["results"]
    url, seen = f"{path}?page_size=2", []
    while url:
        with django_assert_num_queries(2):
            page = api.get(url)
        seen += page["results"]
        url = page["next"]
    assert seen == whole
    assert len(whole) == 9
    assert api.get(page["previous"])["results"] == whole[6:8]


def test_a_new_status_does_not_shift_later_pages(api: Api) -> None:
    job = make_job(history=[RUNNING, FAILED])
    first = api.get(f"/api/jobs/{job.pk}/statuses/?page_size=2")
    job.record_status(COMPLETED)
    assert [row["status_type"] for row in api.get(first["next"])["results"]] == ["PENDING"]


def test_rejects_a_cursor_of_another_history(api: Api) -> None:
    job, other = make_job(history=[RUNNING]), make_job(history=[RUNNING])
    link = api.get(f"/api/jobs/{job.pk}/statuses/?page_size=1")["next"]
    moved = link.replace(f"/{job.pk}/", f"/{other.pk}/")
    [error] = problem_of(api.call("GET", moved), 400)["errors"]
    assert (error["field"], error["code"]) == ("cursor", "invalid_cursor")
