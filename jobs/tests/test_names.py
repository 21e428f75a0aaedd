"""Names within texts: isolated, on the server as in the pages, wherever they stand."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from jobs.names import isolated
from jobs.tests.factories import make_job

NAMES = json.loads(Path(__file__, "..", "listing", "isolated_names.json").resolve().read_text())
TEMPLATES = Path(settings.BASE_DIR, "templates")
EVIL = "evil \u202eoverride"


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_that_could_turn_the_text_around_it_is_isolated(name: str, expected: str) -> None:
    assert isolated(name) == expected


def test_every_template_isolates_a_name_that_is_part_of_a_text() -> None:
    for path in TEMPLATES.rglob("*.html"):
        if path.parent.name == "reference":
            continue  # fields of the API
        for line in path.read_text().splitlines():
            for found in re.findall(r'(?:aria-label|title|data-title)="([^"]*)"', line):
                if re.search(r"{{ \w+\.name }}", found):
                    assert re.fullmatch(r"{{ \w+\.name }}", found), (path, found)
            for found in re.findall(r"{% block title %}(.*?){% endblock", line):
                assert ".name }}" not in found, (path, found)


@pytest.mark.django_db
def test_pages_isolate_a_name_in_titles_and_labels(client: Client) -> None:
    job = make_job(EVIL)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert f"<title>Pending · \u2068{EVIL}\u2069 #{job.pk}" in page
    assert f'data-title="Pending · \u2068{EVIL}\u2069 #{job.pk}' in page
    rows = client.get("/").content.decode()
    for label in ("Select", "Delete"):
        assert f'aria-label="{label} \u2068{EVIL}\u2069"' in rows
    found = client.get("/", {"q": '"\u202eoverride" status:failed'}).content.decode()
    assert "“\u2068\u202eoverride\u2069”" in found
