"""A link to a page of the list whose cursor does not fit the list."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.tests.factories import fill, make_job
from jobs.tests.pages.html import PARTIAL, job_names, link, page, text_of

pytestmark = pytest.mark.django_db

STALE = "The link to this page of the list is no longer valid"


@pytest.mark.parametrize("cursor", ["cut-off", "", "%F0%9F%98%80"])
def test_link_with_a_wrong_cursor_leads_to_the_first_page(client: Client, cursor: str) -> None:
    make_job("Wing")
    make_job("Blade")
    html = page(client, f"/?q=wing&ordering=name&cursor={cursor}", 400)
    assert STALE in text_of(html)
    assert "invalid filters" not in html
    assert job_names(page(client, link(html, "First page"))) == ["Wing"]
    assert link(html, "Show all jobs") == "/"


def test_link_whose_filters_were_changed_is_stale(client: Client) -> None:
    fill(2)
    cursor = JobList(JobFilter(page_size=1)).page().next
    html = page(client, f"/?{urlencode({'status': 'FAILED', 'cursor': cursor})}", 400, **PARTIAL)
    assert f'data-announce="{STALE}"' in html
    assert link(html, "First page") == "/?status=FAILED"


def test_link_to_a_page_of_all_jobs_offers_only_the_first(client: Client) -> None:
    html = page(client, "/?cursor=cut-off", 400)
    assert link(html, "First page") == "/"
    assert "Show all jobs" not in html


def test_other_errors_are_named_first(client: Client) -> None:
    html = page(client, "/?status=PAUSED&cursor=cut-off", 400)
    assert "This link has invalid filters" in text_of(html)
    assert STALE not in text_of(html)
