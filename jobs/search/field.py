"""What a field of the search language consists of. jobs/search/terms.py declares the fields."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, NamedTuple, TypeVar

from jobs.search.conditions import Criteria

Value = TypeVar("Value")


class InvalidValue(ValueError):
    """A value that the field cannot read.

    `part` is the wrong part of it, or None for the whole term; `remedy` a sentence for when there is no suggestion.
    The suggestions replace the whole value.
    """

    def __init__(
        self,
        code: str,
        problem: str,
        *,
        part: str | None = None,
        remedy: str = "",
        suggestions: Sequence[str] = (),
    ) -> None:
        super().__init__(problem)
        self.code, self.problem, self.part, self.remedy = code, problem, part, remedy
        self.suggestions = suggestions


class Days(NamedTuple):
    """Whole days: the first one relative to today, or to this week's Monday, and their number."""

    first: int
    number: int
    is_week: bool


@dataclass(frozen=True)
class Offer:
    """A value that the search field offers: what it means in words, and whatever else is shown beside it."""

    value: str
    words: str
    synonyms: tuple[str, ...] = ()
    status: str = ""
    days: Days | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Field(ABC, Generic[Value]):
    """The part of a term before the colon, and everything that the search knows about its values.

    `order` is its place in the canonical text of a query. `expects` describes a value, and `examples` are whole terms:
    both are for a term without a value. `help` has examples with what they find, and code in backticks. `noun` is what a
    value is called, if people write spaces in it: the error for it has the code `unknown_` and this word. `values` are
    offered while the term is typed; without them, those of the examples.
    """

    takes_list: ClassVar[bool] = False
    """Whether a comma stands between alternative values."""

    name: str
    order: int
    expects: str
    help: tuple[tuple[str, str], ...]
    examples: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    noun: str = ""
    values: tuple[str, ...] = ()

    @abstractmethod
    def read(self, text: str) -> Value:
        """The value in its canonical form. Raises InvalidValue."""

    @abstractmethod
    def narrow(self, criteria: Criteria, value: Value, now: datetime) -> Criteria:
        """The criteria that jobs with this value also meet. Days are those of the time zone of `now`."""

    def exclude(self, criteria: Criteria, value: Value, now: datetime) -> Criteria:
        """The criteria that jobs without this value meet: no index supports it, so the list is walked."""
        others = self.narrow(Criteria(), value, now)
        return criteria if others.is_unsatisfiable else criteria.without(others.conditions)

    @abstractmethod
    def words(self, value: Value) -> str:
        """The value in words, for chips, titles and messages."""

    def offers(self) -> Iterator[Offer]:
        """What the search field offers as a value, in this order."""
        prefix = f"{self.name}:"
        examples = (text.removeprefix(prefix) for text in self.examples if text.startswith(prefix))
        for text in self.values or examples:
            yield Offer(text, self.words(self.read(text)))

    def write(self, value: Value) -> str:
        """The canonical text of a term with the value."""
        return f"{self.name}:{value}"

    def write_excluded(self, value: Value) -> str:
        return f"-{self.write(value)}"

    def depends_on_zone(self, value: Value) -> bool:
        """Whether the value means something else in another time zone."""
        return False

    def depends_on_now(self, value: Value) -> bool:
        """Whether the value means something else at another time."""
        return False

    def key(self, value: Value) -> Hashable:
        """Two terms with the same key are merged into one."""
        return str(value)

    def merge(self, one: Value, other: Value) -> Value:
        """The value of one term for two with the same key."""
        return one
