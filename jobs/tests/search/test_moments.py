"""Relative times in a search mean the same moment on all pages of its list: cursors carry it."""

from datetime import datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from jobs.filters import JobFilter
from jobs.tests.factories import fill, make_job
from jobs.tests.pages.html import job_names, link, page


@pytest.mark.django_db
def test_today_stays_the_same_day_on_all_pages(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(3):
        fill(
            1,
            name=f"job {minute}",
            at=datetime.fromisoformat("2026-11-28T23:50Z") + timedelta(minutes=minute),
        )
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat("2026-11-28T23:59:59Z"))
    first = client.get("/api/jobs/?q=created:today&page_size=2").json()
    assert [job["name"] for job in first["results"]] == ["job 2", "job 1"]
    html = page(client, "/?q=created:today&page_size=2&tz=UTC")
    assert 'value="created:today"' in html

    fill(1, name="new", at=datetime.fromisoformat("2026-11-29T00:00Z"))
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat("2026-11-29T00:00:01Z"))
    second = client.get(first["next"]).json()
    assert [job["name"] for job in second["results"]] == ["job 0"]
    assert [job["name"] for job in client.get(second["previous"]).json()["results"]] == [
        "job 2",
        "job 1",
    ]
    older = page(client, link(html, "Older →"))
    assert job_names(older) == ["job 0"]
    assert 'value="created:today"' in older
    assert job_names(page(client, link(older, "First"))) == ["new"]
    fresh = client.get("/api/jobs/?q=created:today").json()
    assert [job["name"] for job in fresh["results"]] == ["new"]


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", ["", "~", "~x", "~99999999999", "~-1", "~1~2"])
def test_malformed_moment_in_a_cursor_is_an_invalid_cursor(client: Client, suffix: str) -> None:
    for number in range(3):
        make_job(f"job {number}")
    url = client.get("/api/jobs/?q=created:<1d&page_size=1").json()["next"]
    cut = url[: url.rindex("~")] if "~" in url else url[: url.rindex("%7E")]
    response = client.get(f"{cut}{suffix}")
    if suffix:
        assert response.json()["errors"][0]["code"] == "invalid_cursor"


def test_a_cursor_of_a_search_without_relative_times_has_no_moment() -> None:
    assert JobFilter.parse(QueryDict("q=created:2026&tz=Asia/Kolkata")).q.depends_on_now is False
