"""`python -m jobs.browser_tests.accounts`: accounts for the tests of login mode, one for each role.

Prints them as JSON, each with a session, and removes them when its input ends.
"""

import json
import os
import secrets
import sys

import django

# The keyholder has the rights of a viewer, and a second factor after its test.
ROLES = {"viewer": "viewer", "operator": "operator", "admin": "admin", "keyholder": "viewer"}


def main() -> None:
    from django.contrib.auth.models import Group, User

    password = secrets.token_urlsafe(12)
    made = {
        role: User.objects.create_user(f"{role}-{secrets.token_hex(4)}", password=password)
        for role in ROLES
    }
    try:
        for name, user in made.items():
            user.groups.add(Group.objects.get_or_create(name=ROLES[name])[0])
        accounts = {
            role: {"name": user.get_username(), "password": password, "session": _session(user)}
            for role, user in made.items()
        }
        sys.stdout.write(json.dumps(accounts) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        # Their sessions are worth nothing without them.
        User.objects.filter(pk__in=[user.pk for user in made.values()]).delete()


def _session(user: "django.contrib.auth.models.User") -> str:
    """The value of the cookie."""
    from django.conf import settings
    from django.contrib import auth
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[auth.SESSION_KEY] = str(user.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    main()
