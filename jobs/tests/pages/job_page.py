"""What a job's page shows, and histories with entries of known ages."""

import re

from django.db import connection

from jobs.models import Job
from jobs.tests.factories import rewrite_history
from jobs.tests.pages.html import text_of


def backdate(job: Job, *ages: str) -> None:
    """Moves the entries of the history into the past by these ages, oldest first."""
    for entry, age in zip(job.statuses.order_by("id"), ages, strict=True):
        rewrite_history(
            "UPDATE job_status SET timestamp = now() - %s::interval WHERE id = %s", [age, entry.pk]
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE job SET created_at = now() - %s::interval WHERE id = %s", [ages[0], job.id]
        )


def entries(html: str) -> list[tuple[str, str]]:
    """Each status and its duration, as shown."""
    items = re.findall(r"<li data-status=.*?</li>", html, flags=re.S)
    found = [re.search(r"<b>(\w+)</b>.*?class=\"lasted\">(.*?)</li>", i, re.S) for i in items]
    return [(entry[1], text_of(entry[2])) for entry in found if entry]


def summary(html: str) -> str:
    found = re.search(r'<p class="summary">.*?</p>', html, flags=re.S)
    assert found
    return text_of(found[0]).replace(" ,", ",")


def totals_shown(html: str) -> str:
    """What the times say about the job's life, without the dates that every job has."""
    return text_of(html.split('class="panel times"')[1]).split(" Created ")[0].split(" Times ")[1]


def entries_shown(html: str) -> list[tuple[str, str, str]]:
    """Each status, what is said about an undo, and the duration without seconds."""
    pattern = r'<b>(\w+)(?: <small class="undid">(.*?)</small>)?</b>.*?class="lasted">(.*?)</li>'
    return [
        (status, undo_words, re.sub(r"(min) \d+ s", r"\1", text_of(lasted)))
        for status, undo_words, lasted in re.findall(pattern, html, flags=re.S)
    ]
