"""Digests and the rotation of their peppers."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from jobs.access.tokens import peppers
from jobs.access.tokens.changes import NewToken
from jobs.access.tokens.format import new_token, parse
from jobs.access.tokens.lookup import principal_of_token
from jobs.access.tokens.refusals import InvalidToken
from jobs.tests.access.tokens.conftest import make_token
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db

ONE, TWO = "one" * 11, "two" * 11


def pepper_of(token: NewToken) -> int:
    [[number]] = database_rows(f"SELECT pepper FROM api_token WHERE id = {token.id}")
    return int(number)


def is_accepted(token: NewToken) -> bool:
    try:
        return principal_of_token(token.text, None).token_id == token.id
    except InvalidToken:
        return False


def test_the_database_has_no_secret(owner: User) -> None:
    token = parse(make_token(owner).text)
    assert token
    [[stored]] = database_rows("SELECT row_to_json(api_token)::text FROM api_token")
    assert token.key in stored
    assert token.secret not in stored
    assert token.secret.encode().hex() not in stored


def test_a_digest_depends_on_the_pepper_the_key_and_the_secret(settings: Settings) -> None:
    settings.TOKEN_PEPPERS = {1: ONE, 2: TWO}
    first, second = new_token(), new_token()
    mixed = type(first)(first.key, second.secret)
    digests = {
        peppers.digest(token, number) for token in (first, second, mixed) for number in range(3)
    }
    assert len(digests) == 9
    assert {len(digest) for digest in digests} == {32}


def test_a_used_token_moves_to_the_newest_pepper(owner: User, settings: Settings) -> None:
    token, unused = make_token(owner), make_token(owner)
    assert is_accepted(token)
    settings.TOKEN_PEPPERS = {1: ONE}
    assert is_accepted(token)
    assert (pepper_of(token), pepper_of(unused)) == (1, 0)
    settings.TOKEN_PEPPERS = {1: ONE, 2: TWO}
    assert is_accepted(token)
    assert (pepper_of(token), pepper_of(make_token(owner))) == (2, 2)
    # The key behind number 0 can be replaced once nothing depends on it.
    settings.SECRET_KEY = "another"  # noqa: S105
    settings.TOKEN_PEPPERS = {2: TWO}
    assert is_accepted(token)
    assert not is_accepted(unused)


def test_a_token_whose_pepper_is_gone_is_invalid(owner: User, settings: Settings) -> None:
    settings.TOKEN_PEPPERS = {1: ONE}
    token = make_token(owner)
    settings.TOKEN_PEPPERS = {}
    assert not is_accepted(token)
    settings.TOKEN_PEPPERS = {1: TWO}
    assert not is_accepted(token)
    settings.TOKEN_PEPPERS = {1: ONE}
    assert is_accepted(token)
