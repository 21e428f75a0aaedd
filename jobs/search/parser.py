"""The search language: parses a text into a query, or reports every error in it.

    turbine "thermal analysis" status:failed,pending -status:completed created:>=2026-01-01 updated:<2h id:12,34

A job's name must contain all words and phrases; statuses and ids are alternatives; all times must match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from jobs.ids import LARGEST_ID
from jobs.models import MAX_NAME_LENGTH
from jobs.search.query import Query, Term, normalize, quote_name
from jobs.search.suggestions import EXPECTED_VALUES, TIME_FIELDS, closest_field, suggest_statuses
from jobs.search.times import InvalidTime, parse_time_filter
from jobs.search.tokens import Token, tokenize
from jobs.statuses import StatusType

MAX_LENGTH: Final = 2_000
MAX_TERMS: Final = 20
MAX_IDS: Final = 200
MAX_DIAGNOSTICS: Final = 20
TOO_LONG: Final = f"The search is longer than {MAX_LENGTH:,} characters."
SIGNS: Final = frozenset("<>≤≥")

UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
INCOMPLETE: Final = {"", ">", "<", ">=", "<=", "≥", "≤"}


class Diagnostic(NamedTuple):
    """An error in a part of the text, and what could replace that part."""

    start: int
    end: int
    code: str
    detail: str
    suggestions: tuple[str, ...] = ()


class QuerySyntaxError(ValueError):
    """Has a diagnostic for each invalid part of the text, from left to right."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(" ".join(diagnostic.detail for diagnostic in diagnostics))
        self.diagnostics = diagnostics


def parse(text: str, more_terms: Iterable[Term] = ()) -> Query:
    """The query, with `more_terms` added to it. Raises QuerySyntaxError."""
    if diagnostics := list(_unparsable(text)):
        raise QuerySyntaxError(diagnostics)
    terms, tokens = list(more_terms), list(tokenize(text))
    for token, following in zip_longest(tokens, tokens[1:]):
        parsed = _split_time(token, following) or _parse_token(token)
        if isinstance(parsed, Diagnostic):
            diagnostics.append(_with_following(parsed, token, following))
        elif parsed:
            terms.append(parsed)
    query = normalize(terms)
    if not diagnostics:
        diagnostics += _exceeded_limits(query, len(text))
    if diagnostics:
        raise QuerySyntaxError(diagnostics[:MAX_DIAGNOSTICS])
    return query


def quoted(text: str) -> str:
    """The text in quotes, truncated to 40 characters."""
    text = UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return f'"{text}"' if len(text) <= 40 else f'"{text[:40]}…"'


def _unparsable(text: str) -> Iterator[Diagnostic]:
    if match := UNSTORABLE.search(text):
        detail = "The search contains a character that is not allowed in names."
        yield Diagnostic(*match.span(), "invalid_characters", detail, ("",))
    if len(text) > MAX_LENGTH:
        yield Diagnostic(MAX_LENGTH, len(text), "too_long", TOO_LONG, ("",))


def _exceeded_limits(query: Query, length: int) -> Iterator[Diagnostic]:
    ids = sum(len(term.value) for term in query.terms if isinstance(term.value, tuple))
    if ids > MAX_IDS:
        yield Diagnostic(0, length, "too_many", f"The search has more than {MAX_IDS} IDs.")
    if len(query.terms) > MAX_TERMS:
        yield Diagnostic(0, length, "too_many", f"The search has more than {MAX_TERMS} terms.")
    if len(str(query)) > MAX_LENGTH:
        yield Diagnostic(0, length, "too_long", TOO_LONG)


def _parse_token(token: Token) -> Term | Diagnostic | None:
    """None for an empty phrase."""
    field = closest_field(token.field) if token.field else None
    if field is None:
        return _name(token) if token.value else None
    if field != token.field.lower():
        suggestions = _corrected(f"{token.sign}{field}:{token.text.partition(':')[2]}")
        problem = "is not a valid filter."
        return _diagnostic(token, "unknown_filter", problem, suggestions, or_name=True)
    if token.value in INCOMPLETE:
        expected, examples = EXPECTED_VALUES[field]
        problem = f"needs a value: {expected}."
        return _diagnostic(token, "incomplete", problem, examples, ask=False)
    if token.sign and field != "status":
        problem = "cannot be excluded: only statuses can, as in -status:completed."
        return _diagnostic(token, "not_excludable", problem, or_name=True)
    return PARSERS[field](token)


def _name(token: Token) -> Term | Diagnostic:
    if len(token.value) > MAX_NAME_LENGTH:
        problem = f"is too long: names have at most {MAX_NAME_LENGTH} characters."
        return _diagnostic(token, "too_long", problem)
    return Term("name", token.value)


def _status(token: Token) -> Term | Diagnostic:
    words = _words(token)
    invalid = [word for word in words if word.upper() not in StatusType.values]
    if not invalid:
        return Term("status", tuple(StatusType(w.upper()) for w in words), bool(token.sign))
    likely = {word: [status.lower() for status in suggest_statuses(word)] for word in invalid}
    choices = likely[invalid[0]] if all(likely.values()) else []
    suggestions = [_replaced(token, likely | {invalid[0]: [choice]}) for choice in choices]
    allowed = "" if suggestions else f" Allowed: {EXPECTED_VALUES['status'][0]}."
    problem = "is not a valid status." + allowed
    return _diagnostic(token, "unknown_status", problem, suggestions, part=invalid[0])


