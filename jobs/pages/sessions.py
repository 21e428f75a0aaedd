"""The page of one's sessions, which it ends. It works without scripts."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from jobs.access.principal import principal_of
from jobs.access.sessions import SessionRow, end_other_sessions, end_session, sessions_of
from jobs.audit.kinds import Kind
from jobs.audit.requests import record_request
from jobs.pages import errors
from jobs.pages.formats import stored_time_text

ENDED: Final = "ended"


def sessions(request: HttpRequest) -> HttpResponse:
    """Two queries."""
    here = request.session.session_key
    rows = [_row(each, here) for each in sessions_of(_user_id(request))]
    context = {
        "sessions": rows,
        "has_others": any(not row["is_this"] for row in rows),
        ENDED: ENDED in request.GET,
    }
    response = render(request, "account/sessions.html", context)
    response["Cache-Control"] = "no-store"
    return response


def end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Those of others do not exist."""
    if request.method != "POST":
        return _only_post(request)
    if not end_session(_user_id(request), session_id):
        raise Http404
    record_request(request, Kind.SESSION_ENDED)
    return _back()


def end_others(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _only_post(request)
    if end_other_sessions(_user_id(request), request.session.session_key):
        record_request(request, Kind.SESSION_ENDED, "all others")
    return _back()


def _row(each: SessionRow, here: str | None) -> dict[str, Any]:
    return each._asdict() | {
        "is_this": each.key == here,
        "begun": stored_time_text(each.begun_at),
        "last_seen": stored_time_text(each.last_seen_at),
    }


def _user_id(request: HttpRequest) -> int:
    user_id = principal_of(request).user_id
    assert user_id is not None  # it needs ACCOUNT
    return user_id


def _only_post(request: HttpRequest) -> HttpResponse:
    response = errors.method_not_allowed(request)
    response["Allow"] = "POST"
    return response


def _back() -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('sessions')}?{ENDED}")
