"""Positions, names and the default, also when several operators change views at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.transaction import atomic

from jobs.limits import MAX_VIEWS
from jobs.saved_views.changes import (
    NameTaken,
    TooManyViews,
    ViewVersionMismatch,
    change_view,
    create_view,
    remove_view,
)
from jobs.saved_views.rows import ViewRow, read_view, read_views
from jobs.saved_views.search import DEFAULTS
from jobs.tests.factories import database_rows

THREADS = 8


def save(name: str, **values: Any) -> ViewRow:
    return create_view({**DEFAULTS, "name": name, **values})


def names() -> list[str]:
    views = read_views()
    assert [view.position for view in views] == list(range(1, len(views) + 1))
    return [view.name for view in views]


def defaults() -> list[str]:
    return [view.name for view in read_views() if view.is_default]


@pytest.mark.django_db
class TestOne:
    def test_new_views_are_the_last(self) -> None:
        assert [save("One").position, save("Two").position] == [1, 2]
        assert names() == ["One", "Two"]

    @pytest.mark.parametrize("other", ["Failed", "FAILED", "failed"])
    def test_a_name_is_unique_whatever_its_case(self, other: str) -> None:
        save("failed")
        with pytest.raises(NameTaken), atomic():
            save(other)
        two = save("two")
        with pytest.raises(NameTaken), atomic():
            change_view(two.id, {"name": other})
        assert names() == ["failed", "two"]

    def test_a_view_may_change_the_case_of_its_own_name(self) -> None:
        view = save("failed")
        changed = change_view(view.id, {"name": "Failed"})
        assert changed is not None
        assert changed.name == "Failed"

    def test_their_number_is_limited(self) -> None:
        for number in range(MAX_VIEWS):
            save(f"View {number}")
        with pytest.raises(TooManyViews):
            save("One too many")

    def test_the_database_limits_their_number_too(self) -> None:
        save("View")
        with pytest.raises(IntegrityError, match="saved_view_position_in_range"), atomic():
            database_rows(f"UPDATE saved_view SET position = {MAX_VIEWS + 1}")

    @pytest.mark.parametrize(
        ("name", "to", "order"),
        [
            ("A", 3, "BCAD"),
            ("D", 1, "DABC"),
            ("B", 2, "ABCD"),
            ("A", 99, "BCDA"),
            ("C", 2, "ACBD"),
        ],
    )
    def test_moves(self, name: str, to: int, order: str) -> None:
        views = {each: save(each) for each in "ABCD"}
        moved = change_view(views[name].id, {"position": to})
        assert "".join(names()) == order
        assert moved is not None
        assert moved.position == min(to, 4)

    def test_a_move_is_a_new_version_of_each_view_that_it_moves(self) -> None:
        views = [save(each) for each in "ABCD"]
        change_view(views[1].id, {"position": 1})
        after = {view.name: view.updated_at for view in read_views()}
        assert [after[view.name] != view.updated_at for view in views] == [True, True, False, False]

    def test_a_deletion_closes_the_gap(self) -> None:
        views = [save(each) for each in "ABC"]
        assert remove_view(views[0].id)
        assert names() == ["B", "C"]
        assert not remove_view(views[0].id)

    def test_one_view_at_most_is_the_default(self) -> None:
        one, two = save("One", is_default=True), save("Two")
        change_view(two.id, {"is_default": True})
        assert defaults() == ["Two"]
        before = read_view(one.id)
        assert before is not None
        assert before.updated_at > one.updated_at
        save("Three", is_default=True)
        assert defaults() == ["Three"]

    def test_the_database_refuses_a_second_default(self) -> None:
        save("One", is_default=True)
        save("Two")
        with pytest.raises(IntegrityError, match="saved_view_default"), atomic():
            database_rows("UPDATE saved_view SET is_default = true")

    def test_a_change_applies_only_to_the_expected_version(self) -> None:
        view = save("One")
        changed = change_view(view.id, {"q": "wing"}, [view.updated_at])
        assert changed is not None
        with pytest.raises(ViewVersionMismatch):
            change_view(view.id, {"q": "blade"}, [view.updated_at])
        with pytest.raises(ViewVersionMismatch):
            remove_view(view.id, [view.updated_at])
        assert read_view(view.id) == changed

    def test_a_view_that_is_gone(self) -> None:
        assert change_view(2**62, {"name": "x"}, ["some version"]) is None
        assert read_view(2**62) is None


def together(work: Callable[[int], Any]) -> list[Any]:
    """What the work returns or raises in each of several threads, which each have a connection of their own."""

    def run(number: int) -> Any:
        try:
            return work(number)
        except (NameTaken, TooManyViews, ViewVersionMismatch) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@pytest.mark.django_db(transaction=True)
class TestSeveral:
    def test_of_several_creations_with_a_name_one_succeeds(self) -> None:
        results = together(lambda number: save("Failed" if number % 2 else "FAILED"))
        assert sum(isinstance(result, ViewRow) for result in results) == 1
        assert len(names()) == 1

    def test_concurrent_creations_exceed_no_limit(self) -> None:
        for number in range(MAX_VIEWS - 2):
            save(f"View {number}")
        results = together(lambda number: save(f"New {number}"))
        assert sum(isinstance(result, ViewRow) for result in results) == 2
        assert len(names()) == MAX_VIEWS

    def test_of_several_renames_to_a_name_one_succeeds(self) -> None:
        views = [save(f"View {number}") for number in range(THREADS)]
        results = together(lambda number: change_view(views[number].id, {"name": "Failed"}))
        assert sum(isinstance(result, ViewRow) for result in results) == 1
        assert names().count("Failed") == 1

    def test_of_several_changes_of_a_version_one_succeeds(self) -> None:
        view = save("One")
        results = together(
            lambda number: change_view(view.id, {"q": f"wing{number}"}, [view.updated_at])
        )
        assert sum(isinstance(result, ViewRow) for result in results) == 1

    def test_the_default_switches_back_and_forth_and_stays_one(self) -> None:
        views = [save(f"View {number}") for number in range(THREADS)]

        def switch(number: int) -> None:
            for step in range(5):
                change_view(views[(number + step) % THREADS].id, {"is_default": True})

        together(switch)
        assert len(defaults()) == 1

    def test_moves_and_deletions_leave_no_gap(self) -> None:
        views = [save(f"View {number}") for number in range(THREADS)]

        def move(number: int) -> None:
            if number % 3 == 0:
                remove_view(views[number].id)
                save(f"New {number}")
            else:
                change_view(views[number].id, {"position": (number * 5) % THREADS + 1})

        together(move)
        assert len(names()) == THREADS
