"""What responses and cookies say behind a proxy with TLS, and without one."""

import json
import os
import subprocess
import sys
from typing import Any

from project.local import configuration
from project.local.paths import ROOT

ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
answers = [client.get(path) for path in sys.argv[1:]]
print(json.dumps({
    "answers": [[answer.status_code, dict(answer.headers)] for answer in answers],
    "cookies": {name: dict(morsel) for name, morsel in client.cookies.items()},
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_DOMAIN,
                settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_SAMESITE],
}))
"""


def asked(https: str, static_root: str, *paths: str) -> Any:
    """With settings as the server reads them from the environment."""
    env = {
        **os.environ,
        **configuration.defaults(),
        "ACCESS": "login",
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "HTTPS": https,
        "SECRET_KEY": "x" * 60,
        "STATIC_ROOT": static_root,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK, *paths],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def test_behind_tls_browsers_keep_to_it_and_cookies_are_this_hosts(
    static_root: str, styles: str
) -> None:
    found = asked("yes", static_root, "/login/", "/api/jobs/", styles, "/nothing/")
    assert [status for status, _ in found["answers"]] == [200, 401, 200, 404]
    for _, headers in found["answers"]:
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert set(found["cookies"]) == {"__Host-csrftoken"}
    cookie = found["cookies"]["__Host-csrftoken"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert cookie["samesite"] == "Lax"
    assert found["session"] == ["__Host-sessionid", True, True, None, "/", "Lax"]


def test_without_tls_browsers_would_refuse_such_cookies(static_root: str) -> None:
    found = asked("no", static_root, "/login/")
    [(status, headers)] = found["answers"]
    assert status == 200
    assert "Strict-Transport-Security" not in headers
    assert headers["X-Robots-Tag"] == "noindex"
    assert set(found["cookies"]) == {"csrftoken"}
    assert found["session"][:2] == ["sessionid", False]
