"""Days in a search are those of a time zone: in the pages the viewer's, in the API UTC unless `tz` names one."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from jobs.search.times import InvalidTime, parse_time_filter
from jobs.tests.factories import fill
from jobs.tests.pages.html import PARTIAL, job_names, link, page, text_of
from jobs.timestamps import zone_of

# A Saturday: 27 November, 23:00, in St. John's; 28 November, 08:00, in Kolkata
NOW = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def chip_url(html: str, words: str) -> str:
    """The link of the chip that removes the term."""
    found = re.search(
        rf'class="chip" href="([^"]+)"[^>]*aria-label="Remove {re.escape(words)}"', html
    )
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize(
    ("zone", "text", "start", "end"),
    [
        ("UTC", "2026-11-28", "2026-11-28T00:00", "2026-11-29T00:00"),
        ("America/St_Johns", "2026-11-28", "2026-11-28T03:30", "2026-11-29T03:30"),
        ("Asia/Kolkata", "2026-11-28", "2026-11-27T18:30", "2026-11-28T18:30"),
        ("Asia/Kathmandu", "2026-11", "2026-10-31T18:15", "2026-11-30T18:15"),
        ("Pacific/Kiritimati", "2026", "2025-12-31T10:00", "2026-12-31T10:00"),
        # 23 and 25 hours
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30", "2026-10-04T13:00"),
        # The clocks skip midnight, so that the day begins at 01:00.
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00", "2026-04-24T21:00"),
        ("America/Havana", "2026-03-08", "2026-03-08T05:00", "2026-03-09T04:00"),
        # The clocks repeat the hour before, or after, midnight.
        ("Africa/Cairo", "2026-10-29", "2026-10-28T21:00", "2026-10-29T22:00"),
        ("America/Havana", "2026-11-01", "2026-11-01T04:00", "2026-11-02T05:00"),
        # Times without an offset, also those that are skipped or repeated
        ("Asia/Kolkata", "2026-11-28T14:05", "2026-11-28T08:35", "2026-11-28T08:36"),
        ("Asia/Kolkata", "2026-11-28T14:05Z", "2026-11-28T14:05", "2026-11-28T14:06"),
        ("America/New_York", "2026-11-01T01:59", "2026-11-01T05:59", "2026-11-01T06:00"),
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30", "2026-03-08T07:31"),
        # Named days
        ("UTC", "today", "2026-11-28T00:00", "2026-11-29T00:00"),
        ("America/St_Johns", "today", "2026-11-27T03:30", "2026-11-28T03:30"),
        ("Asia/Kolkata", "today", "2026-11-27T18:30", "2026-11-28T18:30"),
        ("America/St_Johns", "yesterday", "2026-11-26T03:30", "2026-11-27T03:30"),
        ("America/St_Johns", "This-Week", "2026-11-23T03:30", "2026-11-30T03:30"),
        ("Asia/Kolkata", "last-week", "2026-11-15T18:30", "2026-11-22T18:30"),
        ("Asia/Kolkata", "yesterday..today", "2026-11-26T18:30", "2026-11-28T18:30"),
        ("Asia/Kolkata", "2026-11-01..yesterday", "2026-10-31T18:30", "2026-11-27T18:30"),
    ],
)
def test_days_run_from_midnight_to_midnight_in_the_zone(
    zone: str, text: str, start: str, end: str
) -> None:
    time_filter = parse_time_filter(text)
    assert time_filter.range(NOW.astimezone(zone_of(zone))) == (utc(start), utc(end))
    assert parse_time_filter(str(time_filter)) == time_filter


def test_a_day_that_a_zone_left_out_is_empty() -> None:
    assert parse_time_filter("2011-12-30").range(NOW.astimezone(zone_of("Pacific/Apia"))).is_empty


def test_ages_do_not_depend_on_changes_of_the_clocks() -> None:
    now = datetime(2026, 3, 8, 12, tzinfo=ZoneInfo("America/New_York"))
    assert parse_time_filter("<12h").range(now).start == now.astimezone(UTC) - timedelta(hours=12)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "9999-12-31T23:59", "9999", "0001"])
@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns"])
def test_the_first_and_the_last_day_have_a_range_in_every_zone(text: str, zone: str) -> None:
    for sign in ("", "<", "<=", ">", ">="):
        parse_time_filter(f"{sign}{text}").range(NOW.astimezone(zone_of(zone)))


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("this week", "this-week"),
        (">=lastweek", ">=last-week"),
        ("today..yesterday", "yesterday..today"),
        ("this-week..last-week", "last-week..this-week"),
        ("today..this week", "today..this-week"),
        ("tomorrow", None),
    ],
)
def test_invalid_named_days_are_rejected_with_a_suggestion(
    text: str, suggestion: str | None
) -> None:
    with pytest.raises(InvalidTime) as caught:
        parse_time_filter(text)
    assert caught.value.suggestion == suggestion


@pytest.fixture
def three_days() -> None:
    """In Kolkata, `second` and `third` were created on the 28th; in UTC, `third` and `fourth`."""
    for name, text in (
        ("first", "2026-11-27T18:29:59.999999"),
        ("second", "2026-11-27T18:30"),
        ("third", "2026-11-28T18:29:59.999999"),
        ("fourth", "2026-11-28T18:30"),
    ):
        fill(1, name=name, at=utc(text))


@pytest.mark.django_db
@pytest.mark.usefixtures("three_days")
def test_the_api_is_in_utc_unless_tz_names_a_zone(client: Client) -> None:
    client.cookies["time-zone"] = "Asia/Kolkata"

    def names(query: str) -> list[str]:
        response = client.get(f"/api/jobs/?q=created:2026-11-28&{query}").json()
        export = client.get(f"/api/jobs/export/?format=csv&q=created:2026-11-28&{query}")
        lines = b"".join(export.streaming_content).decode().splitlines()[1:]  # type: ignore[attr-defined]
        listed = [job["name"] for job in response["results"]]
        assert [name in line for name, line in zip(listed, lines, strict=True)] == [True] * len(
            lines
        )
        return listed

    assert names("") == ["fourth", "third"]
    assert names("tz=UTC") == ["fourth", "third"]
    assert names("tz=Asia/Kolkata") == ["third", "second"]
    assert names("tz=Asia/Calcutta") == ["third", "second"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/jobs/", "/api/jobs/export/"])
def test_the_api_rejects_unknown_zones_with_a_hint(client: Client, path: str) -> None:
    for zone in ("Mars/Olympus", ""):
        response = client.get(path, {"tz": zone})
        assert response.status_code == 400
        [error] = response.json()["errors"]
        assert (error["field"], error["code"]) == ("tz", "unknown_tz")
        assert "tz=Asia/Kolkata" in error["detail"]


@pytest.mark.django_db
@pytest.mark.usefixtures("three_days")
def test_next_links_of_the_api_keep_the_zone(client: Client) -> None:
    first = client.get("/api/jobs/?q=created:2026-11-28&tz=Asia/Kolkata&page_size=1").json()
    assert [job["name"] for job in first["results"]] == ["third"]
    second = client.get(first["next"]).json()
    assert [job["name"] for job in second["results"]] == ["second"]
    assert second["next"] is None
    other = client.get(first["next"].replace("Kolkata", "Tokyo"))
    assert other.json()["errors"][0]["code"] == "invalid_cursor"


@pytest.mark.django_db
@pytest.mark.usefixtures("three_days")
def test_a_page_shows_the_days_of_its_viewer_and_says_so_in_its_url(client: Client) -> None:
    client.cookies["time-zone"] = "Asia/Kolkata"
    response = client.get("/?q=created:2026-11-28")
    assert response["Location"] == "/?q=created:2026-11-28&tz=Asia%2FKolkata"
    html = page(client, response["Location"])
    assert job_names(html) == ["third", "second"]
    assert "created: 2026-11-28 (Kolkata)" in text_of(html)
    typed = client.get("/?q=created:2026-11-28", headers=PARTIAL)
    assert typed["HX-Replace-Url"] == response["Location"]
    assert job_names(typed.content.decode()) == ["third", "second"]


@pytest.mark.django_db
@pytest.mark.usefixtures("three_days")
def test_a_link_means_the_same_days_to_its_receiver(client: Client) -> None:
    client.cookies["time-zone"] = "America/St_Johns"
    html = page(client, "/?q=created:2026-11-28+ir&tz=Asia/Kolkata")
    assert job_names(html) == ["third"]
    for url in (link(html, "Name"), link(html, "25"), chip_url(html, "name: ir")):
        assert parse_qs(urlsplit(url).query)["tz"] == ["Asia/Kolkata"]
    assert "?from=q%3Dir%2Bcreated%3A2026-11-28%26tz%3DAsia%252FKolkata" in html
    assert 'name="tz" value="Asia/Kolkata"' in html
    assert "format=csv&amp;q=ir+created:2026-11-28&amp;tz=Asia%2FKolkata" in html
    assert chip_url(html, "created: 2026-11-28 (Kolkata)") == "/?q=ir"


@pytest.mark.django_db
@pytest.mark.usefixtures("three_days")
@pytest.mark.parametrize("cookie", [None, "Mars/Olympus", "../../etc/passwd", "\\0"])
def test_without_a_known_zone_a_page_is_in_utc(client: Client, cookie: str | None) -> None:
    if cookie is not None:
        client.cookies["time-zone"] = cookie
    html = page(client, "/?q=created:2026-11-28")
    assert job_names(html) == ["fourth", "third"]
    assert "created: 2026-11-28 (UTC)" in text_of(html)
    # A script that knows the zone loads the list again.
    assert "data-zone-assumed" in html
    assert "tz=UTC" in link(html, "Name")
    assert "data-zone-assumed" not in page(client, "/?q=created:<1h")
    assert "data-zone-assumed" not in page(client, "/?q=created:2026-11-28&tz=UTC")


@pytest.mark.django_db
def test_a_search_without_days_has_no_zone(client: Client) -> None:
    client.cookies["time-zone"] = "Asia/Kolkata"
    html = page(client, "/?q=wing+created:<1h+updated:>2026-11-28T10:00Z&tz=Asia/Kolkata")
    assert "tz=" not in link(html, "Name")
    assert "(Kolkata)" not in text_of(html)


@pytest.mark.django_db
def test_an_invalid_zone_in_the_url_is_explained(client: Client) -> None:
    html = page(client, "/?q=created:today&tz=Mars", 400)
    assert '"Mars" is not a time zone' in text_of(html)