def _id(token: Token) -> Term | Diagnostic:
    words = _words(token)
    invalid = [word for word in words if not _is_id(word)]
    if not invalid:
        return Term("id", tuple(map(int, words)))
    # Characters around the digits, and between thousands. Not a dot: 1.0 does not mean 10.
    digits = {word: [re.sub("^[^0-9]+|[^0-9]+$|[_'’]", "", word)] for word in invalid}
    are_ids = all(_is_id(number) for [number] in digits.values())
    suggestions = [_replaced(token, digits)] if are_ids else []
    return _diagnostic(token, "unknown_id", "is not a valid job ID.", suggestions, part=invalid[0])


def _is_id(word: str) -> bool:
    return bool(re.fullmatch("[0-9]{1,19}", word)) and 0 < int(word) <= LARGEST_ID


def _time(token: Token) -> Term | Diagnostic:
    field = token.field.lower()
    try:
        return Term(field, parse_time_filter(token.value))
    except InvalidTime as error:
        suggestions = _corrected(f"{field}:{error.suggestion}") if error.suggestion else []
        problem = error.problem + ("" if suggestions else f" Use {EXPECTED_VALUES[field][0]}.")
        return _diagnostic(token, "unknown_time", problem, suggestions, part=error.part)


PARSERS: Final[dict[str, Callable[[Token], Term | Diagnostic]]] = {
    "name": _name,
    "status": _status,
    "id": _id,
    "created": _time,
    "updated": _time,
}


def _words(token: Token) -> list[str]:
    return [word for word in (w.strip() for w in token.value.split(",")) if word] or [token.value]


def _replaced(token: Token, replacements: Mapping[str, Sequence[str]]) -> str:
    """The token with words of its list replaced by their first replacements."""
    words = dict.fromkeys(replacements.get(word, [word])[0] for word in _words(token))
    return f"{token.sign}{token.field.lower()}:{','.join(words)}"


def _corrected(text: str) -> list[str]:
    """The text if it is a single valid token, otherwise the first suggestion for it, if any."""
    parsed = [_parse_token(token) for token in tokenize(text)]
    if len(parsed) != 1:
        return []
    [one] = parsed
    return list(one.suggestions[:1]) if isinstance(one, Diagnostic) else [text] if one else []


def _with_following(diagnostic: Diagnostic, token: Token, following: Token | None) -> Diagnostic:
    """Extends the diagnostic to `status: failed`, which has a space after the colon."""
    if diagnostic.code != "incomplete" or following is None or following.field:
        return diagnostic
    suggestions = _corrected(token.text + following.text)
    if not suggestions:
        return diagnostic
    detail = f"{diagnostic.detail} Did you mean {suggestions[0]}?"
    return diagnostic._replace(end=following.end, detail=detail, suggestions=tuple(suggestions))


def _split_time(token: Token, following: Token | None) -> Diagnostic | None:
    """An error if a space splits the time (`created:2026-11-20 14:05`): unquoted, the rest is not part of the name."""
    field = token.field.lower()
    if token.sign or field not in TIME_FIELDS or token.value in INCOMPLETE:
        return None
    if following is None or following.field:
        return None
    rest = following.text
    suggestions = _joined(field, token, rest)
    if not suggestions:
        return None
    problem = "has a space inside a time."
    if rest[0] in SIGNS:
        problem = "has two times for one filter."
    elif suggestions[0].endswith(f"+{rest}"):
        problem = "has a space before the UTC offset: in a URL, encode + as %2B."
    if isinstance(_parse_token(token), Term):
        suggestions.append(f'{token.text} "{rest}"')
    detail = f"{quoted(f'{token.text} {rest}')} {problem} Did you mean {' or '.join(suggestions)}?"
    return Diagnostic(token.start, following.end, "unknown_time", detail, tuple(suggestions))


def _joined(field: str, token: Token, rest: str) -> list[str]:
    """The filters that the token and the next word may mean together; none if they are a time and a word."""
    try:
        return [f"{field}:{parse_time_filter(f'{token.value} {rest}')}"]
    except InvalidTime as error:
        if error.suggestion:
            return _corrected(f"{field}:{error.suggestion}")
    second = f"{field}:{rest}"
    is_second = rest[0] in SIGNS and all(
        isinstance(_parse_token(part), Term) for part in tokenize(second)
    )
    return [f"{token.text} {second}"] if is_second and isinstance(_parse_token(token), Term) else []


def _diagnostic(
    token: Token,
    code: str,
    problem: str,
    suggestions: Iterable[str] = (),
    *,
    part: str | None = None,
    or_name: bool = False,
    ask: bool = True,
) -> Diagnostic:
    suggestions = list(suggestions)
    question = f" Did you mean {' or '.join(suggestions)}?" if suggestions and ask else ""
    detail = f"{quoted(token.text if part is None else part)} {problem}{question}"
    as_name = [quote_name(token.text)] if or_name and len(token.text) <= MAX_NAME_LENGTH else []
    return Diagnostic(token.start, token.end, code, detail, (*suggestions, *as_name))
