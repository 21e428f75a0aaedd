"""The benchmark at a tiny size: it measures everything; the values do not matter."""

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jobs.benchmark import calls, clients, disk
from jobs.benchmark.app import App, UnexpectedResponse
from jobs.benchmark.deep_pages import last_page, middle_page
from jobs.benchmark.legacy import add_legacy_jobs
from jobs.benchmark.limits import Limits
from jobs.benchmark.pairs import FIELDS, FILTERS, SEARCHES
from jobs.benchmark.plans import WHOLE_TABLE, explained, work_of
from jobs.benchmark.requests import Call, Request, create, get, job_list
from jobs.benchmark.served import ClientsFailed
from jobs.benchmark.served import clients as served_clients
from jobs.models import Job
from jobs.seeding.generator import seed_jobs
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import RUNNING, database_rows, fill, make_job

TINY = Limits(
    rounds=1,
    clients=2,
    served_seconds=30,
    served_requests=4,
    writing_seconds=0.2,
    tabs=4,
    tabs_seconds=0.2,
    streams=0,  # Django's server keeps its connections: measured in test_event_streams
    streams_seconds=0,
    pair_repeats=1,
    transfer_repeats=1,
    random_searches=5,
)
CALLS = """
    floor 1: plain JsonResponse; floor 2: rows from json_agg; list, first page; list, deep page;
    list, one status; list, two statuses; list, by name; list, by last update; search, a common word;
    search, a medium word; search, a rare number; search, no match; search, oldest jobs only;
    search, two letters; search, a common word by name; search, one of two words;
    search, a word without another; search, long runs; search, waits that no job had; one job;
    status history; counts; events, page of 100; HTML page; HTML fragment; job page; invalid request; health; create; status change; rename; delete
"""
IN_DATABASE = pytest.mark.django_db(transaction=True)


def task(address: str, number: int = 2) -> dict[str, Any]:
    create = {"method": "POST", "path": "", "body": "", "headers": {}}
    return {"address": address, "create": create, "clients": number, "seconds": 60, "limit": 6}


def test_report_contains_every_call(same_database: None, live_server: Any) -> None:
    out, err = StringIO(), StringIO()
    options = {"sizes": [100, 300], "title": "make bench-scale", "limits": TINY}
    call_command("benchmark", served=live_server.url, stdout=out, stderr=err, **options)
    report = out.getvalue()
    all_calls = [*calls.floors(), *calls.reads(job_list(), [1]), *calls.writes([1])]
    assert [call.name for call in all_calls] == re.split(r";\s+", CALLS.strip())
    for call in all_calls:
        [line] = re.findall(rf"^\| {re.escape(call.name)} *\|.*\| 0 of \d+ *\|$", report, re.M)
        assert line.count("–") == (3 if not call.served else 0), line
        assert len(re.findall(rf"^\| {re.escape(call.name)} *\|", report, re.M)) == 2
    for search in SEARCHES:
        assert f"### {search[0].upper()}{search[1:]}\n" in report
    pairs = re.findall(rf"^\| (?:{'|'.join(FILTERS)}) +\| (?:{'|'.join(FIELDS)}) .*$", report, re.M)
    assert len(pairs) == len(SEARCHES) * len(FILTERS) * len(FIELDS)
    assert all(re.search(r"by_\w+|trigrams|seq scan", line) for line in pairs), pairs
    assert re.search(r"^\| +300 \| +196 \|", report, re.M)  # seeded: all but 4 and the 100 before
    assert re.search(r"\| 4 open tabs, share of one core +\| +12\.0 % \| +[\d.]+ %", report)
    assert re.search(r"\| API token, CPU more than in open mode +\| +0\.15 ms \|", report)
    for text in (
        "`make bench-scale`",
        "ms more with a token",
        "equal to those of GROUP BY",
        "OFFSET to the middle",
    ):
        assert text in " ".join(report.split())  # lines break anywhere
    assert report.count("not measured") == 11  # loading and operations, of too few jobs
    for lines in re.findall(r"(?:^\|.*\n)+", report, re.M):
        assert len({len(line) for line in lines.splitlines()}) == 1
    for action in ("status changes", "deletions", "restored deletions"):
        assert re.search(rf"^\| {action} +\| +[1-9]\d+ \|", report, re.M), action
    assert "delete: " in err.getvalue()
    for shape in (
        "Many distinct names",
        "Few distinct names",
        "Long paths with digits",
        "Labels and keys",
    ):
        [(number, rows)] = re.findall(
            rf"^### {shape}\n\n(\d+) random searches [^|]+((?:^\|.*\n)+)", report, re.M
        )
        assert int(number) == TINY.random_searches == len(rows.splitlines()) - 2
    assert set(Job.objects.values_list("name", flat=True)) == {
        job.name for job in seed_jobs(300, 300, "paths")
    }


