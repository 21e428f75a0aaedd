"""A question as its parts, each of which can be written, shown and removed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jobs.criteria import Criteria
from jobs.names import name_key
from jobs.statuses import StatusType
from jobs.suggestions import field_meant
from jobs.when import ALWAYS, When

Value = str | tuple[StatusType, ...] | tuple[int, ...] | When

FIELD: Final = re.compile(r"(-?)([A-Za-z]{2,12}):")
ORDER: Final = ("name", "id", "status", "created", "updated")


@dataclass(frozen=True)
class Part:
    """One condition: a name, alternative statuses or ids, or a time."""

    field: str
    value: Value
    excluded: bool = False

    def __str__(self) -> str:
        match self.value:
            case str():
                return written_name(self.value)
            case When():
                return f"{self.field}:{self.value}"
            case _:
                words = ",".join(str(value).lower() for value in self.value)
                return f"{'-' if self.excluded else ''}{self.field}:{words}"


@dataclass(frozen=True)
class Query:
    """Parts that a job must all fulfil: names as they were typed, then the others. Always valid.

    Its text reads back as the same question.
    """

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))

    def without(self, *parts: Part) -> Query:
        return Query(tuple(part for part in self.parts if part not in parts))

    def without_statuses(self) -> Query:
        return self.without(*(part for part in self.parts if part.field == "status"))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.value for part in self.parts if isinstance(part.value, str))

    @property
    def statuses(self) -> tuple[StatusType, ...]:
        """The ones it lets through: all of them, some, or none."""
        kept = set(StatusType)
        for part in self.parts:
            if part.field == "status":
                kept = {s for s in kept if (s in _members(part)) != part.excluded}
        return tuple(status for status in StatusType if status in kept)

    def criteria(self, now: datetime) -> Criteria:
        """The rest of it; ages are counted from `now`."""
        spans = {"created": ALWAYS, "updated": ALWAYS}
        for part in self.parts:
            if isinstance(part.value, When):
                spans[part.field] = spans[part.field].meet(part.value.span(now))
        ids = [part.value for part in self.parts if part.field == "id"]
        return Criteria(self.names, *ids, **spans) if ids else Criteria(self.names, **spans)  # type: ignore[arg-type]  # an id's value is numbers


NO_QUERY: Final = Query()


def merged(parts: list[Part]) -> Query:
    """The parts in their order, each once; alternatives are one part."""
    kept: dict[object, Part] = {}
    for part in parts:
        if isinstance(part.value, str | When):
            kept.setdefault((part.field, name_key(str(part.value))), part)
            continue
        kind = (part.field, part.excluded)
        values = {*(_members(kept[kind]) if kind in kept else ()), *part.value}
        kept[kind] = Part(part.field, _in_order(values), part.excluded)
    return Query(tuple(sorted(kept.values(), key=lambda p: (ORDER.index(p.field), p.excluded))))


def named(*names: str) -> Query:
    """The question for these parts of a name, whatever they hold."""
    return merged([Part("name", name) for name in names if name])


def written_name(name: str) -> str:
    """Bare where it reads back as this name, else in quotes."""
    field = FIELD.match(name)
    is_word = name and name[0] not in '"“' and not any(c.isspace() for c in name)
    if is_word and not (field and field_meant(field[2])):
        return name
    escaped = name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _members(part: Part) -> tuple[object, ...]:
    return part.value if isinstance(part.value, tuple) else ()


def _in_order(values: set[object]) -> tuple[StatusType, ...] | tuple[int, ...]:
    statuses = tuple(status for status in StatusType if status in values)
    return statuses or tuple(sorted(value for value in values if isinstance(value, int)))
