"""What looks like syntax but is searched in names is said, with a link that corrects it."""

import re
from html import unescape
from urllib.parse import quote_plus

import pytest
from django.test import Client

from jobs.tests.factories import FAILED, make_job
from jobs.tests.pages.html import page

pytestmark = pytest.mark.django_db
HINT = re.compile(r'<li>([^<]*) <a href="([^"]*)"[^>]*>([^<]*)</a></li>')


def hints(client: Client, q: str) -> list[tuple[str, str, str]]:
    """Text, URL and label of each hint."""
    html = page(client, f"/?q={quote_plus(q)}").partition('class="search-hints"')[2]
    return [
        (unescape(text), unescape(url), unescape(label))
        for text, url, label in HINT.findall(html.partition("</ul>")[0])
    ]


@pytest.mark.parametrize(
    ("q", "url"),
    [
        ("turbine AND blade", "/?q=turbine+blade"),
        ("NOT turbine", "/?q=-turbine"),
        ("wing NOT turbine blade", "/?q=wing+blade+-turbine"),
        ("NOT status:failed", "/?q=-status:failed"),
        ("failed", "/?q=status:failed"),
        ("wing Error", "/?q=wing+status:failed"),
        ("foo:bar", "/?q=bar"),
        ('"label:team=fluid"', "/?q=label:team%3Dfluid"),
        ("wing dur:>1h", "/?q=wing+duration:%3E1h"),
        ("age:>1d", "/?q=created:%3E1d"),
        ("time:12", "/?q=12"),
        ("finished:today", "/?q=updated:today"),
        ("failed OR Pending", "/?q=status:pending,failed"),
        ("status=failed", "/?q=status:failed"),
        ("wing duration > 1h", "/?q=wing+duration:%3E1h"),
        ("created>=2026-01-01 wing", "/?q=wing+created:%3E%3D2026-01-01"),
        ("wing sort:updated", "/?q=wing&ordering=-updated_at"),
        ("sort:-created_at", "/?ordering=created_at"),
        ("order:name", "/?ordering=name"),
        ("sort=oldest", "/?ordering=created_at"),
        ("wing sort:duration", "/?q=wing"),
        ("turbine*", "/?q=turbine"),
        ("(turbine)", "/?q=turbine"),
        ("(turbine OR wing)", "/?q=turbine+OR+wing"),
        ("turb*ine", "/?q=turb+ine"),
        ('turbine"', "/?q=turbine"),
        ('"turbine blade', "/?q=turbine+blade"),
        ('"blade status:failed', "/?q=blade+status:failed"),
        ('"two words id:7', "/?q=%22two+words%22+id:7"),
        ("-2026", "/?q=-%222026%22"),
    ],
)
def test_a_search_without_results_gets_its_correction(client: Client, q: str, url: str) -> None:
    [(text, found, label)] = hints(client, q)
    assert "searched in names" in text
    assert found == url
    assert label


@pytest.mark.parametrize(
    "q", ["turbine", '"turbine', "turbine=3", "fail", "10:30", "C:\\x", "-failed", "status:failed", "*", "and wing", "AND", "-40C"]
)  # fmt: skip
def test_a_plain_search_has_no_hint(client: Client, q: str) -> None:
    assert hints(client, q) == [] or q == "-40C"


def test_results_are_shown_and_only_operators_are_doubted(client: Client) -> None:
    make_job("NOT failed* (frame:12)", FAILED)
    assert hints(client, "failed frame:12 (frame:12)") == []
    html = page(client, "/?q=NOT+failed")
    assert "A minus sign excludes. <a" in html
    assert ">NOT failed* (frame:12)</a>" in html
    assert "1 job. “NOT” is searched in names." in unescape(html)


def test_an_id_that_is_none_can_be_searched_in_names(client: Client) -> None:
    make_job("abc")
    html = page(client, "/?q=id:abc", 400)
    assert 'href="/?q=%22abc%22"' in html
    assert ">&quot;abc&quot; in names</a>" in html


def test_a_doubted_table_says_what_is_wrong_first(client: Client) -> None:
    html = page(client, "/?q=status:f+created:soon", 400)
    assert 'data-doubted="&quot;f&quot; is not a valid status. Did you mean status:failed?"' in html


def test_a_made_up_field_is_no_filter_but_a_name(client: Client) -> None:
    make_job("frame:12")
    assert client.get("/api/jobs/?q=frame:12").json()["count"] == 1