@IN_DATABASE
def test_rejects_a_database_with_jobs() -> None:
    make_job()
    with pytest.raises(CommandError, match="contains jobs"):
        call_command("benchmark", served="http://127.0.0.1:1")


@pytest.mark.parametrize("sizes", ["0", "many", "1000,", "-1000"])
def test_rejects_invalid_sizes(sizes: str) -> None:
    with pytest.raises(CommandError, match="not a list of numbers"):
        call_command("benchmark", f"--sizes={sizes}", served="http://127.0.0.1:1")


@IN_DATABASE
def test_insufficient_disk_space_is_reported_before_loading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert disk._free_bytes() is None or disk._free_bytes()
    monkeypatch.setattr(disk, "_free_bytes", lambda: 10**9)
    with pytest.raises(CommandError, match=r"need about [\d.]+ GB on the database's disk"):
        call_command("benchmark", served="http://127.0.0.1:1", sizes=[10**13], stderr=StringIO())
    assert not Job.objects.exists()


@IN_DATABASE
def test_finds_the_middle_and_the_last_page() -> None:
    ids = fill(300)
    app = App()
    middle, last = middle_page([], ids[150]), last_page(app, [], app.expect(job_list()))
    assert middle is not None
    assert last is not None
    found = [job["id"] for job in app.expect(middle).content["results"]]
    assert found == ids[149:99:-1]
    assert [job["id"] for job in app.expect(last).content["results"]] == ids[49::-1]


@IN_DATABASE
def test_single_page_has_no_last_page_and_missing_job_no_middle() -> None:
    app = App()
    fill(3)
    assert last_page(app, [], app.expect(job_list())) is None
    assert middle_page([], 2**40) is None


@IN_DATABASE
def test_floor_returns_the_rows_of_the_list(settings: Any) -> None:
    fill(60)
    settings.ROOT_URLCONF = "jobs.benchmark.urls"
    app = App()
    raw = app.expect(get("/bench/raw")).content["results"]
    listed = app.expect(job_list()).content["results"]
    assert [list(row.values()) for row in raw] == [list(row.values()) for row in listed]


@IN_DATABASE
def test_expect_raises_on_an_unexpected_status() -> None:
    with pytest.raises(UnexpectedResponse, match="404"):
        App().expect(get("/api/jobs/1/"))


@IN_DATABASE
def test_work_counts_returned_and_discarded_rows() -> None:
    fill(2_000)
    database_rows("ANALYZE job")
    app = App()
    one = work_of(app, Call("", (get(f"/api/jobs/{Job.objects.latest('id').pk}/"),)))
    assert (one.queries, one.rows) == (1, 1)
    found = explained(["SELECT name FROM job WHERE id % 1000 = 7", "SET work_mem = '4MB'"])
    assert (found.queries, found.rows, found.indexes) == (2, 2_000, frozenset([WHOLE_TABLE]))
    assert explained(["SELECT no_such_column FROM job"]).rows is None
    delete = work_of(app, Call("", (Request("DELETE", "", expected=204),), fresh=True))
    assert delete.queries == 1  # a function, whose rows the plan does not show
    assert Job.objects.count() == 2_001  # the explained deletion was rolled back


@IN_DATABASE
def test_legacy_jobs_are_consistent_and_numbered_consecutively() -> None:
    add_legacy_jobs(30, already=0)
    add_legacy_jobs(1000, already=30)
    names = set(Job.objects.values_list("name", flat=True))
    assert names == {f"Legacy Import #{number}" for number in range(1, 1031)}
    assert Job.objects.filter(current_status=RUNNING).count() == 1
    assert_consistent()


@IN_DATABASE
def test_clients_count_unexpected_responses(live_server: Any) -> None:
    wrong = {"method": "GET", "path": "/api/jobs/1/", "body": "", "headers": {}, "expected": 200}
    call = {"name": "one", "requests": [wrong], "fresh": False}
    found = clients.run(task(live_server.url), call)
    assert found["responses"] == 6
    assert found["others"] == {"404": 6}
    assert 0 < found["p50"] <= found["p99"]


def test_clients_report_a_missing_server() -> None:
    request = {"method": "GET", "path": "/", "body": "", "headers": {}, "expected": 200}
    call = {"name": "one", "requests": [request], "fresh": False}
    found = clients.run(task("http://127.0.0.1:1"), call)
    assert found["others"] == {clients.NO_RESPONSE: 6}
    assert (found["responses"], found["p50"]) == (0, None)


def test_failing_clients_raise_an_error() -> None:
    call = Call("one", (get("/"),))
    with served_clients("http://[", [call], 1, 1, 1) as reports, pytest.raises(ClientsFailed):
        next(reports)


def test_requests_are_serializable() -> None:
    request = create("René")
    assert json.loads(request.body) == {"name": "René"}
    assert request.headers == {"Content-Type": "application/json"}
