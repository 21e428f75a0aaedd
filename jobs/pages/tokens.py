"""The page of API tokens: making and revoking them. It works without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from jobs.access.addresses import client_address
from jobs.access.confirmation import confirmation_url, is_confirmed
from jobs.access.permissions import GRANTS, LOWEST_ROLE, Permission, allows
from jobs.access.principal import Principal, Scope, principal_of
from jobs.access.tokens import changes
from jobs.access.tokens.changes import (
    FormUsed,
    InactiveUser,
    NewToken,
    Origin,
    TooManyTokens,
    create_token,
    revoke_token,
)
from jobs.access.tokens.rows import TokenRow, token_page, token_with_id
from jobs.access.tokens.values import DEFAULT_DAYS, MAX_DAYS, Mistakes, read_values
from jobs.listing.paging import PAGING, Paging
from jobs.mistakes import FieldError, InvalidQuery
from jobs.pages import errors
from jobs.pages.formats import stored_time_text
from jobs.pages.navigation import links_beside
from jobs.pages.parameters import page_parameters

SCOPES: Final = {
    Scope.READ: "Read jobs, histories and events",
    Scope.WRITE: "Also create, change and delete jobs",
    Scope.ADMIN: "Also delete jobs for good",
    Scope.AGENT: "For AI agents: read, set the status of a few jobs, and propose changes that a person approves",
}
FIELDS: Final = ("name", "scope", "days", "networks")
REVOKED: Final = "revoked"
USED: Final = (
    "This form has made a token already. A token is shown only once: if you did not copy it, revoke it below and make"
    " another one."
)
STALE: Final = "The link to this page of the list is no longer valid. This is the first page."


def tokens(request: HttpRequest) -> HttpResponse:
    """The user's tokens; an admin sees those of all. Up to three queries."""
    principal = principal_of(request)
    if principal.user_id is None:
        return _page(request, {"is_open": True})
    if request.method == "POST":
        return _make(request, principal, principal.user_id)
    if request.method not in ("GET", "HEAD"):
        return _not_allowed(request, "GET, HEAD, POST")
    return _page(request, _list(request, principal))


def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoking a token again changes nothing. Those of others do not exist, but for an admin."""
    if request.method != "POST":
        return _not_allowed(request, "POST")
    principal = principal_of(request)
    token = token_with_id(token_id)
    if token is None or _owner(principal) not in (None, token.user_id):
        raise Http404
    revoke_token(token_id, _origin(request), _owner(principal))
    return HttpResponseRedirect(f"{reverse('pages:tokens')}?{REVOKED}={token_id}")


def _make(request: HttpRequest, principal: Principal, user_id: int) -> HttpResponse:
    if not is_confirmed(request):
        typed = urlencode({name: request.POST.get(name, "") for name in FIELDS})
        return HttpResponseRedirect(confirmation_url(f"{reverse('pages:tokens')}?{typed}"))
    try:
        values = read_values(*(request.POST.get(name, "") for name in FIELDS))
        if values.scope not in _scopes(principal):
            detail = "Your role does not include this. Choose another one."
            raise Mistakes([FieldError("scope", "invalid_choice", detail)])
        made = create_token(user_id, values, _origin(request), _form(request))
    except Mistakes as error:
        return _again(request, principal, _by_field(error.errors))
    except FormUsed:
        return _again(request, principal, {}, [USED], 409)
    except TooManyTokens:
        detail = f"You have {changes.MAX_TOKENS} usable tokens already. Revoke some first."
        return _again(request, principal, {}, [detail], 409)
    except InactiveUser:  # while this request was running
        return errors.forbidden(request)
    return _page(request, _list(request, principal, made))


def _by_field(errors: Sequence[FieldError]) -> dict[str, str]:
    """What is wrong with each field. Several networks can be."""
    found: dict[str, str] = {}
    for each in errors:
        found[each.field] = f"{found.get(each.field, '')} {each.detail}".strip()
    return found


def _again(
    request: HttpRequest,
    principal: Principal,
    mistakes: dict[str, str],
    notices: list[str] | None = None,
    status: int = 400,
) -> HttpResponse:
    """The form with what was entered. One that has made a token is a new one."""
    context = _list(request, principal)
    given = {name: request.POST.get(name, "") for name in FIELDS}
    context |= {"mistakes": mistakes, "notices": notices or [], "given": given}
    return _page(request, context, status)


def _list(
    request: HttpRequest, principal: Principal, made: NewToken | None = None
) -> dict[str, Any]:
    parameters = page_parameters(request.GET, (*PAGING, REVOKED, *FIELDS))
    notices, owner = list(parameters.notices), _owner(principal)
    try:
        paging = Paging.parse(parameters.query)
        page = token_page(paging, owner)
    except InvalidQuery:
        paging = Paging()
        page = token_page(paging, owner)
        notices.append(STALE)
    revoked = request.GET.get(REVOKED, "")
    return {
        "made": made,
        "rows": [_row(token) for token in page.rows],
        "is_everybodys": owner is None,
        "links": links_beside(page, paging, "Newer", "Older"),
        "notices": notices,
        "revoked": next(
            (row for row in page.rows if str(row.id) == revoked and row.revoked_at), None
        ),
        "scopes": [(scope.value, SCOPES[scope]) for scope in _scopes(principal)],
        "given": {"scope": Scope.READ.value, "days": DEFAULT_DAYS}
        | {name: request.GET[name] for name in FIELDS if name in request.GET},
        "max_days": MAX_DAYS,
        "form": uuid4(),
    }


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "jobs/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = errors.method_not_allowed(request)
    response["Allow"] = allowed
    return response


def _row(token: TokenRow) -> dict[str, Any]:
    times = ("created_at", "expires_at", "last_used_at", "revoked_at")
    texts = {name.removesuffix("_at"): getattr(token, name) for name in times}
    return token._asdict() | {
        "is_usable": token.is_usable,
        **{name: text and stored_time_text(text) for name, text in texts.items()},
    }


def _scopes(principal: Principal) -> list[Scope]:
    """Those of which the role includes everything."""
    return [
        scope
        for scope in Scope
        if all(principal.role >= LOWEST_ROLE[permission] for permission in GRANTS[scope])
    ]


def _owner(principal: Principal) -> int | None:
    """Whose tokens the user sees; None for those of all."""
    return None if allows(principal, Permission.ADMINISTER) else principal.user_id


def _origin(request: HttpRequest) -> Origin:
    return Origin(principal_of(request).actor, client_address(request))


def _form(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("form", ""))
    except ValueError:
        return None
