"""Typed reading of environment variables: nonsense is refused at start, with the variable's name."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def env_str(name: str, default: str) -> str:
    """The variable's text; the default where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool) -> bool:
    text = env_str(name, "yes" if default else "no").lower()
    if text in TRUE | FALSE:
        return text in TRUE
    raise ImproperlyConfigured(f"{name} must be one of {sorted(TRUE | FALSE)}, not {text!r}.")


def env_int(name: str, default: int, *, at_least: int = 0) -> int:
    text = env_str(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < at_least:
        raise ImproperlyConfigured(f"{name} must be a whole number from {at_least}, not {text!r}.")
    return int(text)


def env_list(name: str, default: list[str]) -> list[str]:
    """A comma-separated list, without blanks."""
    return [part.strip() for part in env_str(name, ",".join(default)).split(",") if part.strip()]


def env_secret(name: str, file_name: str, default_file: Path) -> str:
    """A secret from NAME, else from the file that FILE_NAME points at, made once where it is missing.

    Several processes may ask at the same moment: the first complete file wins, nobody reads half of one.
    """
    if secret := env_str(name, ""):
        return secret
    path = Path(env_str(file_name, str(default_file)))
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        secret = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{file_name}: cannot read or make {path}: {error}") from error
    if not secret:
        raise ImproperlyConfigured(f"{file_name}: {path} is empty; remove it to have one made.")
    return secret


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        draft.write(text)
    try:
        os.link(draft.name, path)
    except FileExistsError:
        pass  # another process was first; its secret is the one
    finally:
        os.unlink(draft.name)


def env_database(name: str, default: str) -> dict[str, Any]:
    """Django's connection settings from `postgresql://user:password@host:port/name?option=value`.

    `?host=/folder` names a Unix socket; the other options go to libpq as they are.
    """
    expected = f"{name} must look like postgresql://user:password@host:5432/name."
    try:
        url = urlsplit(env_str(name, default))
        port = url.port
    except ValueError:  # its text may hold the password
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
