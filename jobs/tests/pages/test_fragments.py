"""Fragments: file, id and constant have the same name, and no fragment is returned in place of a page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from jobs.models import Job
from jobs.pages import htmx
from jobs.pages.htmx import Fragment
from jobs.statuses import StatusType
from jobs.tests.factories import make_job
from jobs.tests.pages.html import PARTIAL

pytestmark = pytest.mark.django_db
FRAGMENTS = sorted((Path(settings.BASE_DIR) / "templates/jobs/fragments").glob("*.html"))


@pytest.mark.parametrize("template", FRAGMENTS, ids=lambda path: path.stem)
def test_fragment_is_one_element_named_after_its_file(template: Path) -> None:
    html = re.sub(r"{%.*?%}", "", template.read_text(), flags=re.S).strip()
    root = re.match(r'<(\w+) id="([\w-]+)"', html)
    assert root
    assert root[2] == template.stem.replace("_", "-")
    assert html.endswith(f"</{root[1]}>")
    assert root[2] in {value.id for value in vars(htmx).values() if isinstance(value, Fragment)}


@pytest.mark.parametrize("path", ["/", "/jobs/{id}/"])
def test_history_restore_gets_the_whole_page(client: Client, path: str) -> None:
    path = path.format(id=Job.objects.create_pending("one").id)
    restored = client.get(path, headers={"HX-Request": "true", "HX-Request-Type": "full"})
    assert restored.content.decode().startswith("<!doctype html>")
    partial = client.get(path, headers=PARTIAL)
    assert "<html" not in partial.content.decode()
    assert {"HX-Request", "HX-Request-Type"} <= set(partial["Vary"].split(", "))


def test_status_tabs_can_be_requested_alone(client: Client) -> None:
    make_job("one", StatusType.FAILED)
    html = client.get("/status-tabs/?status=FAILED").content.decode()
    assert html.strip().startswith('<nav id="status-tabs"')
    assert "job-table" in html
    assert "<table" not in html
    assert client.get("/status-tabs/?status=LOST").status_code == 404
