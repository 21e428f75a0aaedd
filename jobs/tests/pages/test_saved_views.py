"""The tabs of saved views, and the addresses that lead to views."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.limits import MAX_VIEWS
from jobs.saved_views.changes import change_view, create_view, remove_view
from jobs.saved_views.rows import ViewRow
from jobs.saved_views.search import DEFAULTS
from jobs.tests.factories import FAILED, database_rows, make_job
from jobs.tests.pages.html import PARTIAL, job_names, link, page, text_of

pytestmark = pytest.mark.django_db

HOSTILE = ["<img src=x onerror=alert(1)>", '"><script>', "{{ 1 }}", "&amp;", "'"]


def save(name: str = "Failed wings", **values: Any) -> ViewRow:
    return create_view({**DEFAULTS, "name": name, **values})


def wings(**values: Any) -> ViewRow:
    return save(statuses=["FAILED"], q="wing", ordering="name", page_size=25, **values)


def target(client: Client, path: str, **cookies: str) -> str:
    """Where the path leads in the end."""
    client.cookies.load(cookies)
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return response.redirect_chain[-1][0] if response.redirect_chain else path


def tabs(html: str) -> list[tuple[str, str]]:
    """The name and the state of each tab."""
    [nav] = re.findall(r'<nav class="tabs" aria-label="Saved views">(.*?)</nav>', html, re.S)
    found = re.findall(r"<a ([^>]*)>(.*?)</a>", nav)
    states = ("current" if "aria-current" in attrs else "" for attrs, _ in found)
    return list(zip((text_of(text) for _, text in found), states, strict=True))


def test_without_views_there_are_no_tabs(client: Client) -> None:
    html = page(client, "/")
    assert 'aria-label="Saved views"' not in html
    assert link(page(client, "/?q=nothing"), "Show all jobs") == "/"


def test_a_short_link_leads_to_the_search_in_full(client: Client) -> None:
    view = wings()
    full = f"/?view={view.id}&status=FAILED&q=wing&ordering=name&page_size=25"
    assert target(client, f"/?view={view.id}") == full
    assert target(client, full) == full
    assert tabs(page(client, full)) == [("All jobs", ""), ("Failed wings", "current")]


def test_a_short_link_survives_a_new_name_and_a_new_search(client: Client) -> None:
    view = wings()
    change_view(view.id, {"name": "Blades", "q": "blade", "page_size": 50})
    query = parse_qs(target(client, f"/?view={view.id}").partition("?")[2])
    assert query == {
        "view": [str(view.id)],
        "status": ["FAILED"],
        "q": ["blade"],
        "ordering": ["name"],
    }


def test_tracking_parameters_do_not_hide_a_view_and_others_are_reported(client: Client) -> None:
    view = wings()
    assert "q=wing" in target(client, f"/?view={view.id}&utm_source=mail")
    html = client.get(f"/?view={view.id}&colour=red", follow=True).content.decode()
    assert '"colour" is not a parameter' in unescape(html)


def test_a_view_of_all_jobs_differs_from_its_short_link(client: Client) -> None:
    view = save("Everything")
    address = target(client, f"/?view={view.id}")
    assert address == f"/?view={view.id}&ordering=-created_at"
    assert tabs(page(client, address)) == [("All jobs", ""), ("Everything", "current")]


def test_links_stay_in_the_view_and_modify_it(client: Client) -> None:
    view = wings()
    make_job("wing", status=FAILED)
    html = page(client, f"/?view={view.id}&status=FAILED&q=wing&ordering=name&page_size=25")
    for label in (r"<span>All</span> <small[^>]*>\d+</small>", "Name", r"50"):
        address = link(html, label)
        assert address.startswith(f"/?view={view.id}&"), label
        modified = page(client, address)
        assert tabs(modified) == [("All jobs", ""), ("Failed wings modified", "")], label
        assert "Save changes" in modified
    assert "Save changes" not in html
    assert "view" not in link(html, "CSV")


def test_every_status_of_a_view_can_be_shown(client: Client) -> None:
    view = save(statuses=["FAILED"])
    make_job("Wing")
    html = page(client, f"/?view={view.id}&status=FAILED")
    address = link(html, r"<span>All</span> <small[^>]*>\d+</small>")
    assert job_names(page(client, address)) == ["Wing"]


def test_another_page_or_zone_is_no_change(client: Client) -> None:
    view = save(q="created:today", page_size=1)
    for _ in range(2):
        make_job("Wing")
    html = client.get(f"/?view={view.id}", follow=True).content.decode()
    older = page(client, link(html, "Older →"))
    assert tabs(older)[1] == ("Failed wings", "current")
    address = target(client, f"/?view={view.id}", **{"time-zone": "Asia/Tokyo"})
    assert "tz=Asia/Tokyo" in unescape(address).replace("%2F", "/")
    assert tabs(page(client, address))[1] == ("Failed wings", "current")


def test_the_bare_address_shows_the_default_view_and_all_jobs_have_their_own(
    client: Client,
) -> None:
    view = save(statuses=["FAILED"], is_default=True)
    make_job("Wing")
    assert target(client, "/") == f"/?view={view.id}&status=FAILED"
    assert target(client, "/?utm_source=mail") == f"/?view={view.id}&status=FAILED"
    html = page(client, "/?view=all")
    assert job_names(html) == ["Wing"]
    assert tabs(html) == [("All jobs", "current"), ("Failed wings default", "")]
    failed = page(client, "/?status=FAILED&q=blade")
    assert link(failed, "Show all jobs") == "/?view=all"
    failed = page(client, "/?status=FAILED")
    assert link(failed, r"<span>All</span> <small[^>]*>\d+</small>") == "/?view=all"
    job = re.search(r'href="(/jobs/\d+/[^"]*)"', html)
    assert job
    assert (
        link(page(client, unescape(job[1])), '<span aria-hidden="true">←</span> .*?')
        == "/?view=all"
    )


def test_refreshed_status_tabs_stay_in_the_view_or_outside(client: Client) -> None:
    view = save(statuses=["FAILED"], is_default=True)
    everything = r"<span>All</span> <small[^>]*>\d+</small>"
    assert link(page(client, "/status-tabs/?status=FAILED"), everything) == "/?view=all"
    inside = page(client, f"/status-tabs/?view={view.id}&status=FAILED")
    assert link(inside, everything) == f"/?view={view.id}&ordering=-created_at"


def test_an_emptied_search_outside_a_view_is_not_the_default_view(client: Client) -> None:
    save(statuses=["FAILED"], is_default=True)
    response = client.get("/?view=all&q=", headers=PARTIAL)
    assert response["HX-Replace-Url"] == "/?view=all"
    assert target(client, "/?q=") == "/?q="


def test_all_jobs_without_a_default_are_the_bare_address(client: Client) -> None:
    save()
    assert target(client, "/?view=all") == "/"
    html = page(client, "/?view=all&status=FAILED")
    assert link(html, r"<span>All</span> <small[^>]*>\d+</small>") == "/"
    assert link(html, "All jobs") == "/"


@pytest.mark.parametrize("view", ["99", "abc", "9" * 30])
def test_a_link_to_a_deleted_view_says_so_and_shows_the_list(client: Client, view: str) -> None:
    gone = save()
    remove_view(gone.id)
    make_job("Wing")
    html = page(client, f"/?view={view}")
    assert "The saved view of this link no longer exists." in text_of(html)
    assert job_names(html) == ["Wing"]
    html = page(client, f"/?view={gone.id}&q=wing&ordering=name")
    assert "The saved view of this link no longer exists." in text_of(html)
    assert job_names(html) == ["Wing"]
    assert "view=" not in link(html, "Name")


def test_a_deleted_view_does_not_lead_to_the_default_one(client: Client) -> None:
    save(statuses=["FAILED"], is_default=True)
    make_job("Wing")
    assert job_names(page(client, "/?view=99")) == ["Wing"]


def test_a_view_whose_search_has_become_invalid_opens_and_says_so(client: Client) -> None:
    view = wings()
    database_rows("UPDATE saved_view SET q = 'status:paused'")
    response = client.get(f"/?view={view.id}", follow=True)
    html = response.content.decode()
    assert response.status_code == 400
    assert "The search of this view is no longer valid." in text_of(html)
    assert tabs(html)[1] == ("Failed wings", "current")
    assert 'value="status:paused"' in html
    html = page(client, f"/?view={view.id}&status=FAILED&q=wing")
    assert tabs(html)[1] == ("Failed wings modified", "")


def test_another_invalid_search_is_not_blamed_on_the_view(client: Client) -> None:
    view = wings()
    html = page(client, f"/?view={view.id}&q=status:", 400)
    assert "of this view is no longer valid" not in text_of(html)
    assert "Save changes" not in html


def test_columns_are_those_of_the_view(client: Client) -> None:
    view = save(columns=["name", "current_status", "updated_at"])
    make_job("Wing")
    client.cookies["columns"] = "current_status.name.-duration.created_at.-updated_at"
    html = page(client, target(client, f"/?view={view.id}"))
    heads = re.findall(r'<th class="(\w+)" scope="col" role="columnheader"([^>]*)>', html)
    shown = [name for name, attributes in heads if "hidden" not in attributes]
    assert shown == ["name", "current_status", "updated_at", "actions"]
    assert "columns=name,current_status,updated_at" in link(html, r"Name")
    html = page(client, f"/?view={view.id}&columns=name,current_status")
    assert tabs(html)[1] == ("Failed wings modified", "")
    assert tabs(page(client, f"/?view={view.id}&columns=colour&q=wing"))[1][0].endswith("modified")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_text(client: Client, name: str) -> None:
    view = save(name)
    html = page(client, f"/?view={view.id}&ordering=-created_at")
    assert "<script>" not in html.replace('<script type="module"', "")
    assert "<img src=x" not in html
    assert tabs(html)[1][0] == " ".join(name.split())
    assert f'aria-label="Actions for view {name}"' in unescape(html)


def test_a_name_from_right_to_left_is_isolated(client: Client) -> None:
    view = save("محاكاة \u202e")
    html = page(client, f"/?view={view.id}&ordering=-created_at")
    assert '<bdi translate="no">محاكاة' in html
    assert 'aria-label="Actions for view \u2068محاكاة' in html


def test_views_cost_one_query_however_many_there_are(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, "/?status=FAILED")
        return len(captured)

    before = queries()
    for number in range(MAX_VIEWS):
        save(f"View {number}")
    assert queries() == before
    html = page(client, "/")
    assert len(tabs(html)) == MAX_VIEWS + 1
