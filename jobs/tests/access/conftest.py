from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from project.login import login_middleware

PASSWORD = "correct horse battery"  # noqa: S105  # of accounts that last as long as a test

Login = Callable[..., Client]


@pytest.fixture
def login_mode(settings: Settings, db: None) -> None:
    settings.ACCESS = "login"
    settings.MIDDLEWARE = login_middleware(settings.MIDDLEWARE)
    settings.ROOT_URLCONF = "project.login_urls"


@pytest.fixture
def user(settings: Settings) -> Callable[[str], User]:
    """Makes a user with the role: `anna` is an admin, and so on."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a fast one

    def make(role: str) -> User:
        name = {"viewer": "vera", "operator": "otto", "admin": "anna"}[role]
        made = User.objects.create_user(name, password=PASSWORD)
        made.groups.add(Group.objects.get_or_create(name=role)[0])
        return made

    return make


def record_login(client: Client, user: User, seconds_ago: float = 0) -> None:
    """As a login with a password does."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password")
    request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= seconds_ago
    request.session.save()


@pytest.fixture
def as_role(login_mode: None, user: Callable[[str], User]) -> Login:
    """A browser in which somebody with the role is logged in, or nobody."""

    def make(
        role: str = "anonymous", enforce_csrf_checks: bool = False, logged_in_ago: float = 0
    ) -> Client:
        client = Client(enforce_csrf_checks, raise_request_exception=False)
        if role != "anonymous":
            somebody = user(role)
            client.force_login(somebody, "jobs.access.backend.RoleBackend")
            record_login(client, somebody, logged_in_ago)
        return client

    return make
