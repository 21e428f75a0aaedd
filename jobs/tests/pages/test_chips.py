"""Filter chips, and the messages for searches with errors."""

import re
from html import unescape
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from django.test import Client

from jobs.search.parser import MAX_LENGTH, parse
from jobs.tests.factories import FAILED, make_job
from jobs.tests.pages.html import PARTIAL, job_names, link, page, text_of

pytestmark = pytest.mark.django_db


def url_for(q: str, **others: str) -> str:
    return "/?" + "&".join(
        f"{name}={quote_plus(value)}" for name, value in {"q": q, **others}.items()
    )


def chips(html: str) -> dict[str, dict[str, list[str]]]:
    """The query parameters of each chip's link, by its accessible name."""
    found = re.findall(r'class="chip[^>]*?href="([^"]*)"[^>]*?aria-label="([^"]*)"', html)
    return {unescape(label): parse_qs(urlsplit(unescape(url)).query) for url, label in found}


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("turbine", "turbine"),
        ('"turbine blade"', "turbine blade"),
        ("status:failed,pending", "pending or failed"),
        ("-status:completed", "not completed"),
        ("id:7", "7"),
        ("id:1,2,3", "1, 2 and 3"),
        ("id:1,2,3,4,5,6,7,8", "1, 2, 3, 4, 5 and 3 more"),
        ("created:>=2026-01-01", "since 2026-01-01"),
        ("created:>2026", "after 2026"),
        ("created:<2026-11", "before 2026-11"),
        ("created:<=2026-11-20T10:00Z", "up to 2026-11-20T10:00Z"),
        ("created:2026-11-20", "2026-11-20"),
        ("created:2026-11-01..2026-11-20", "2026-11-01 to 2026-11-20"),
        ("updated:<2h", "in the last 2 hours"),
        ("updated:<1d", "in the last day"),
        ("updated:>1d", "more than 1 day ago"),
        ("updated:2w..1d", "2 weeks ago to 1 day ago"),
    ],
)
def test_describes_a_term_in_words(q: str, words: str) -> None:
    [part] = parse(q).terms
    assert part.words == words


def test_each_chip_removes_its_term_and_keeps_the_rest(client: Client) -> None:
    html = page(client, url_for("turbine -status:completed updated:<2h", ordering="name"))
    assert chips(html) == {
        "Remove name: turbine": {"q": ["-status:completed updated:<2h"], "ordering": ["name"]},
        "Remove status: not completed": {"q": ["turbine updated:<2h"], "ordering": ["name"]},
        "Remove updated: in the last 2 hours": {
            "q": ["turbine -status:completed"],
            "ordering": ["name"],
        },
    }
    assert link(html, "Clear all") == "/?ordering=name"


def test_one_term_has_no_clear_all_and_no_search_has_no_chips(client: Client) -> None:
    assert "Clear all" not in page(client, url_for("turbine"))
    assert 'class="chip' not in page(client, "/?status=FAILED")


def test_search_parameter_is_shown_as_a_query(client: Client) -> None:
    make_job("Turbine blade")
    make_job("Blade of a turbine")
    html = page(client, "/?search=turbine+blade")
    assert job_names(html) == ["Turbine blade"]
    assert 'value="&quot;turbine blade&quot;"' in html
    assert "name: turbine blade" in text_of(html)


def test_time_filters_survive_sorting_page_size_tabs_and_pages(client: Client) -> None:
    for number in range(60):
        make_job(f"job {number}")
    html = page(client, url_for("created:<1h updated:<1h job", page_size="25"))
    for label in ("Older →", "Last", "Name", "100", "<span>All</span> <small>60</small>"):
        url = urlsplit(link(html, label))
        assert parse_qs(url.query)["q"] == ["job created:<1h updated:<1h"], label
    assert len(job_names(page(client, link(html, "Last")))) == 25


def test_tab_replaces_the_status_terms_of_the_search(client: Client) -> None:
    make_job("Wing", FAILED)
    make_job("Wing")
    html = page(client, url_for("wing status:failed"))
    assert "All 2 Pending 1 Running 0 Completed 0 Failed 1" in text_of(html)
    assert 'aria-current="true"><svg class="icon" data-status="FAILED"' in html
    assert 'href="/?status=PENDING&amp;q=wing"' in html
    assert '"/?q=wing"' in html
    assert "“wing” in failed jobs · Job dashboard</title>" in html


