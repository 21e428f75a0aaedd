"""What lasts longer than a request ends with the token or the session that it was allowed by."""

from io import StringIO
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import RequestFactory

from jobs.access import watch as watching
from jobs.access.principal import EVERYBODY, Principal, Role, Scope
from jobs.access.tokens.changes import revoke_token
from jobs.access.watch import Claim, Watch, claim_of, has_ended
from jobs.tests.access.conftest import Login
from jobs.tests.access.tokens.conftest import expire, make_token, make_user
from jobs.tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    monkeypatch.setattr(watching, "CHECK_SECONDS", 0.02)
    return Watch()


def test_only_what_was_revoked_ends(watch: Watch) -> None:
    user = make_user()
    tokens = [make_token(user) for _ in range(3)]
    ended = [Event() for _ in tokens]
    for token, event in zip(tokens, ended, strict=True):
        watch.add(Claim(token.id, None, None), event.set)
    revoke_token(tokens[0].id)
    eventually(ended[0].is_set)
    expire(tokens[1])
    eventually(ended[1].is_set)
    assert not ended[2].is_set()
    User.objects.update(is_active=False)
    eventually(ended[2].is_set)
    eventually(lambda: watch._thread is None)


def test_a_session_ends_with_a_logout_another_password_or_its_user(
    watch: Watch, as_role: Login
) -> None:
    ended, clients = {}, {}
    for name in ("viewer", "operator", "admin"):
        client = clients[name] = as_role(name)
        request = client.get("/api/jobs/counts/").wsgi_request
        event = ended[name] = Event()
        watch.add(claim_of(request), event.set)
    clients["viewer"].logout()
    eventually(ended["viewer"].is_set)
    assert not ended["operator"].is_set()
    operator = User.objects.get(username="otto")
    operator.set_password("another horse battery")
    operator.save()
    eventually(ended["operator"].is_set)
    assert not ended["admin"].is_set()
    User.objects.filter(username="anna").update(is_active=False)
    eventually(ended["admin"].is_set)


def test_a_lower_role_ends_what_was_begun_with_a_higher_one(watch: Watch, as_role: Login) -> None:
    request = as_role("admin").get("/api/jobs/counts/").wsgi_request
    claims = [claim_of(request)]
    token = make_token(User.objects.get(username="anna"))
    claims.append(Claim(token.id, None, None, role=Role.ADMIN))
    ended = [Event() for _ in claims]
    for claim, event in zip(claims, ended, strict=True):
        watch.add(claim, event.set)
    other = make_token(make_user("otto"))
    stays = Event()
    watch.add(Claim(other.id, None, None, role=Role.OPERATOR), stays.set)
    call_command("account", "anna", "operator", stdout=StringIO())
    for event in ended:
        eventually(event.is_set)
    call_command("account", "otto", "admin", stdout=StringIO())
    assert has_ended(claims[0])
    assert not stays.is_set()


def test_what_has_ended_by_itself_is_not_watched(watch: Watch) -> None:
    token, ended = make_token(), Event()
    remove = watch.add(Claim(token.id, None, None), ended.set)
    remove()
    remove()
    eventually(lambda: watch._thread is None)
    revoke_token(token.id)
    watch.add(Claim(make_token(make_user("ben")).id, None, None), Event().set)()
    eventually(lambda: watch._thread is None)
    assert not ended.is_set()


def test_a_failing_query_does_not_end_the_watch(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    token, ended = make_token(), Event()
    usual = watching.STILL_VALID
    monkeypatch.setattr(watching, "STILL_VALID", "SELECT nothing FROM nowhere")
    watch.add(Claim(token.id, None, None), ended.set)
    eventually(lambda: caplog.records)
    assert not ended.is_set()
    monkeypatch.setattr(watching, "STILL_VALID", usual)
    revoke_token(token.id)
    eventually(ended.is_set)


def test_open_mode_watches_nothing(watch: Watch) -> None:
    request = RequestFactory().get("/")
    request.principal = EVERYBODY  # type: ignore[attr-defined]
    watch.add(claim_of(request), lambda: None)
    assert watch._thread is None


def test_a_claim_is_that_of_the_token_or_of_the_session(as_role: Login) -> None:
    request: Any = as_role("admin").get("/api/jobs/counts/").wsgi_request
    claim = claim_of(request)
    assert claim
    assert claim[:3] == (None, request.session.session_key, int(request.session["_auth_user_id"]))
    assert has_ended(claim) is False
    assert has_ended(claim._replace(password="another")) is True  # noqa: S106
    request.principal = Principal(7, "anna", Role.ADMIN, Scope.READ, 12)
    assert claim_of(request) == Claim(12, None, None, role=Role.ADMIN)
    assert has_ended(None) is False
