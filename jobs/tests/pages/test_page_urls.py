"""Unknown query parameters of pages, and links that must fit into a request line."""

import re
from html import unescape

import pytest
from django.test import Client

from jobs.tests.factories import RUNNING, make_job

pytestmark = pytest.mark.django_db

MAX_REQUEST_LINE = 8_190
NOTICES = re.compile(r'<ul class="notices".*?</ul>', re.DOTALL)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def notices(html: str) -> list[str]:
    found = NOTICES.search(html)
    return [unescape(text) for text in re.findall("<li>(.*?)</li>", found[0])] if found else []


def links(html: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'(?:href|hx-get)="([/?][^"]*)"', html)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("stauts=FAILED", ['"stauts" is not a parameter of this page and was ignored.']),
        ("page=2&x=", [f'"{name}" is not a parameter of this page and was ignored.' for name in ("page", "x")]),
        ("page_size=25&page_size=100", ["page_size appears 2 times; only the last value is used."]),
        ("q=a&q=b&q=job", ["q appears 3 times; only the last value is used."]),
        ("page_size=25&page_size=25", []),
        ("status=PENDING&status=FAILED", []),
        ("<b>=1", ['"<b>" is not a parameter of this page and was ignored.']),
        ("&".join(f"p{n}=" for n in range(7)), [*(f'"p{n}" is not a parameter of this page and was ignored.' for n in range(5)), "And 2 more."]),
    ],
)  # fmt: skip
def test_ignored_parameters_are_named_and_the_list_is_shown(
    client: Client, query: str, expected: list[str]
) -> None:
    make_job("job")
    html = page(client, f"/?{query}")
    assert notices(html) == expected
    assert ">job</a>" in html
    assert "<b>" not in "".join(NOTICES.findall(html))


@pytest.mark.parametrize(
    "name", ["utm_source", "utm_campaign", "fbclid", "gclid", "msclkid", "_ga", "mc_eid", "gbraid"]
)
def test_tracking_parameters_are_ignored_without_a_notice(client: Client, name: str) -> None:
    job = make_job("job")
    for path in ("/", f"/jobs/{job.id}/", "/activity/"):
        assert notices(page(client, f"{path}?{name}=x")) == []


def test_job_page_and_chart_name_ignored_parameters(client: Client) -> None:
    job = make_job("job")
    for path in (f"/jobs/{job.id}/", "/activity/"):
        assert notices(page(client, f"{path}?tab=2")) == [
            '"tab" is not a parameter of this page and was ignored.'
        ]


def test_fragments_ignore_the_same_parameters(client: Client) -> None:
    job = make_job("job")
    for path in ("/status-tabs/", "/live/"):
        assert client.get(f"{path}?ids={job.id}&page_size=25&page_size=50&x=1").status_code == 200


def encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


@pytest.mark.parametrize("letter", ["e", "翼", "🚀"], ids=["one-byte", "three-bytes", "four-bytes"])
@pytest.mark.parametrize("ordering", ["-created_at", "name"])
def test_every_link_fits_into_a_request_line(client: Client, letter: str, ordering: str) -> None:
    """Tries the longest searches that fit into a URL, on jobs that match them."""
    for number in range(5):
        make_job(letter * 255, history=[RUNNING] * (number % 2))
    rest = f"&ordering={ordering}&page_size=2"
    for limit in (3_000, 6_000, 7_600, 7_900, 8_080):
        terms = [letter * length for length in range(255, 240, -1)]
        while len("+".join(map(encoded, terms))) > limit or len(" ".join(terms)) > 2_000:
            terms.pop()
        invalid = "status:x" + "+e" * ((limit - 30) // 2)
        for q in ("+".join(map(encoded, terms)), "x" * (limit - 30), invalid):
            path = f"/?q={q}{rest}"
            assert len(f"GET {path} HTTP/1.1\r\n") <= MAX_REQUEST_LINE
            html = client.get(path).content.decode()
            for url in links(html):
                assert len(f"GET {url} HTTP/1.1\r\n") <= MAX_REQUEST_LINE, url[:80]


def test_job_links_drop_the_list_if_it_does_not_fit(client: Client) -> None:
    job = make_job("翼" * 255)
    wing = "%E7%BF%BC"
    html = page(client, f"/?q={wing * 255}")
    assert f"/jobs/{job.id}/?from=q%3D%25E7" in html
    html = page(client, "/?q=" + "+".join(wing * length for length in (255, 254, 253)))
    assert f'href="/jobs/{job.id}/" ' in html


def test_offers_exports_for_spreadsheets(client: Client) -> None:
    make_job("job")
    html = page(client, "/?q=job&page_size=25")
    for separator in ("comma", "semicolon", "tab"):
        url = f"/api/jobs/export/?format=csv&amp;bom=yes&amp;separator={separator}&amp;q=job"
        assert f'href="{url}"' in html
