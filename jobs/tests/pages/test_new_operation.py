"""The form of a new operation: for the jobs of a list, or for those that were selected."""

import json
import re

import pytest
from django.test import Client
from pytest_django import Settings

from jobs.models import Job
from jobs.tests.factories import FAILED, make_job
from jobs.tests.pages.html import text_of

pytestmark = pytest.mark.django_db


def shown(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def selection_in(html: str) -> object:
    [text] = re.findall('data-selection="([^"]*)"', html)
    return json.loads(text.replace("&quot;", '"'))


def test_a_new_operation_shows_what_it_is_for(client: Client) -> None:
    make_job("Wing", history=[FAILED])
    make_job("Wing two")
    make_job("Rotor", history=[FAILED])
    html = shown(client, "/operations/new/?status=FAILED&q=wing")
    text = text_of(html)
    assert "No worker is running: it begins as soon as one starts" in text
    assert "Change 1 job" in text
    assert "Status failed; name contains wing" in text
    assert "Rotor" not in text
    assert selection_in(html) == {"status": ["FAILED"], "q": "wing"}


def test_all_jobs_are_chosen_by_saying_so(client: Client) -> None:
    make_job("Wing")
    html = shown(client, "/operations/new/")
    assert "All jobs" in text_of(html)
    assert selection_in(html) == {"all": True}


def test_days_are_those_of_the_viewers_zone(client: Client) -> None:
    make_job("Wing")
    client.cookies["time-zone"] = "Asia/Kolkata"
    html = shown(client, "/operations/new/?q=created:today")
    assert selection_in(html) == {"q": "created:today", "tz": "Asia/Kolkata"}


def test_selected_jobs_are_chosen_by_their_ids(client: Client) -> None:
    one, two, gone = (make_job(name) for name in ("Wing", "Wing two", "Wing three"))
    make_job("Wing four")
    ids = [two.pk, one.pk, gone.pk]
    Job.objects.filter(pk=gone.pk).delete()
    html = shown(client, f"/operations/new/?q=wing&ids={','.join(map(str, ids))}")
    text = text_of(html)
    assert "Change 2 jobs Only the selected jobs." in text
    assert "1 selected job was deleted meanwhile." in text
    assert selection_in(html) == {"ids": ids}
    assert 'href="/operations/new/?q=wing">Change all that match instead' in html
    html = shown(client, f"/operations/new/?ids={gone.pk}")
    assert "The selected jobs are gone" in text_of(html)
    assert "<form" not in html


@pytest.mark.parametrize("ids", ["", "x", "1,", "-1", "0", "9" * 19, "1" * 40])
def test_a_link_with_other_ids_changes_nothing(client: Client, ids: str) -> None:
    response = client.get("/operations/new/", {"ids": ids})
    assert response.status_code == 400
    assert "Select the jobs again." in text_of(response.content.decode())
    assert "<form" not in response.content.decode()


def test_nothing_can_be_begun_for_no_jobs_or_an_invalid_search(client: Client) -> None:
    html = shown(client, "/operations/new/?q=nothing")
    assert "No jobs match" in text_of(html)
    assert "<form" not in html
    response = client.get("/operations/new/?q=id:x")
    assert response.status_code == 400
    assert "<form" not in response.content.decode()


def test_deleting_many_jobs_asks_for_the_number(client: Client, settings: Settings) -> None:
    settings.CONFIRM_ABOVE = 1
    make_job("Wing")
    assert "data-confirmation" not in shown(client, "/operations/new/")
    make_job("Rotor")
    assert 'data-confirmation="2"' in shown(client, "/operations/new/")


def test_the_list_leads_to_an_operation_for_what_it_shows(client: Client) -> None:
    make_job("Wing", history=[FAILED])
    html = client.get("/?status=FAILED&q=wing&ordering=name&page_size=25").content.decode()
    assert 'href="/operations/new/?status=FAILED&amp;q=wing"' in html
    assert "Change all 1" in text_of(html)
    assert "/operations/new/" not in client.get("/?q=nothing").content.decode()
