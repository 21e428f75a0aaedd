"""The audit as the API and the page list it, and its export."""

import csv
import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.audit.filters import AuditFilter
from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record
from jobs.audit.rows import audit_batches, audit_page
from jobs.listing.paging import Paging
from jobs.tests.access.conftest import Login
from jobs.tests.audit.conftest import CHANGE, LogIn
from jobs.tests.factories import database_rows
from jobs.tests.pages.html import text_of
from jobs.tests.plans import indexes, plans

pytestmark = pytest.mark.django_db

OF_SOURCES = {
    "audit_dropped_pkey",
    "audit_event_by_time",
    "api_token_event_by_time",
    "operation_by_cancellation",
    "operation_by_creation",
    "trashed_job_by_deletion_of_users",
}
OF_USER = {
    "audit_event_by_who",
    "api_token_event_by_who",
    "operation_by_actor",
    "trashed_job_by_actor",
    "job_status_by_actor",
}


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    text = "" if body is None else json.dumps(body)
    response = client.generic(method, path, text, "application/json", headers=CHANGE)
    assert response.status_code < 300, response.content
    return json.loads(response.content or b"null")


def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"/api/audit/{query}")
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


@pytest.fixture
def busy(as_role: Login, log_in: LogIn, user: Callable[[str], User]) -> Client:
    """An admin, after an operator has logged in, changed, deleted, and started and canceled an operation."""
    user("operator")
    otto = Client()
    log_in(otto, "otto")
    job = send(otto, "POST", "/api/jobs/", {"name": "=wing"})
    send(otto, "PATCH", f"/api/jobs/{job['id']}/", {"status_type": "RUNNING"})
    made = send(otto, "POST", "/api/operations/", {"action": "delete", "all": True})
    send(otto, "POST", f"/api/operations/{made['id']}/cancel/")
    send(otto, "DELETE", f"/api/jobs/{job['id']}/")
    return as_role("admin")


def test_it_joins_what_tables_say_without_a_copy(busy: Client) -> None:
    found = listed(busy)
    assert [entry["kind"] for entry in found] == [
        "job_deleted",
        "operation_cancelled",
        "operation_started",
        "logged_in",
    ]
    assert {entry["actor"] for entry in found} == {"otto"}
    assert (found[0]["name"], found[1]["detail"]) == ("=wing", "delete")
    assert database_rows("SELECT kind FROM audit_event") == [("logged_in",)]


def test_a_users_status_changes_are_listed_for_one_user(busy: Client) -> None:
    otto = User.objects.get(username="otto")
    database_rows(
        "INSERT INTO job (name, current_status, created_at, updated_at) VALUES ('x', 'PENDING', now(), now())"
    )
    database_rows(
        "INSERT INTO job_status (job_id, status_type, \"timestamp\", source, actor) SELECT max(id), 'FAILED', now(), s,"
        f" {otto.pk} FROM job, unnest(ARRAY['page', 'import']) AS s GROUP BY s"
    )
    changes = [e for e in listed(busy, "?actor=otto") if e["kind"] == "status_changed"]
    assert [(entry["actor"], entry["detail"]) for entry in changes] == [("otto", "FAILED")]
    assert listed(busy, "?actor=anna") == []


def test_filters_by_kind_and_day(busy: Client) -> None:
    assert [e["kind"] for e in listed(busy, "?kind=logged_in")] == ["logged_in"]
    today = database_rows("SELECT (now() AT TIME ZONE 'Pacific/Kiritimati')::date::text")[0][0]
    assert len(listed(busy, f"?day={today}&tz=Pacific/Kiritimati")) == 4
    assert listed(busy, "?day=2020-02-29") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?actor=ann", "unknown_user"),
        ("?kind=loged_in", "invalid_choice"),
        ("?kind=status_changed", "needs_actor"),
        ("?day=2026-02-30", "invalid_day"),
        ("?tz=Mars", "unknown_tz"),
        ("?cursor=x", "invalid_cursor"),
    ],
)
def test_a_wrong_filter_says_so(admin: Client, query: str, code: str) -> None:
    response = admin.get(f"/api/audit/{query}")
    assert response.status_code == 400
    assert [error["code"] for error in response.json()["errors"]] == [code]
    if code != "invalid_cursor":
        assert admin.get(f"/audit/{query}").status_code == 400


