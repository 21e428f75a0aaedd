"""Searches for labels and keys: exact, excluded, as alternatives, and which index finds them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.models import Job
from jobs.search.estimates import estimates
from jobs.search.parser import parse
from jobs.search.terms import LABEL
from jobs.tests.conftest import Api
from jobs.tests.factories import database_rows
from jobs.tests.plans import indexes, plans

pytestmark = pytest.mark.django_db

JOBS: dict[str, tuple[str | None, dict[str, str]]] = {
    "fluid": ("run-1", {"team": "fluid", "step": "1"}),
    "solid": ("run-17", {"team": "solid"}),
    "spaced": ("Run-1", {"team": 'fluid "x" y'}),
    "teams": ("run 2", {"teams": "fluid", "note": "team=fluid"}),
    "plain": (None, {}),
}


@pytest.fixture
def jobs() -> None:
    for name, (key, labels) in JOBS.items():
        Job.objects.create_pending(name, key=key, labels=labels)


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("label:team=fluid", "fluid"),
        ('label:"team=fluid \\"x\\" y"', "spaced"),
        ("label:team", "fluid solid spaced"),
        ("label:note=team=fluid", "teams"),
        ("label:Team=fluid", ""),
        ("label:team=", ""),
        ("label:team=fluid label:step=1", "fluid"),
        ("label:team=fluid label:team=solid", ""),
        ("label:team=fluid OR label:team=solid", "fluid solid"),
        ("label:team OR label:teams", "fluid solid spaced teams"),
        ("-label:team=fluid", "solid spaced teams plain"),
        ("-label:team", "teams plain"),
        ("key:run-1", "fluid"),
        ("key:run-*", "fluid solid"),
        ('key:"run 2"', "teams"),
        ("key:*", "fluid solid spaced teams"),
        ("-key:run-1", "solid spaced teams plain"),
        ("-key:run-*", "spaced teams plain"),
        ("key:run-1 OR key:Run-1", "fluid spaced"),
        ("key:run-1 label:team=solid", ""),
        ("solid label:team", "solid"),
        ("label:team status:pending created:today", "fluid solid spaced"),
    ],
)
def test_a_search_finds(api: Api, jobs: None, q: str, names: str) -> None:
    response = api.call("GET", "/api/jobs/?" + JobFilter(q=parse(q)).query_string())
    page = response.json()
    assert {job["name"] for job in page["results"]} == set(names.split())
    assert (page["count"], page["count_relation"]) == (len(names.split()), "exact")
    assert parse(str(parse(q))) == parse(q)


@pytest.mark.parametrize(
    ("q", "canonical", "words"),
    [
        ("LABEL:team=fluid", "label:team=fluid", ["team=fluid"]),
        ('label:"team=a b"', 'label:"team=a b"', ["team=a b"]),
        ("-label:team", "-label:team", ["not any team"]),
        (
            "label:a=1 | label:b label:c=2",
            "label:a=1 OR label:b label:c=2",
            ["a=1 or any b", "c=2"],
        ),
        ("label:a=1 OR label:a=1", "label:a=1", ["a=1"]),
        ("key:run-*", "key:run-*", ["run-*"]),
        ('key:"a b" OR key:c', 'key:"a b" OR key:c', ["a b or c"]),
    ],
)
def test_terms_in_words(q: str, canonical: str, words: list[str]) -> None:
    query = parse(q)
    assert str(query) == canonical
    assert [term.words for term in query.terms] == words


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("label:", "incomplete"),
        ("key:", "incomplete"),
        ("label:=fluid", "unknown_label"),
        ("label:-a=1", "unknown_label"),
        (f"label:{'a' * 64}=1", "unknown_label"),
        (f"label:a={'1' * 256}", "unknown_label"),
        (f"key:{'a' * 256}", "too_long"),
        ("label:a=1 OR key:b", "misplaced_or"),
        ("label:a=1 OR wing", "misplaced_or"),
        ("-label:a=1 OR label:b=2", "misplaced_or"),
        ("labl:team=fluid", "unknown_filter"),
    ],
)
def test_an_invalid_term_is_an_error(api: Api, q: str, code: str) -> None:
    response = api.call("GET", f"/api/jobs/?q={q.replace(' ', '+')}")
    [error] = response.json()["errors"]
    assert (response.status_code, error["code"]) == (400, code)


def test_pages_show_the_terms_as_chips(client: Client, jobs: None) -> None:
    html = client.get("/", {"q": 'label:"team=fluid" -key:run-*'}).content.decode()
    assert "<span>label: <b><bdi>team=fluid</bdi></b></span>" in html
    assert "<span>key: <b><bdi>not run-*</bdi></b></span>" in html
    grammar = html.partition('id="search-grammar"')[2].partition("</script>")[0]
    assert '"name": "label"' in grammar
    assert '"name": "key"' in grammar


@pytest.fixture
def labelled(many_jobs: None) -> None:
    """Of 50,000 jobs, one in fifty has labels: one in a hundred of those is rare, all are common."""
    database_rows(
        "UPDATE job SET labels = ARRAY['common=yes', 'n=' || id % 1000], key = 'run-' || id WHERE id % 50 = 0"
    )
    database_rows("UPDATE job SET labels = ARRAY['common=yes', 'rare=yes'] WHERE id % 5000 = 0")
    database_rows("ANALYZE job")


def read(q: str) -> tuple[list[Any], list[list[Any]]]:
    with CaptureQueriesContext(connection) as queries:
        page = JobList(JobFilter(q=parse(q), page_size=5)).page()
    return page.rows, plans(queries)


@pytest.mark.parametrize(
    ("q", "index"),
    [
        ("label:rare=yes", "job_labels"),
        ("label:rare=yes OR label:n=50", "job_labels"),
        ("key:run-100", "job_key"),
        ("key:run-10*", "job_key"),
        ("key:run-100 OR key:run-15*", "job_key"),
    ],
)
def test_few_matches_are_read_through_their_index(labelled: None, q: str, index: str) -> None:
    database_rows("SET LOCAL enable_seqscan = off")
    _, found = read(q)
    assert indexes(found[-1]) == {index}


@pytest.mark.parametrize("q", ["label:common", "-label:common=yes", "-key:run-*"])
def test_other_searches_walk_the_list(labelled: None, q: str) -> None:
    rows, found = read(q)
    assert len(rows) == 5
    for plan in found:
        assert not {"Seq Scan", "Bitmap Heap Scan"} & {node["Node Type"] for node in plan}
        assert indexes(plan) <= {"job_by_created", "job_pkey"}


def test_the_planner_is_asked_for_the_label_alone(labelled: None) -> None:
    """The partial index leaves out the jobs without labels: their share must not count twice."""
    [[actual]] = database_rows("SELECT count(*) FROM job WHERE labels @> '{common=yes}'")
    [estimate] = estimates([LABEL.condition(LABEL.read("common=yes"))])
    assert actual / 2 <= estimate <= actual * 2


def test_each_alternative_that_is_walked_makes_the_steps_shorter() -> None:
    now = datetime.now(UTC)
    cost = {q: parse(q).criteria(now).cost for q in ("label:a", "label:a OR label:b OR label:c")}
    assert cost == {"label:a": 2, "label:a OR label:b OR label:c": 6}
    assert parse("label:a=1 OR label:b=1").criteria(now).cost == 1
