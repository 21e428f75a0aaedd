"""`duration:` and `waited:` find the jobs whose rows show such a time, with every strategy, in bounded work."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import NamedTuple

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.durations import Phase, read_durations
from jobs.models import Job
from jobs.search import limits
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, PENDING, RUNNING, database_rows
from jobs.tests.pages.html import job_names, page, text_of
from jobs.tests.strategies import STRATEGIES, all_ids, use_strategy

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


class Entry(NamedTuple):
    """`age` is in minutes; `undoes` is the place of the entry that it undoes."""

    status: StatusType
    age: int
    undoes: int | None = None


class Times(NamedTuple):
    """In minutes; None if the job has no such time."""

    ran: int | None
    waited: int | None


def _history(random: Random) -> list[Entry]:
    """Statuses and undos, with ages that end in 5, so that no threshold of the tests is near a length."""
    ages = sorted(random.sample(range(10, 400, 10), k=random.randint(1, 7)), reverse=True)
    entries = [Entry(PENDING, ages[0])]
    for age in ages[1:]:
        if len(entries) > 1 and random.random() < 0.4:
            undone = len(entries) - 1
            entries.append(Entry(entries[undone - 1].status, age, undone))
        else:
            entries.append(Entry(random.choice(list(StatusType)), age))
    return entries


def _times(entries: list[Entry]) -> Times:
    """By replaying the history: an undo restores what was in effect before the entry that it undoes."""
    states: list[list[Entry]] = []
    for entry in entries:
        before = states[-1] if states else []
        states.append(states[entry.undoes - 1] if entry.undoes else [*before, entry])
    line = states[-1]
    status, since = line[-1].status, line[-1].age
    statuses = [entry.status for entry in line]
    if status == PENDING:
        return Times(None, since)
    run = line if status == RUNNING else line[:-1]
    if not run or run[-1].status != RUNNING:
        return Times(None, None)
    ran = since if status == RUNNING else run[-1].age - since
    waited = run[-2].age - run[-1].age if len(run) > 1 and run[-2].status == PENDING else None
    assert statuses[-1] == status
    return Times(ran, waited)


def _insert(histories: dict[int, list[Entry]]) -> None:
    """Creates jobs with these ids and histories, by one statement for each table."""
    jobs, entries, first_id = [], [], 1
    for job_id, history in histories.items():
        first, last = history[0], history[-1]
        jobs.append(f"({job_id}, 'Job {job_id}', '{last.status}', {_ago(first)}, {_ago(last)})")
        for number, entry in enumerate(history):
            undoes = "NULL" if entry.undoes is None else first_id + entry.undoes
            values = f"{first_id + number}, {job_id}, '{entry.status}', {_ago(entry)}, {undoes}"
            entries.append(f"({values})")
        first_id += len(history)
    job_columns = "id, name, current_status, created_at, updated_at"
    database_rows(f"INSERT INTO job ({job_columns}) VALUES {', '.join(jobs)}")
    entry_columns = 'id, job_id, status_type, "timestamp", undoes'
    database_rows(f"INSERT INTO job_status ({entry_columns}) VALUES {', '.join(entries)}")


def _ago(entry: Entry) -> str:
    return f"now() - interval '{entry.age} min'"


@pytest.fixture
def jobs() -> dict[int, Times]:
    random = Random(11)
    database_rows("TRUNCATE job, job_status")
    histories = {number: _history(random) for number in range(1, 81)}
    _insert(histories)
    database_rows("ANALYZE job, job_status")
    return {job_id: _times(history) for job_id, history in histories.items()}


Matches = Callable[[Times], bool]
QUERIES: dict[str, Matches] = {
    "duration:>55m": lambda t: t.ran is not None and t.ran > 55,
    "duration:<=55m": lambda t: t.ran is not None and t.ran < 55,
    "duration:25m..2h5m": lambda t: t.ran is not None and 25 < t.ran < 125,
    "-duration:>55m": lambda t: t.ran is None or t.ran < 55,
    "-duration:>0s": lambda t: t.ran is None,
    "waited:>=35m": lambda t: t.waited is not None and t.waited > 35,
    "waited:<35m": lambda t: t.waited is not None and t.waited < 35,
    "-waited:<35m": lambda t: t.waited is None or t.waited > 35,
    "waited:>15m duration:>15m": lambda t: (t.waited or 0) > 15 and (t.ran or 0) > 15,
    "job duration:<95m -duration:<45m": lambda t: t.ran is not None and 45 < t.ran < 95,
    "duration:>1w": lambda _: False,
}


def query_for(q: str, ordering: str = "-created_at") -> str:
    query = QueryDict(mutable=True)
    query.update({"q": q, "page_size": "30", "ordering": ordering})
    return query.urlencode()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_finds_the_same_jobs(
    jobs: dict[int, Times], strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_strategy(strategy, monkeypatch)
    # The steps of these strategies are short anyway.
    monkeypatch.setattr(limits, "HISTORY_COST", 1)
    for q, matches in QUERIES.items():
        for ordering in ("-created_at", "name"):
            found = all_ids(query_for(q, ordering))
            assert len(found) == len(set(found))
            assert set(found) == {job_id for job_id, times in jobs.items() if matches(times)}, q


def test_a_search_compares_what_the_rows_show(jobs: dict[int, Times]) -> None:
    shown = read_durations(list(jobs))
    for q, phases in (("duration:<=95m", {Phase.RAN, Phase.RUNNING}), ("waited:<=95m", {Phase.WAITING})):  # fmt: skip
        found = all_ids(query_for(q))
        in_rows = {
            job_id
            for job_id, duration in shown.items()
            if duration.phase in phases and duration.seconds <= 95 * 60
        }
        # Rows show no wait of a job that has started.
        assert in_rows == {job_id for job_id in found if shown.get(job_id, [0, 0])[1] in phases}
    assert len({duration.phase for duration in shown.values()}) == 3


def test_counts_are_those_of_the_pages(jobs: dict[int, Times], client: Client) -> None:
    for q, matches in QUERIES.items():
        count = sum(map(matches, jobs.values()))
        response = client.get("/api/jobs/", {"q": q, "page_size": "200"}).json()
        assert (response["count"], response["count_relation"]) == (count, "exact"), q
        assert len(response["results"]) == count


def test_a_time_that_never_began_is_not_looked_for(jobs: dict[int, Times]) -> None:
    waiting = JobList(JobFilter.parse(QueryDict("status=PENDING&q=duration:>1s")))
    with CaptureQueriesContext(connection) as queries:
        assert waiting.page().rows == []
    assert len(queries) == 0
    assert waiting.count() == (0, "exact")


def test_sampled_counts_are_lower_bounds(
    jobs: dict[int, Times], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COUNT_SAMPLE_ROWS", 200)
    monkeypatch.setattr(limits, "SORT_LIMIT", -1)
    counts = JobList(JobFilter.parse(QueryDict("q=duration:>1s"))).counts_by_status()
    assert counts.relation == "at_least"
    # A look-up of a history counts as much as five rows.
    assert 0 < counts.total().value <= 200 / limits.HISTORY_COST


def test_pages_show_the_terms_in_words(jobs: dict[int, Times], client: Client) -> None:
    html = page(client, "/?q=duration:>55m+-waited:<35m")
    expected = {
        f"Job {number}"
        for number, times in jobs.items()
        if QUERIES["duration:>55m"](times) and QUERIES["-waited:<35m"](times)
    }
    assert set(job_names(html)) == expected
    text = text_of(html)
    assert "duration: more than 55 minutes" in text
    assert "waited: not less than 35 minutes" in text
    assert "Jobs, duration more than 55 minutes, waited not less than 35 minutes" in html
    assert "No job matches duration more than 9 weeks" in text_of(page(client, "/?q=duration:>9w"))
    refused = page(client, "/?q=duration:1h", 400)
    assert 'href="/?q=duration:%3E1h"' in refused


@pytest.mark.parametrize("name", ["csv", "ndjson"])
def test_exports_contain_the_same_jobs(
    jobs: dict[int, Times], name: str, transactional_db: None, client: Client
) -> None:
    response = client.get("/api/jobs/export/", {"q": "duration:>55m", "format": name})
    lines = b"".join(response).decode().splitlines()
    count = sum(map(QUERIES["duration:>55m"], jobs.values()))
    assert len(lines) - (name == "csv") == count
    assert all(str(COMPLETED) in line or "Job " in line for line in lines[1:])


def test_a_live_row_says_that_it_has_left(jobs: dict[int, Times]) -> None:
    condition, params = JobList(JobFilter.parse(QueryDict("q=duration:>55m"))).condition or ("", [])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {condition} FROM job", params)
        found = dict(cursor.fetchall())
    assert found == {job_id: QUERIES["duration:>55m"](times) for job_id, times in jobs.items()}
    assert Job.objects.count() == len(found)
