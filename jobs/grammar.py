"""The search's own language: text in; the parts of a question, or what is wrong with each of them, out.

    turbine "thermal analysis" status:failed,pending -status:completed created:>=2026-01-01 updated:<2h id:12,34

Words and names must all be in the job's name, statuses and ids are alternatives, times must all hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import Final, NamedTuple

from jobs.ids import LARGEST_ID
from jobs.models import MAX_NAME_LENGTH
from jobs.query import FIELD, Part, Query, merged, written_name
from jobs.statuses import StatusType
from jobs.suggestions import field_meant, statuses_meant
from jobs.when import NoTime, read_when

MAX_LENGTH: Final = 2_000
MAX_PARTS: Final = 20
MAX_IDS: Final = 200

# A quoted phrase may lack its end: somebody is still typing it. Telephones write “ for ".
QUOTED: Final = re.compile(r'"((?:\\.|[^"\\]|\\\Z)*)"?|“([^”]*)”?', re.S)
BARE: Final = re.compile(r"\S*")
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
INCOMPLETE: Final = {"", ">", "<", ">=", "<=", "≥", "≤"}
NEEDS: Final = {
    "name": ('a part of a name, as in name:"turbine blade"', ()),
    "id": ("the number of a job, as in id:1234", ()),
    "status": (
        "pending, running, completed or failed",
        tuple(f"status:{status.lower()}" for status in StatusType.values),
    ),
} | {
    field: (
        "a day (2026-11-20), a moment (2026-11-20T14:05Z), an age (<2h, >7d)"
        " or a range (2026-11-01..2026-11-20)",
        (f"{field}:<1d", f"{field}:<1w"),
    )
    for field in ("created", "updated")
}


class Wrong(NamedTuple):
    """A part of the text that means nothing, and what may be put in its place."""

    start: int
    end: int
    code: str
    detail: str
    meant: tuple[str, ...] = ()


class Misunderstood(ValueError):
    """Carries every wrong part, from the left."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__(" ".join(part.detail for part in wrong))
        self.wrong = wrong


class Token(NamedTuple):
    """A piece of the text; with a field, `value` is what follows the colon, without quotes."""

    text: str
    start: int
    end: int
    value: str
    sign: str = ""
    field: str = ""


def parse(text: str, also: Iterable[Part] = ()) -> Query:
    """The question, and `also` as parts of it. Raises Misunderstood."""
    if wrong := list(_unreadable(text)):
        raise Misunderstood(wrong)
    parts, tokens = list(also), list(_tokens(text))
    for token, following in zip_longest(tokens, tokens[1:]):
        read = _read(token)
        if isinstance(read, Wrong):
            wrong.append(_joined(read, token, following))
        elif read:
            parts.append(read)
    query = merged(parts)
    if not wrong:
        wrong += _too_much(query, len(text))
    if wrong:
        raise Misunderstood(wrong)
    return query


def shown(text: str) -> str:
    """`"…"`, cut where it is long."""
    text = UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return f'"{text}"' if len(text) <= 40 else f'"{text[:40]}…"'


def _unreadable(text: str) -> Iterator[Wrong]:
    if found := UNSTORABLE.search(text):
        detail = "The search holds a character that no name can hold."
        yield Wrong(*found.span(), "invalid_characters", detail, ("",))
    if len(text) > MAX_LENGTH:
        detail = f"Search for at most {MAX_LENGTH:,} characters."
        yield Wrong(MAX_LENGTH, len(text), "too_long", detail, ("",))


def _too_much(query: Query, length: int) -> Iterator[Wrong]:
    ids = sum(len(part.value) for part in query.parts if isinstance(part.value, tuple))
    if ids > MAX_IDS:
        yield Wrong(0, length, "too_many", f"Ask for at most {MAX_IDS} ids.")
    if len(query.parts) > MAX_PARTS:
        yield Wrong(0, length, "too_many", f"Ask for at most {MAX_PARTS} things at once.")
    if len(str(query)) > MAX_LENGTH:
        yield Wrong(0, length, "too_long", f"Search for at most {MAX_LENGTH:,} characters.")


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        field = FIELD.match(text, at)
        if field and not field_meant(field[2]):
            field = None
        begin = field.end() if field else at
        quoted = QUOTED.match(text, begin)
        value = BARE.match(text, begin)[0]  # type: ignore[index]  # it matches anywhere
        end = begin + len(value)
        if quoted:
            end = quoted.end()
            value = quoted[2] if quoted[1] is None else re.sub(r'\\(["\\])', r"\1", quoted[1])
        written = (field[1], field[2]) if field else ("", "")
        yield Token(text[at:end], at, end, value.strip(), *written)
        at = end


