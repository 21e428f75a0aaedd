"""Pages show why a job has failed, by what each status was set, and a link to its logs."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from jobs.listing.durations import read_details
from jobs.log_url import log_url
from jobs.models import Job
from jobs.tests.conftest import Api
from jobs.tests.factories import FAILED, RUNNING, make_job
from jobs.tests.open_tab import Tab
from project.env import env_log_url

pytestmark = pytest.mark.django_db

WHY = "Diverged at <b>step</b> 412:\n  Courant number 3.1 & rising"
SHOWN = "Diverged at &lt;b&gt;step&lt;/b&gt; 412:\n  Courant number 3.1 &amp; rising"
LINE = " ".join(SHOWN.split())


def failed(api: Api, **report: str) -> int:
    job = make_job(history=[RUNNING])
    api.patch(f"/api/jobs/{job.pk}/", {"status_type": "FAILED", "reason": WHY, **report})
    return int(job.pk)


def row(client: Client, job_id: int) -> str:
    html = client.get("/").content.decode()
    [found] = re.findall(rf'<tr id="job-{job_id}".*?</tr>', html, re.DOTALL)
    return str(found)


def body(client: Client, job_id: int) -> str:
    return client.get(f"/jobs/{job_id}/").content.decode()


def test_the_row_of_a_failed_job_shows_its_newest_reason_in_one_line(
    api: Api, client: Client
) -> None:
    job_id = failed(api)
    assert f'<span class="reason">{LINE}</span>' in row(client, job_id)
    api.patch(f"/api/jobs/{job_id}/", {"status_type": "FAILED", "reason": "Again"})
    assert '<span class="reason">Again</span>' in row(client, job_id)
    api.patch(f"/api/jobs/{job_id}/", {"status_type": "RUNNING", "reason": "Second try"})
    assert 'class="reason"' not in row(client, job_id)


def test_a_long_reason_is_cut_before_it_is_sent(api: Api, client: Client) -> None:
    job_id = failed(api, reason="x" * 2_000)
    assert f">{'x' * 200}<" in row(client, job_id)
    assert f">{'x' * 2_000}<" in body(client, job_id)


def test_a_live_update_shows_the_reason(api: Api, client: Client) -> None:
    job = make_job()
    tab = Tab(client)
    tab.poll()
    api.patch(f"/api/jobs/{job.pk}/", {"status_type": "FAILED", "reason": WHY})
    assert LINE in tab.poll().content.decode()


def test_an_undone_failure_has_no_reason_and_a_redone_one_its_own(api: Api) -> None:
    job_id = failed(api, reason="First")
    path = f"/api/jobs/{job_id}/"
    again = api.patch(path, {"status_type": "FAILED", "reason": "Second"}).json()
    undone = api.post(f"{path}undo/", {"updated_at": again["updated_at"]}).json()
    assert read_details([job_id]).reasons == {job_id: "First"}
    api.post(f"{path}undo/", {"updated_at": undone["updated_at"]})
    assert read_details([job_id]).reasons == {job_id: "Second"}


def test_reasons_of_a_page_take_no_query_more(api: Api) -> None:
    ids = [failed(api), failed(api, reason="Other"), make_job(status=FAILED).pk, make_job().pk]
    with CaptureQueriesContext(connection) as queries:
        details = read_details(ids)
    assert len(queries) == 1
    assert details.reasons == {ids[0]: WHY, ids[1]: "Other"}
    assert details.durations.keys() == {ids[0], ids[1], ids[3]}


def test_the_page_of_a_job_tells_the_reason_beside_the_status_and_in_the_history(
    api: Api, client: Client
) -> None:
    job_id = failed(api, occurred_at="2026-11-22T10:31:38.5Z")
    html = body(client, job_id)
    assert html.count(f'<p class="reason">{SHOWN}</p>') == 2
    assert (
        'Happened <time datetime="2026-11-22T10:31:38.500000Z" data-show="full">2026-11-22 10:31:38</time>'
        in html
    )
    assert '<small class="undid">by the API</small>' in html
    api.call("PATCH", f"/api/jobs/{job_id}/", {"status_type": "RUNNING"}, HTTP_CHANGE_SOURCE="page")
    html = body(client, job_id)
    assert html.count(f'<p class="reason">{SHOWN}</p>') == 1
    assert '<small class="undid">on a page</small>' in html


def test_a_time_that_shows_the_same_second_is_left_out(api: Api, client: Client) -> None:
    job = api.post("/api/jobs/", {"name": "Wing"}).json()
    api.patch(f"/api/jobs/{job['id']}/", {"status_type": "FAILED"})
    assert "Happened" not in body(client, job["id"])


def test_a_page_of_a_job_shows_all_labels_and_its_key(client: Client) -> None:
    labels = {f"k{number}": "<x>" for number in range(6)}
    job = Job.objects.create_pending("Wing", key="run <17>", labels=labels)
    html = body(client, job.id)
    assert '<dd translate="no">run &lt;17&gt;</dd>' in html
    assert html.count('<span class="label">k') == 6
    found = row(client, job.id)
    assert found.count('<span class="label">k') == 3
    assert '<span class="label">+3</span>' in found


def test_the_page_links_to_the_logs(client: Client, settings: Settings) -> None:
    settings.LOG_URL_TEMPLATE = "https://logs.example.com/{id}?q={key}&team={label:team}"
    job = Job.objects.create_pending("Wing", key='a/b "c"&d', labels={"team": "f=l"})
    html = body(client, job.id)
    assert f'href="https://logs.example.com/{job.id}?q=a%2Fb%20%22c%22%26d&amp;team=f%3Dl"' in html
    other = Job.objects.create_pending("Tail", key="a")
    assert "logs.example.com" not in body(client, other.id)
    settings.LOG_URL_TEMPLATE = ""
    assert ">Logs</a>" not in body(client, job.id)


def test_a_link_needs_a_value_for_each_placeholder() -> None:
    assert log_url("http://x/{key}", 1, None, {}) is None
    assert log_url("http://x/{label:a}", 1, "k", {"a": ""}) is None
    assert (
        log_url("http://x/{label:a.b/c}", 1, None, {"a.b/c": "javascript:"})
        == "http://x/javascript%3A"
    )


def test_a_value_does_not_lead_to_another_folder() -> None:
    template = "http://x/logs/{label:a}{label:b}/{key}?q={key}"
    assert log_url(template, 1, "k", {"a": ".", "b": "."}) is None
    assert log_url(template, 1, "..", {"a": "a", "b": "b"}) is None
    assert log_url(template, 1, ".a", {"a": ".", "b": ".."}) == "http://x/logs/.../.a?q=.a"
    assert log_url("http://x/../{id}?q={key}", 1, "..", {}) == "http://x/../1?q=.."


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert(1)//{id}", "ftp://x/{id}", "//x/{id}", "https://{label:host}/", "https://x{key}/", "https://u@x/{id}",
        "https://x/{name}", "https://x/{label:}", "https://x/{label:a b}", "https://x/ {id}", "https://x/{}", "https://",
    ],
)  # fmt: skip
def test_an_unsafe_template_is_refused_at_the_start(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_URL_TEMPLATE", template)
    with pytest.raises(ImproperlyConfigured, match="LOG_URL_TEMPLATE"):
        env_log_url("LOG_URL_TEMPLATE")


@pytest.mark.parametrize(
    "template",
    ["", "https://logs.example.com", "http://x:9000/a/{id}#{label:team}", "https://[::1]/{key}"],
)
def test_a_valid_template_is_taken(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_URL_TEMPLATE", template)
    assert env_log_url("LOG_URL_TEMPLATE") == template
