"""From the text of a token to the principal."""

import hmac
import logging
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.transaction import atomic
from pytest_django import DjangoAssertNumQueries

from jobs.access.principal import Principal, Role, Scope
from jobs.access.tokens.changes import NewToken, revoke_token
from jobs.access.tokens.format import new_token, parse
from jobs.access.tokens.lookup import network_address, principal_of_token
from jobs.access.tokens.refusals import (
    ExpiredToken,
    InvalidToken,
    NetworkNotAllowed,
    RevokedToken,
    TokenRefused,
)
from jobs.tests.access.tokens.conftest import (
    expire,
    let_a_minute_pass,
    log_of,
    make_token,
    make_user,
)
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db

HERE = "192.0.2.7"


def last_use(token: NewToken) -> Any:
    sql = f"SELECT last_used_at, host(last_used_from) FROM api_token WHERE id = {token.id}"
    return database_rows(sql)[0]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.ADMIN])
@pytest.mark.parametrize("scope", Scope)
def test_a_token_acts_for_its_user_within_its_scope(role: Role, scope: Scope) -> None:
    owner = make_user("anna", role)
    token = make_token(owner, scope=scope)
    found = principal_of_token(token.text, HERE)
    assert found == Principal(owner.pk, "anna", role, scope, token.id)


def test_the_highest_of_several_roles_counts(owner: User) -> None:
    token = make_token(owner)
    owner.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in ("viewer", "another")))
    assert principal_of_token(token.text, HERE).role is Role.OPERATOR
    owner.is_superuser = True
    owner.save()
    assert principal_of_token(token.text, HERE).role is Role.ADMIN


