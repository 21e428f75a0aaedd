"""Names of time zones, which browsers and the server know by the same table of renamed ones."""

import re

import pytest
from django.conf import settings

from jobs.timestamps import RENAMED, zone_name


@pytest.mark.parametrize(
    "name", ["UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "EST5EDT"]
)
def test_existing_zones_keep_their_names(name: str) -> None:
    assert zone_name(name) == name


def test_renamed_zones_get_their_current_names() -> None:
    for old, new in RENAMED.items():
        assert zone_name(old) == zone_name(new) == new


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "America", "../etc/passwd", "/etc/localtime", "Asia/Kolkata\0", "A" * 9999, "İ", "zone.tab",
     "Asia/", "+05:30", "Asia/Kolkata\n"],
)  # fmt: skip
def test_other_texts_are_no_zones(name: str) -> None:
    assert zone_name(name) is None


def test_the_pages_rename_the_same_zones() -> None:
    source = (settings.BASE_DIR / "islands/src/time/zone.ts").read_text()
    table = source.partition("const RENAMED")[2].partition("};")[0]
    assert dict(re.findall(r'"(.+)": "(.+)",', table)) == RENAMED
