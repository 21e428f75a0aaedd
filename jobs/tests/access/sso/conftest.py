from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from jobs.sso.configuration import SingleSignOn
from jobs.tests.access.sso.provider import CLIENT, SECRET, Provider, running

LogIn = Callable[..., Any]


@pytest.fixture
def provider(settings: Settings, login_mode: None) -> Iterator[Provider]:
    with running() as provider:
        settings.SINGLE_SIGN_ON = SingleSignOn(
            issuer=provider.issuer,
            client_id=CLIENT,
            client_secret=SECRET,
            name="Acme",
            scopes=("openid", "profile"),
            roles_claim="groups",
            roles={
                "admin": frozenset({"chiefs"}),
                "operator": frozenset({"crew"}),
                "viewer": frozenset({"guests"}),
            },
            hours=12,
            is_only_way=False,
            counts_as_second_factor=False,
        )
        yield provider


@pytest.fixture
def configure(settings: Settings, provider: Provider) -> Callable[..., None]:
    def change(**values: Any) -> None:
        settings.SINGLE_SIGN_ON = replace(settings.SINGLE_SIGN_ON, **values)

    return change


@pytest.fixture
def log_in(provider: Provider) -> LogIn:
    """The response at the end of the way to the provider and back, with these claims."""

    def go(client: Client, path: str = "/login/sso/?next=/trash/", **claims: Any) -> Any:
        location = client.get(path)["Location"]
        return client.get(
            provider.log_in(
                location, **{"groups": ["crew"], "preferred_username": "olga", **claims}
            )
        )

    return go
