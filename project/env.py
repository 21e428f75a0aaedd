"""Environment variables as typed values. An invalid value raises ImproperlyConfigured, which names the variable."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from jobs.log_url import checked_template

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def env_str(name: str, default: str) -> str:
    """The variable's value; the default if it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def env_log_url(name: str) -> str:
    """The template of a URL, or an empty text."""
    try:
        return checked_template(env_str(name, ""))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a template of a URL: {error}.") from error


def env_bool(name: str, default: bool) -> bool:
    text = env_str(name, "yes" if default else "no").lower()
    if text in TRUE | FALSE:
        return text in TRUE
    raise ImproperlyConfigured(f"{name} must be one of {sorted(TRUE | FALSE)}, not {text!r}.")


def env_choice(name: str, default: str, *choices: str) -> str:
    text = env_str(name, default)
    if text in choices:
        return text
    raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {text!r}.")


def env_int(name: str, default: int, *, at_least: int = 0, at_most: int | None = None) -> int:
    text = env_str(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < at_least:
        raise ImproperlyConfigured(
            f"{name} must be an integer of at least {at_least}, not {text!r}."
        )
    if at_most is not None and int(text) > at_most:
        raise ImproperlyConfigured(f"{name} must be at most {at_most}, not {text!r}.")
    return int(text)


def env_list(name: str, default: list[str]) -> list[str]:
    """A comma-separated list; whitespace and empty items are removed."""
    return [part.strip() for part in env_str(name, ",".join(default)).split(",") if part.strip()]


def env_secret(name: str, file_name: str, default_file: Path) -> str:
    """A secret from the variable `name`, else from the file that `file_name` names, which is created if it is missing.

    Several processes may call it at once: the first complete file wins, and none reads a partial one.
    """
    if secret := env_str(name, ""):
        return secret
    path = Path(env_str(file_name, str(default_file)))
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        secret = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{file_name}: cannot read or create {path}: {error}") from error
    if not secret:
        raise ImproperlyConfigured(f"{file_name}: {path} is empty; delete it to create a new one.")
    return secret


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        draft.write(text)
    try:
        os.link(draft.name, path)
    except FileExistsError:
        pass  # another process was first; its secret is used
    finally:
        os.unlink(draft.name)


def env_peppers(name: str) -> dict[int, str]:
    """Numbered secrets: `2:…,1:…`. No message has any of them."""
    expected = f"{name} must look like 2:SECRET,1:SECRET: numbers from 1 to 999, each once, and secrets of at least 32 characters."
    found: dict[int, str] = {}
    for text in env_list(name, []):
        number, _, secret = text.partition(":")
        is_number = number.isascii() and number.isdigit() and 1 <= len(number) <= 3
        if not is_number or int(number) in {0, *found} or len(secret) < 32:
            raise ImproperlyConfigured(expected)
        found[int(number)] = secret
    return found


def env_database(name: str, default: str) -> dict[str, Any]:
    """Django's connection settings from `postgresql://user:password@host:port/name?option=value`.

    `?host=/folder` selects a Unix socket; other options are passed to libpq.
    """
    expected = f"{name} must look like postgresql://user:password@host:5432/name."
    try:
        url = urlsplit(env_str(name, default))
        port = url.port
    except ValueError:  # its message may contain the password
        raise ImproperlyConfigured(expected) from None
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise ImproperlyConfigured(expected)
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "project.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": options.pop("port", port or ""),
        "OPTIONS": options,
    }
