"""The page of a proposal, on which a person approves or declines it. It works without scripts."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from jobs.access.confirmation import (
    ConfirmationRequired,
    confirmation_url,
    unconfirmed_limit,
)
from jobs.access.principal import principal_of
from jobs.audit.kinds import Kind
from jobs.audit.requests import record_request
from jobs.mistakes import UNSTORABLE, InvalidQuery
from jobs.models import MAX_REASON_LENGTH
from jobs.names import is_visible
from jobs.operations.changes import OperationRefused
from jobs.operations.preview import Preview, preview
from jobs.operations.rows import Action, worker_is_alive
from jobs.pages import errors
from jobs.pages.formats import count_text, seconds_text, stored_time_text
from jobs.pages.new_operation import selection_query
from jobs.pages.operation_words import action_title, jobs_text, order_text
from jobs.pages.read_only import read_only
from jobs.pages.rows import row_for_template
from jobs.proposals.changes import EXPIRE_DAYS, approve_proposal, decline_proposal
from jobs.proposals.rows import ProposalRow, open_proposals, read_proposal
from jobs.proposals.words import words_of
from jobs.sources import Source

# Those that the page of operations lists: a user cannot have more
LISTED: Final = 50
INVALID: Final = "Its search is not valid any more, so it cannot be approved. Decline it, and ask for another one."
TOO_LONG: Final = f"Use {MAX_REASON_LENGTH:,} characters or fewer."
UNCONFIRMED: Final = "Type the number of jobs that are to be deleted."
EXPIRED: Final = f"It has expired: nobody has decided for {EXPIRE_DAYS} days."


def open_ones() -> list[dict[str, Any]]:
    """For the page of operations, those first that expire first. One query."""
    return [_row(proposal) for proposal in open_proposals(LISTED)]


@read_only
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One query; while it is open, also those of a preview, each with a time limit."""
    return _page(request, _read(proposal_id))


def approve(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Begins the operation, and leads to it."""
    if request.method != "POST":
        return _not_allowed(request)
    found = _read(proposal_id)
    shown = request.POST.get("shown", "")
    typed = request.POST.get("confirmation", "")
    if shown and _digits(shown) != _digits(typed):
        return _page(request, found, {"confirmation": UNCONFIRMED}, 400)
    actor, limit = principal_of(request).actor, unconfirmed_limit(request)
    try:
        operation = approve_proposal(proposal_id, Source.PAGE, actor, limit)
    except ConfirmationRequired:
        back = reverse("pages:proposal", args=[proposal_id])
        return HttpResponseRedirect(confirmation_url(back))
    except (OperationRefused, InvalidQuery):  # which the page says
        return _page(request, _read(proposal_id), status=409)
    if operation is None:
        raise Http404
    return HttpResponseRedirect(reverse("pages:operation", args=[operation.id]))


def decline(request: HttpRequest, proposal_id: int) -> HttpResponse:
    if request.method != "POST":
        return _not_allowed(request)
    reason = UNSTORABLE.sub("", request.POST.get("reason", "")).strip()
    if len(reason) > MAX_REASON_LENGTH:
        return _page(request, _read(proposal_id), {"reason": TOO_LONG}, 400)
    try:
        declined = decline_proposal(
            proposal_id, principal_of(request).actor, reason if is_visible(reason) else None
        )
    except OperationRefused:  # which the page says
        return _page(request, _read(proposal_id), status=409)
    if declined is None:
        raise Http404
    record_request(request, Kind.PROPOSAL_DECLINED, str(declined.id))
    return HttpResponseRedirect(reverse("pages:proposal", args=[proposal_id]))


def _read(proposal_id: int) -> ProposalRow:
    found = read_proposal(proposal_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: ProposalRow,
    mistakes: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "proposal": _row(found),
        "mistakes": mistakes or {},
        "given": request.POST,
        "was_late": status == 409,
        "expired": EXPIRED,
        "max_reason": MAX_REASON_LENGTH,
    }
    if found.is_open:
        context |= _now(found)
    response = render(request, "jobs/proposal.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _now(found: ProposalRow) -> dict[str, Any]:
    """What it would do now."""
    try:
        selection = found.selection
    except InvalidQuery:
        return {"invalid": INVALID}
    is_search = selection.ids is None and found.action != Action.RESTORE
    query = selection_query(selection.job_filter) if is_search else ""
    now = preview(selection, Action(found.action))
    return {
        "now": _preview(now),
        "order": order_text(found.action, found.parameters, jobs_text(now.total)),
        "has_changed": now.total != found.found_then,
        "search": f"/?{query or 'view=all'}" if is_search else "",
        "confirmation": f"{now.total.value:,}"
        if found.action == Action.DELETE and now.total.value > settings.CONFIRM_ABOVE
        else "",
        "is_waiting": not worker_is_alive(),
    }


def _preview(now: Preview) -> dict[str, Any]:
    return {
        "count": jobs_text(now.total),
        "is_none": now.total.value == 0 and now.total.relation == "exact",
        "by_status": [
            (status.value, status.icon, status.label, count_text(now.total._replace(value=n)))
            for status, n in now.by_status.by_status.items()
            if n
        ],
        "sample": [row_for_template(row) for row in now.sample],
        "has_more": now.total.value > len(now.sample),
        "takes": seconds_text(max(1, now.seconds)),
    }


def _row(found: ProposalRow) -> dict[str, Any]:
    return found._asdict() | {
        "title": action_title(found.action, found.parameters),
        "which": words_of(found),
        "then": jobs_text(found.found_then),
        "is_open": found.is_open,
        "created": stored_time_text(found.created_at),
        "expires": stored_time_text(found.expires_at),
        "decided": stored_time_text(found.decided_at or ""),
    }


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _not_allowed(request: HttpRequest) -> HttpResponse:
    response = errors.method_not_allowed(request)
    response["Allow"] = "POST"
    return response
