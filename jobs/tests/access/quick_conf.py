"""gunicorn's configuration for tests that wait for the end of what was revoked."""

from typing import Any

from project.server import gunicorn_conf

globals().update({name: value for name, value in vars(gunicorn_conf).items() if name[0] != "_"})


def post_worker_init(worker: Any) -> None:
    from jobs.access import watch  # needs Django's models

    vars(watch)["CHECK_SECONDS"] = 0.2
