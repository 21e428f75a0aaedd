from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
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


@pytest.fixture
def as_role(login_mode: None, user: Callable[[str], User]) -> Login:
    """A browser in which somebody with the role is logged in, or nobody."""

    def make(role: str = "anonymous", enforce_csrf_checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks, raise_request_exception=False)
        if role != "anonymous":
            client.force_login(user(role), "jobs.access.backend.RoleBackend")
        return client

    return make
