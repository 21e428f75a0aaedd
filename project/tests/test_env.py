import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.env import (
    env_bool,
    env_database,
    env_int,
    env_list,
    env_peppers,
    env_secret,
    env_str,
)

Set = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def unset(monkeypatch: Set) -> None:
    for name in ("X", "X_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("text", ["", "  "])
def test_empty_variable_counts_as_unset(monkeypatch: Set, text: str) -> None:
    monkeypatch.setenv("X", text)
    assert env_str("X", "default") == "default"
    assert env_bool("X", True) is True
    assert env_int("X", 4) == 4
    assert env_list("X", ["a", "b"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("YES", True), (" on ", True), ("0", False), ("False", False)]
)
def test_booleans_have_several_spellings(monkeypatch: Set, text: str, value: bool) -> None:
    monkeypatch.setenv("X", text)
    assert env_bool("X", not value) is value


def test_invalid_boolean_error_names_the_variable(monkeypatch: Set) -> None:
    monkeypatch.setenv("X", "maybe")
    with pytest.raises(ImproperlyConfigured, match=r"X must be one of .*'maybe'"):
        env_bool("X", False)


@pytest.mark.parametrize("text", ["-1", "1.5", "four", "٣", "1e3", "²"])
def test_invalid_integer_error_names_the_variable(monkeypatch: Set, text: str) -> None:
    monkeypatch.setenv("X", text)
    with pytest.raises(ImproperlyConfigured, match="X must be an integer of at least 0"):
        env_int("X", 4)


def test_rejects_integer_below_the_minimum(monkeypatch: Set) -> None:
    monkeypatch.setenv("X", "0")
    assert env_int("X", 4) == 0
    with pytest.raises(ImproperlyConfigured, match="at least 1"):
        env_int("X", 4, at_least=1)


def test_rejects_integer_above_the_maximum(monkeypatch: Set) -> None:
    monkeypatch.setenv("X", "9")
    assert env_int("X", 4, at_most=9) == 9
    with pytest.raises(ImproperlyConfigured, match="X must be at most 8, not '9'"):
        env_int("X", 4, at_most=8)


def test_list_items_are_stripped(monkeypatch: Set) -> None:
    monkeypatch.setenv("X", " a.example, ,b.example,")
    assert env_list("X", []) == ["a.example", "b.example"]
    assert env_list("Y_UNSET", []) == []


def test_concurrent_processes_create_one_private_secret(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret"
    with ThreadPoolExecutor(8) as executor:
        secrets = set(executor.map(lambda _: env_secret("X", "X_FILE", file), range(16)))
    assert secrets == {file.read_text().strip()}
    assert len(secrets.pop()) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_secret_variable_takes_precedence_over_the_file(monkeypatch: Set, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_text("from the file\n")
    monkeypatch.setenv("X_FILE", str(given))
    assert env_secret("X", "X_FILE", tmp_path / "other") == "from the file"
    monkeypatch.setenv("X", "from the variable")
    assert env_secret("X", "X_FILE", tmp_path / "other") == "from the variable"


def test_rejects_empty_secret_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="X_FILE"):
        env_secret("X", "X_FILE", file)


def test_error_names_a_secret_file_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="X_FILE: cannot read or create"):
        env_secret("X", "X_FILE", tmp_path / "file" / "secret")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss%2F@db.example:6543/jobs",
         {"USER": "u", "PASSWORD": "p@ss/", "HOST": "db.example", "PORT": 6543, "NAME": "jobs"}),
        ("postgres://u@[::1]/my%20jobs?sslmode=require&application_name=a",
         {"HOST": "::1", "PORT": "", "NAME": "my jobs",
          "OPTIONS": {"sslmode": "require", "application_name": "a"}}),
        ("postgresql:///jobs?host=/run/postgres&port=5433",
         {"HOST": "/run/postgres", "PORT": "5433", "USER": "", "OPTIONS": {}}),
    ],
)  # fmt: skip
def test_parses_database_urls(monkeypatch: Set, url: str, expected: dict[str, Any]) -> None:
    monkeypatch.setenv("X", url)
    settings = env_database("X", "")
    assert settings["ENGINE"] == "project.postgresql"
    assert {name: settings[name] for name in expected} == expected


@pytest.mark.parametrize(
    "url",
    ["sqlite:///x", "jobs", "postgresql://host", "postgresql://host/", "postgresql://h:port/jobs",
     "postgresql://h:99999/jobs", "postgresql://[::1/jobs", "mysql://h/jobs"],
)  # fmt: skip
def test_invalid_database_url_error_names_the_variable(monkeypatch: Set, url: str) -> None:
    monkeypatch.setenv("X", url)
    with pytest.raises(ImproperlyConfigured, match="X"):
        env_database("X", "")


def test_error_does_not_contain_the_password(monkeypatch: Set) -> None:
    monkeypatch.setenv("X", "mysql://u:hunter2@h/jobs")
    with pytest.raises(ImproperlyConfigured) as caught:
        env_database("X", "")
    assert "hunter2" not in str(caught.value)


def test_peppers_are_numbered(monkeypatch: Set) -> None:
    assert env_peppers("X") == {}
    monkeypatch.setenv("X", f"2:{'b:' * 16}, 1:{'a' * 32}")
    assert env_peppers("X") == {2: "b:" * 16, 1: "a" * 32}


@pytest.mark.parametrize(
    "text", ["hunter2" * 5, f"0:{'a' * 32}", f"x:{'a' * 32}", f"1:{'a' * 31}", f"1:{'a' * 32},1:{'b' * 32}"]
)  # fmt: skip
def test_a_malformed_pepper_is_not_repeated(monkeypatch: Set, text: str) -> None:
    monkeypatch.setenv("X", text)
    with pytest.raises(ImproperlyConfigured, match="X must look like 2:SECRET") as caught:
        env_peppers("X")
    assert text not in str(caught.value)
    assert "aaaa" not in str(caught.value)