def _read(token: Token) -> Part | Wrong | None:
    """None for a phrase of nothing."""
    field = field_meant(token.field) if token.field else None
    if field is None:
        return _name(token) if token.value else None
    if field != token.field.lower():
        meant = _mended(f"{token.sign}{field}:{token.text.partition(':')[2]}")
        return _wrong(token, "unknown_filter", "is no filter.", meant, or_name=True)
    if token.value in INCOMPLETE:
        what, examples = NEEDS[field]
        return _wrong(token, "incomplete", f"needs {what}.", say=False, meant=examples)
    if token.sign and field != "status":
        problem = "excludes what cannot be excluded: only a status can, as in -status:completed."
        return _wrong(token, "not_excludable", problem, or_name=True)
    return READERS[field](token)


def _name(token: Token) -> Part | Wrong:
    if len(token.value) > MAX_NAME_LENGTH:
        problem = f"is longer than a name can be: {MAX_NAME_LENGTH} characters."
        return _wrong(token, "too_long", problem)
    return Part("name", token.value)


def _status(token: Token) -> Part | Wrong:
    chosen = []
    for word in _words(token):
        if word.upper() not in StatusType.values:
            meant = [_with(token, word, status.lower()) for status in statuses_meant(word)]
            likely = [remedy for text in meant for remedy in _mended(text)]
            problem = "is no status." + ("" if likely else f" Allowed: {NEEDS['status'][0]}.")
            return _wrong(token, "unknown_status", problem, likely, part=word)
        chosen.append(StatusType(word.upper()))
    return Part("status", tuple(chosen), excluded=bool(token.sign))


def _id(token: Token) -> Part | Wrong:
    words = _words(token)
    for word in words:
        if not re.fullmatch("[0-9]{1,19}", word) or not 0 < int(word) <= LARGEST_ID:
            digits = re.sub("[^0-9]", "", word)
            meant = _mended(_with(token, word, digits)) if digits and digits != word else []
            return _wrong(token, "unknown_id", "is no number of a job.", meant, part=word)
    return Part("id", tuple(map(int, words)))


def _time(token: Token) -> Part | Wrong:
    field = token.field.lower()
    try:
        return Part(field, read_when(token.value))
    except NoTime as error:
        meant = _mended(f"{field}:{error.meant}") if error.meant else []
        problem = "" if meant else f" Write {NEEDS[field][0]}."
        return _wrong(token, "unknown_time", f"{error.problem}{problem}", meant, part=error.part)


READERS: Final[dict[str, Callable[[Token], Part | Wrong]]] = {
    "name": _name,
    "status": _status,
    "id": _id,
    "created": _time,
    "updated": _time,
}


def _words(token: Token) -> list[str]:
    return [word for word in (w.strip() for w in token.value.split(",")) if word] or [token.value]


def _with(token: Token, word: str, other: str) -> str:
    """The token with one word of its list replaced."""
    words = [other if w == word else w for w in _words(token)]
    return f"{token.sign}{token.field.lower()}:{','.join(words)}"


def _mended(text: str) -> list[str]:
    """The text where it can be read, else what it may mean."""
    read = [_read(token) for token in _tokens(text)]
    if len(read) != 1:
        return []
    return list(read[0].meant[:1]) if isinstance(read[0], Wrong) else [text] if read[0] else []


def _joined(wrong: Wrong, token: Token, following: Token | None) -> Wrong:
    """`status: failed`: somebody put a space behind the colon."""
    if wrong.code != "incomplete" or following is None or following.field:
        return wrong
    meant = _mended(token.text + following.text)
    if not meant:
        return wrong
    detail = f"{wrong.detail} Did you mean {meant[0]}?"
    return wrong._replace(end=following.end, detail=detail, meant=tuple(meant))


def _wrong(
    token: Token,
    code: str,
    problem: str,
    meant: Iterable[str] = (),
    *,
    part: str | None = None,
    or_name: bool = False,
    say: bool = True,
) -> Wrong:
    meant = list(meant)
    question = f" Did you mean {' or '.join(meant)}?" if meant and say else ""
    detail = f"{shown(token.text if part is None else part)} {problem}{question}"
    as_name = [written_name(token.text)] if or_name and len(token.text) <= MAX_NAME_LENGTH else []
    return Wrong(token.start, token.end, code, detail, (*meant, *as_name))
