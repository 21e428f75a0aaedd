"""Making and revoking tokens."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from jobs.access.principal import Scope
from jobs.access.tokens import changes
from jobs.access.tokens.changes import (
    FormUsed,
    InactiveUser,
    Origin,
    TooManyTokens,
    create_token,
    revoke_token,
)
from jobs.access.tokens.format import parse
from jobs.access.tokens.lookup import principal_of_token
from jobs.access.tokens.rows import token_page, token_with_id
from jobs.access.tokens.values import TokenValues
from jobs.listing.paging import Paging
from jobs.tests.access.tokens.conftest import expire, log_of, make_token, make_user
from jobs.tests.conftest import Run

pytestmark = pytest.mark.django_db

CI = TokenValues("CI", Scope.WRITE, 7, ("10.0.0.0/8", "2001:db8::/32"))
FROM_HERE = Origin(7, "192.0.2.7")


def test_a_token_is_stored_as_it_was_wanted(owner: User) -> None:
    made = create_token(owner.pk, CI, FROM_HERE)
    row, token = token_with_id(made.id), parse(made.text)
    assert row
    assert token
    assert (row.key, row.user, row.name, row.scope) == (token.key, "ci", "CI", "write")
    assert row.networks == ["10.0.0.0/8", "2001:db8::/32"]
    lifetime = datetime.fromisoformat(row.expires_at) - datetime.fromisoformat(row.created_at)
    assert lifetime == timedelta(days=7)
    assert (row.last_used_at, row.last_used_from, row.revoked_at, row.is_usable) == (None, None, None, True)  # fmt: skip
    assert log_of(made) == [("created", 7, "192.0.2.7")]


def test_a_new_token_shows_its_text_only_when_asked(owner: User) -> None:
    made = make_token(owner)
    assert made.text not in f"{made} {made!r}"


def test_a_form_that_is_sent_twice_makes_one_token(owner: User) -> None:
    form = uuid4()
    create_token(owner.pk, CI, FROM_HERE, form)
    with pytest.raises(FormUsed):
        create_token(owner.pk, CI, FROM_HERE, form)
    assert len(token_page(Paging()).rows) == 1


def test_usable_tokens_are_limited(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MAX_TOKENS", 2)
    first, second = make_token(owner), make_token(owner)
    with pytest.raises(TooManyTokens):
        make_token(owner)
    make_token(make_user("ben"))
    revoke_token(first.id)
    expire(second)
    assert make_token(owner)
    assert make_token(owner)


def test_a_deactivated_or_unknown_user_gets_no_token(owner: User) -> None:
    owner.is_active = False
    owner.save()
    for user_id in (owner.pk, 2**31 - 1):
        with pytest.raises(InactiveUser):
            create_token(user_id, CI)


def test_a_token_is_revoked_once(owner: User) -> None:
    token = make_token(owner)
    assert revoke_token(token.id, FROM_HERE)
    row = token_with_id(token.id)
    assert not revoke_token(token.id)
    assert token_with_id(token.id) == row
    assert log_of(token)[1:] == [("revoked", 7, "192.0.2.7")]


def test_users_revoke_only_their_own(owner: User) -> None:
    token = make_token(owner)
    assert not revoke_token(token.id, owner=make_user("ben").pk)
    assert token_with_id(token.id).is_usable  # type: ignore[union-attr]
    assert revoke_token(token.id, owner=owner.pk)
    assert not revoke_token(2**62, owner=owner.pk)


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_revocations_one_is_logged(at_once: Run) -> None:
    token = make_token()
    revoked = at_once(*[lambda: revoke_token(token.id)] * 6)
    assert sorted(revoked) == [False] * 5 + [True]
    assert [entry[0] for entry in log_of(token)] == ["created", "revoked"]


@pytest.mark.django_db(transaction=True)
def test_concurrent_uses_are_noted_once(at_once: Run) -> None:
    token = make_token()
    found = at_once(*[lambda: principal_of_token(token.text, "192.0.2.7")] * 6)
    assert {principal.token_id for principal in found} == {token.id}
    assert [entry[0] for entry in log_of(token)] == ["created", "used"]


def test_tokens_are_listed_newest_first(owner: User) -> None:
    other = make_user("ben")
    made = [make_token(each).id for each in (owner, other, owner)]
    assert [row.id for row in token_page(Paging()).rows] == made[::-1]
    assert [row.id for row in token_page(Paging(), owner.pk).rows] == [made[2], made[0]]
    page = token_page(Paging(1), owner.pk)
    assert [row.id for row in token_page(Paging(1, page.next), owner.pk).rows] == [made[0]]
    revoke_token(made[0])
    expire(make_token(other))
    assert [row.is_usable for row in token_page(Paging()).rows] == [False, True, True, False]
