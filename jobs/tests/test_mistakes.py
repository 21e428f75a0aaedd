"""Texts about mistakes in a request."""

from unittest.mock import Mock

import pytest

from jobs import mistakes
from jobs.mistakes import MAX_QUOTED, closest


def test_a_misspelled_name_is_recognized() -> None:
    assert closest("nmae", ("id", "name")) == "name"
    assert closest("colour", ("id", "name")) is None


def test_names_are_compared_only_if_short_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mistakes, "get_close_matches", compare := Mock(return_value=["name"]))
    mistakes._closest.cache_clear()
    assert closest("n" * (MAX_QUOTED + 1), ("name",)) is None
    assert not compare.called
    for _ in range(3):
        assert closest("n" * MAX_QUOTED, ("name",)) == "name"
    assert compare.call_count == 1
    mistakes._closest.cache_clear()
