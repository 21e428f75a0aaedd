"""`python -m jobs.contract_tests.holders`: an account for each role and scope, with a token.

Prints the tokens as JSON, and removes all of it when its input ends.
"""

import json
import os
import secrets
import sys
from typing import Final

import django

HOLDERS: Final = {
    "viewer": ("viewer", "read"),
    "operator": ("operator", "write"),
    "admin": ("admin", "admin"),
    "agent": ("operator", "agent"),
}


def main() -> None:
    from django.contrib.auth.models import Group, User

    from jobs.access.principal import Scope
    from jobs.access.tokens.changes import COMMAND_LINE, create_token
    from jobs.access.tokens.values import TokenValues

    made = []
    tokens = {}
    try:
        for name, (role, scope) in HOLDERS.items():
            user = User.objects.create_user(f"{name}-{secrets.token_hex(4)}")
            made.append(user.pk)
            user.groups.add(Group.objects.get_or_create(name=role)[0])
            values = TokenValues(name="contract", scope=Scope(scope))
            tokens[name] = create_token(user.pk, values, COMMAND_LINE).text
        sys.stdout.write(json.dumps(tokens) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        User.objects.filter(pk__in=made).delete()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    main()