def test_submitted_search_replaces_the_url_with_the_normalized_query(client: Client) -> None:
    for typed, url in (
        ("q=", "/"),
        ("q=STATUS:Failed++wing", "/?q=wing+status:failed"),
        ("search=wing", "/?q=wing"),
    ):
        response = client.get(f"/?{typed}", headers=PARTIAL)
        assert response["HX-Replace-Url"] == url
    assert not client.get("/?q=wing", headers=PARTIAL).has_header("HX-Replace-Url")


def test_tabs_say_how_wide_they_are_without_a_search(client: Client) -> None:
    make_job("Wing", FAILED)
    widths = re.compile(r'<small data-widest="1">([01])</small>')
    assert widths.findall(page(client, "/")) == ["1", "0", "0", "0", "1"]
    for path in ("/?q=wing", "/?q=status:"):
        html = page(client, path, 400 if path.endswith(":") else 200)
        assert "data-widest" not in html
        assert html.count("<small>") >= 5


def test_wrong_term_is_marked_and_corrected_by_a_link(client: Client) -> None:
    make_job("Wing", FAILED)
    path = url_for("wing stauts:failed", ordering="name", status="FAILED")
    html = page(client, path, 400)
    assert 'value="wing stauts:failed"' in html
    assert "wing <mark>stauts:failed</mark>" in html
    assert '"stauts:failed" is not a valid filter. Did you mean status:failed?' in text_of(html)
    corrected = link(html, "status:failed")
    assert parse_qs(urlsplit(corrected).query)["q"] == ["wing status:failed"]
    assert job_names(page(client, corrected)) == ["Wing"]
    in_names = unescape(link(html, "&quot;stauts:failed&quot; in names"))
    assert "No failed job matches “wing” and “stauts:failed”" in text_of(page(client, in_names))
    assert 'name="ordering" value="name"' in html
    assert "All Pending Running Completed Failed" in text_of(html)
    assert "data-doubted" in page(client, path, 400, **PARTIAL)


def test_all_wrong_terms_are_marked_and_escaped(client: Client) -> None:
    hostile = 'status:<i> "<script>" id:\' \0 created:"'
    html = page(client, url_for("x" + hostile, page_size="0"), 400)
    assert "<script>" not in html
    assert "<i>" not in html
    assert "The search contains a character that is not allowed in names." in text_of(html)
    assert '"0" is not a valid page size. Allowed: 1 to 200.' in text_of(html)
    html = page(client, url_for("status:<i> x created:soon"), 400)
    assert html.count("<mark>") == 2
    page(client, url_for("x" * 5000), 400)


def test_no_match_describes_the_search_and_offers_broader_ones(client: Client) -> None:
    html = page(client, url_for("turbine status:failed created:2026-11-20"))
    assert "No failed job matches “turbine”, created 2026-11-20" in text_of(html)
    relaxations = "Search all statuses Show all failed jobs Without name: turbine"
    assert relaxations in text_of(html)
    nothing = page(client, url_for("status:failed", status="RUNNING"))
    assert "No job matches all of these statuses" in text_of(nothing)


def test_search_that_contradicts_the_tab_offers_all_statuses(client: Client) -> None:
    make_job("Wing")
    make_job("Blade", status=FAILED)
    html = page(client, "/?status=FAILED&q=status:pending")
    assert "No job matches all of these statuses" in text_of(html)
    assert "<title>Jobs · Job dashboard</title>" in html
    assert job_names(page(client, link(html, "Search all statuses"))) == ["Wing"]


def test_search_field_and_form_keep_to_the_contract(client: Client) -> None:
    html = page(client, "/?q=wing&status=FAILED&status=PENDING&ordering=name&page_size=25")
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', html)
    assert hidden == [
        ("status", "PENDING"), ("status", "FAILED"), ("ordering", "name"), ("page_size", "25"),
    ]  # fmt: skip
    assert f'maxlength="{MAX_LENGTH}"' in html


def test_a_search_whose_statuses_exclude_each_other_finds_nothing(client: Client) -> None:
    make_job("turbine", FAILED)
    q = "turbine status:failed -status:failed"
    assert job_names(page(client, url_for(q))) == []
    assert job_names(page(client, url_for(q, status="FAILED"))) == []
    assert job_names(page(client, url_for("turbine status:failed"))) == ["turbine"]
