"""`python -m jobs.tests.access.sso.idp CALLBACK`: serves the provider of idp_settings, and prints its port.

It knows one user, olga, and one client.
"""

import os
import sys
from wsgiref.simple_server import make_server

PASSWORD = "correct horse battery"  # noqa: S105  # of an account that lasts as long as a test
CLIENT, SECRET = "dashboard", "a secret of the client"


def main(callback: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "jobs.tests.access.sso.idp_settings"
    import django

    django.setup()
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    User.objects.create_user("olga", password=PASSWORD)
    client = Client(id=CLIENT, name="Dashboard", skip_consent=True)
    client.set_secret(SECRET)
    client.set_redirect_uris([callback])
    client.set_scopes(["openid", "profile"])
    client.set_default_scopes(["openid", "profile"])
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE])
    client.set_response_types(["code"])
    client.save()
    server = make_server("127.0.0.1", 0, get_wsgi_application())
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
