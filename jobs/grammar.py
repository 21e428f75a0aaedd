"""The search's own language: text in; the parts of a question, or what is wrong with each of them, out.

    turbine "thermal analysis" status:failed,pending -status:completed created:>=2026-01-01 updated:<2h id:12,34

Words and names must all be in the job's name, statuses and ids are alternatives, times must all hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from jobs.ids import LARGEST_ID
from jobs.models import MAX_NAME_LENGTH
from jobs.query import Part, Query, merged, written_name
from jobs.statuses import StatusType
from jobs.suggestions import NEEDS, TIMES, field_meant, statuses_meant
from jobs.tokens import Token, tokens_of
from jobs.when import NoTime, read_when

MAX_LENGTH: Final = 2_000
MAX_PARTS: Final = 20
MAX_IDS: Final = 200
# Of one text, that many are told.
MAX_WRONG: Final = 20
SIGNS: Final = frozenset("<>≤≥")

UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
INCOMPLETE: Final = {"", ">", "<", ">=", "<=", "≥", "≤"}


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


def parse(text: str, also: Iterable[Part] = ()) -> Query:
    """The question, and `also` as parts of it. Raises Misunderstood."""
    if wrong := list(_unreadable(text)):
        raise Misunderstood(wrong)
    parts, tokens = list(also), list(tokens_of(text))
    for token, following in zip_longest(tokens, tokens[1:]):
        read = _cut(token, following) or _read(token)
        if isinstance(read, Wrong):
            wrong.append(_joined(read, token, following))
        elif read:
            parts.append(read)
    query = merged(parts)
    if not wrong:
        wrong += _too_much(query, len(text))
    if wrong:
        raise Misunderstood(wrong[:MAX_WRONG])
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
    words = _words(token)
    wrong = [word for word in words if word.upper() not in StatusType.values]
    if not wrong:
        return Part("status", tuple(StatusType(w.upper()) for w in words), bool(token.sign))
    meant = {word: [status.lower() for status in statuses_meant(word)] for word in wrong}
    choices = meant[wrong[0]] if all(meant.values()) else []
    likely = [_with(token, meant | {wrong[0]: [choice]}) for choice in choices]
    problem = "is no status." + ("" if likely else f" Allowed: {NEEDS['status'][0]}.")
    return _wrong(token, "unknown_status", problem, likely, part=wrong[0])


def _id(token: Token) -> Part | Wrong:
    words = _words(token)
    wrong = [word for word in words if not _is_id(word)]
    if not wrong:
        return Part("id", tuple(map(int, words)))
    # Signs around the digits and between thousands; 1.0 is no 10.
    meant = {word: [re.sub("^[^0-9]+|[^0-9]+$|[_'’]", "", word)] for word in wrong}
    likely = [_with(token, meant)] if all(_is_id(digits) for [digits] in meant.values()) else []
    return _wrong(token, "unknown_id", "is no number of a job.", likely, part=wrong[0])


def _is_id(word: str) -> bool:
    return bool(re.fullmatch("[0-9]{1,19}", word)) and 0 < int(word) <= LARGEST_ID


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


def _with(token: Token, meant: Mapping[str, Sequence[str]]) -> str:
    """The token with words of its list replaced by the first that each may mean."""
    words = dict.fromkeys(meant[word][0] if word in meant else word for word in _words(token))
    return f"{token.sign}{token.field.lower()}:{','.join(words)}"


def _mended(text: str) -> list[str]:
    """The text where it can be read, else what it may mean."""
    read = [_read(token) for token in tokens_of(text)]
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


def _cut(token: Token, following: Token | None) -> Wrong | None:
    """`created:<2026-11-20T14:05:00 05:30`, `created:2026-11-20 14:05`: a blank cuts the time, and what is behind it must
    not be taken for a name. In quotes it is one.
    """
    field = token.field.lower()
    if token.sign or field not in TIMES or token.value in INCOMPLETE:
        return None
    if following is None or following.field:
        return None
    rest = following.text
    meant = _together(field, token, rest)
    if not meant:
        return None
    if isinstance(_read(token), Part):
        meant.append(f'{token.text} "{rest}"')
    problem = "has a blank within its time."
    if rest[0] in SIGNS:
        problem = "has two times and one filter."
    elif meant[0].endswith(f"+{rest}"):
        problem = "has a blank before its offset: in an address, write + as %2B."
    detail = f"{shown(f'{token.text} {rest}')} {problem} Did you mean {' or '.join(meant)}?"
    return Wrong(token.start, following.end, "unknown_time", detail, tuple(meant))


def _together(field: str, token: Token, rest: str) -> list[str]:
    """The filters that the token and the word behind it may mean together; none where they are a time and a word."""
    try:
        return [f"{field}:{read_when(f'{token.value} {rest}')}"]
    except NoTime as error:
        if error.meant:
            return _mended(f"{field}:{error.meant}")
    second = f"{field}:{rest}"
    is_second = rest[0] in SIGNS and all(
        isinstance(_read(part), Part) for part in tokens_of(second)
    )
    return [f"{token.text} {second}"] if is_second and isinstance(_read(token), Part) else []


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