def test_a_call_is_one_query_and_the_first_in_a_minute_two(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = make_token(owner)
    with django_assert_num_queries(2):
        principal_of_token(token.text, HERE)
    for _ in range(3):
        with django_assert_num_queries(1):
            principal_of_token(token.text, HERE)
    let_a_minute_pass(token)
    with django_assert_num_queries(2):
        principal_of_token(token.text, HERE)


def test_what_is_no_token_costs_no_query(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    text = make_token(owner).text
    with django_assert_num_queries(0):
        for wrong in ("", "x", text[:-1], f"{text},{text}", "\0" * 100, "é", text[:-1] + "!"):
            with pytest.raises(InvalidToken):
                principal_of_token(wrong, HERE)


def test_another_secret_or_an_unknown_key_is_invalid(owner: User) -> None:
    token = parse(make_token(owner).text)
    assert token
    other = new_token()
    for wrong in (replace(token, secret=other.secret), replace(token, key=other.key), other):
        with pytest.raises(InvalidToken):
            principal_of_token(wrong.text, HERE)


def test_secrets_are_compared_in_constant_time(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for an unknown key: a comparison takes place in any case."""
    token, compared = make_token(owner), []
    compare = hmac.compare_digest

    def noted(found: bytes, stored: bytes) -> bool:
        compared.append((len(found), len(stored)))
        return compare(found, stored)

    monkeypatch.setattr(hmac, "compare_digest", noted)
    principal_of_token(token.text, HERE)
    with pytest.raises(InvalidToken):
        principal_of_token(new_token().text, HERE)
    assert compared == [(32, 32)] * 2


def test_a_revoked_token_is_refused(owner: User) -> None:
    token = make_token(owner)
    assert revoke_token(token.id)
    with pytest.raises(RevokedToken):
        principal_of_token(token.text, HERE)


def test_the_tokens_of_a_deactivated_user_are_refused(owner: User) -> None:
    token = make_token(owner)
    User.objects.update(is_active=False)
    with pytest.raises(RevokedToken):
        principal_of_token(token.text, HERE)


def test_a_deleted_user_has_no_tokens(owner: User) -> None:
    token = make_token(owner)
    owner.delete()
    with pytest.raises(InvalidToken):
        principal_of_token(token.text, HERE)
    assert log_of(token) == [("created", None, None)]


def test_a_token_expires(owner: User) -> None:
    token = make_token(owner, days=1)
    principal_of_token(token.text, HERE)
    expire(token)
    with pytest.raises(ExpiredToken):
        principal_of_token(token.text, HERE)


@pytest.mark.parametrize(
    ("networks", "allowed", "refused"),
    [
        (["192.0.2.0/24"], ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.9"], ["192.0.3.0", "::1"]),
        (["192.0.2.7/32"], ["192.0.2.7"], ["192.0.2.8", "::ffff:192.0.2.8"]),
        (["2001:db8::/32"], ["2001:db8::1", "2001:DB8:0:0::1"], ["2001:db9::1", "192.0.2.7"]),
        (["fe80::/10", "10.0.0.0/8"], ["fe80::1%eth0", "10.1.2.3"], ["fec0::1", "11.0.0.1"]),
        (["0.0.0.0/0"], ["192.0.2.7"], ["::1", "2001:db8::1"]),
        # Neither the address of a Unix socket nor a text that a client has made up is in any network.
        (["0.0.0.0/0", "::/0"], ["::1"], ["", None, "unknown", "192.0.2.7, 10.0.0.1", "10.0.0.1:80", "1' OR", "\0"]),
        ([], ["192.0.2.7", "::1", "", None, "unknown"], []),
    ],
)  # fmt: skip
def test_a_token_works_from_its_networks_only(
    networks: list[str], allowed: list[str | None], refused: list[str | None], owner: User
) -> None:
    token = make_token(owner, networks=tuple(networks))
    for address in allowed:
        assert principal_of_token(token.text, address).token_id == token.id
    for address in refused:
        with pytest.raises(NetworkNotAllowed):
            principal_of_token(token.text, address)


def test_only_the_secret_tells_more_than_that_a_token_is_invalid(owner: User) -> None:
    """A guessed secret never learns that a token was revoked, has expired, or is for other networks."""
    token = make_token(owner, networks=("10.0.0.0/8",))
    known = parse(token.text)
    assert known
    wrong = replace(known, secret=new_token().secret).text
    for change in (lambda: None, lambda: expire(token), lambda: revoke_token(token.id)):
        change()
        with pytest.raises(InvalidToken):
            principal_of_token(wrong, HERE)


def test_a_use_is_noted_at_most_once_a_minute(owner: User) -> None:
    token = make_token(owner)
    assert last_use(token) == (None, None)
    principal_of_token(token.text, HERE)
    first = last_use(token)
    assert first[1] == HERE
    principal_of_token(token.text, "198.51.100.1")
    assert last_use(token) == first
    let_a_minute_pass(token)
    principal_of_token(token.text, "198.51.100.1")
    assert last_use(token)[1] == "198.51.100.1"


def test_the_log_has_the_first_use_from_each_address(owner: User) -> None:
    token = make_token(owner)
    for address in (HERE, HERE, "", "2001:db8::1", "", HERE):
        principal_of_token(token.text, address)
        let_a_minute_pass(token)
    uses = [("used", owner.pk, address) for address in (HERE, None, "2001:db8::1")]
    assert log_of(token) == [("created", None, None), *uses]


def test_a_refused_use_is_not_noted(owner: User) -> None:
    token = make_token(owner, networks=("10.0.0.0/8",))
    with pytest.raises(NetworkNotAllowed):
        principal_of_token(token.text, HERE)
    assert last_use(token) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_a_read_only_database_is_not_written_to(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = make_token(owner)
    with atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        with django_assert_num_queries(1):
            found = principal_of_token(token.text, HERE)
    assert found.token_id == token.id


@pytest.mark.django_db(transaction=True)
def test_a_use_that_cannot_be_noted_does_not_matter(
    owner: User, caplog: pytest.LogCaptureFixture
) -> None:
    token = make_token(owner)
    database_rows(
        "ALTER TABLE api_token ADD CONSTRAINT unused CHECK (last_used_at IS NULL); SELECT 1"
    )
    try:
        assert principal_of_token(token.text, HERE).token_id == token.id
    finally:
        database_rows("ALTER TABLE api_token DROP CONSTRAINT unused; SELECT 1")
    [record] = caplog.records
    known = parse(token.text)
    assert known
    assert known.key in record.getMessage()
    assert known.secret not in record.getMessage()


def test_no_refusal_repeats_what_was_sent(owner: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "jobs")
    token = make_token(owner)
    revoke_token(token.id)
    for text in (token.text, "hunter2", token.text[:-2]):
        with pytest.raises(TokenRefused) as caught:
            principal_of_token(text, HERE)
        said = f"{caught.value} {caught.value!r} {caught.value.challenge}"
        assert text not in said + caplog.text
        assert caught.value.challenge.isascii()
        assert '"invalid_token"' in caught.value.challenge


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("FE80::1%lo", "fe80::1"),
        ("", None),
        (None, None),
        ("192.0.2.7/24", None),
        ("192.0.2.007", None),
        ("\0", None),
    ],
)
def test_addresses_are_read_as_the_database_reads_them(
    text: str | None, address: str | None
) -> None:
    assert network_address(text) == address