def test_pages_neither_repeat_nor_skip_entries_of_one_moment(admin: Client) -> None:
    """All sources at one moment, several entries each: going forth and back."""
    at = "'2026-11-30 12:00:00+00'"
    database_rows(
        f"""
        INSERT INTO audit_event (at, kind, name, detail) SELECT {at}, 'logged_in', n::text, '' FROM generate_series(1, 5) n;
        INSERT INTO audit_dropped (at, kind, number) SELECT {at}, k, 7 FROM unnest(ARRAY['login_failed', 'token_refused']) k;
        INSERT INTO api_token_event (at, event, token_id, token_key, user_id)
            SELECT {at}, 'created', n, 'key', 1 FROM generate_series(1, 3) n;
        INSERT INTO trashed_job (id, name, current_status, created_at, updated_at, labels, deleted_at, actor)
            SELECT n, 'job', 'FAILED', {at}, {at}, '{{}}', {at}, 1 FROM generate_series(1, 5) n
        """
    )
    whole = [(row.rank, row.id) for row in audit_page(AuditFilter(), Paging(200)).rows]
    assert len(whole) == len(set(whole)) == 15
    assert [(r.rank, r.id) for batch in audit_batches(AuditFilter(), 4) for r in batch] == whole
    for size in (1, 2, 4):
        assert walked(size, "next") == whole
        assert walked(size, "previous") == whole[::-1]


def walked(size: int, direction: str) -> list[tuple[int, int]]:
    def pages() -> Iterator[list[tuple[int, int]]]:
        cursor: str | None = None
        if direction == "previous":
            page = audit_page(AuditFilter(), Paging(size))
            while page.next:
                page = audit_page(AuditFilter(), Paging(size, page.next))
        else:
            page = audit_page(AuditFilter(), Paging(size))
        while True:
            rows = [(row.rank, row.id) for row in page.rows]
            yield rows[::-1] if direction == "previous" else rows
            cursor = getattr(page, direction)
            if cursor is None:
                return
            page = audit_page(AuditFilter(), Paging(size, cursor))

    return [entry for page in pages() for entry in page]


@pytest.mark.parametrize(
    ("wanted", "used"),
    [
        (AuditFilter(), OF_SOURCES),
        (AuditFilter(actor=1, actor_name="anna"), OF_USER),
        (AuditFilter(kind=Kind.LOGIN_FAILED), {"audit_event_by_kind"}),
        (AuditFilter(kind=Kind.TOKEN_REVOKED), {"api_token_event_by_kind"}),
    ],
)
def test_each_question_has_an_index(wanted: AuditFilter, used: set[str]) -> None:
    """The planner is kept from scanning small tables; a sort is that of a page."""
    page = audit_page(wanted, Paging(2))
    database_rows("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    with CaptureQueriesContext(connection) as queries:
        audit_page(wanted, Paging(50, page.next))
    [found] = plans(queries)
    assert indexes(found) >= used
    assert not [node for node in found if node["Node Type"] == "Seq Scan"]


@pytest.mark.parametrize("empty", ["day", "kind"])
def test_an_empty_choice_is_one_of_the_form_only(busy: Client, empty: str) -> None:
    assert busy.get(f"/audit/?{empty}=").status_code == 200
    assert busy.get(f"/api/audit/?{empty}=").status_code == 400


def test_an_export_is_whole_and_safe_in_a_spreadsheet(busy: Client) -> None:
    response = busy.get("/api/audit/export/?format=csv")
    rows = list(csv.DictReader(StringIO(b"".join(response).decode())))
    assert [row["kind"] for row in rows] == [entry["kind"] for entry in listed(busy)]
    assert rows[0]["name"] == "'=wing"
    lines = b"".join(busy.get("/api/audit/export/?actor=otto"))
    assert [json.loads(line) for line in lines.splitlines()] == listed(busy, "?actor=otto")
    assert busy.get("/api/audit/export/?format=xml").status_code == 400


def test_the_page_says_it_in_words(busy: Client) -> None:
    html = busy.get("/audit/").content.decode()
    text = text_of(html)
    assert "Logged in password" in text
    assert "Operation canceled" in text
    assert 'href="/audit/"' in busy.get("/").content.decode()
    only = text_of(busy.get("/audit/?kind=logged_in&actor=otto&day=").content.decode())
    assert "Logged in password" in only
    assert "No account is called" in text_of(busy.get("/audit/?actor=x").content.decode())


def test_what_was_done_on_the_command_line_names_whose_account_it_was(admin: Client) -> None:
    for kind in (Kind.ACCOUNT_DEACTIVATED, Kind.PASSWORD_CHANGED, Kind.ROLE_CHANGED):
        record(Entry(kind, "otto", None))
    text = text_of(admin.get("/audit/").content.decode())
    assert "command line Account deactivated otto" in text
    assert "command line Password changed otto" in text
    assert "command line Role changed otto" in text


def test_only_admins_see_it(as_role: Login) -> None:
    for role in ("viewer", "operator"):
        client = as_role(role)
        for path in ("/audit/", "/api/audit/", "/api/audit/export/"):
            assert client.get(path).status_code == 403
        assert 'href="/audit/"' not in client.get("/").content.decode()
