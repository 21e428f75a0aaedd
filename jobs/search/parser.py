"""The search language: parses a text into a query, or reports every error in it.

    turbine "thermal analysis" status:failed,pending -status:completed created:>=2026-01-01 updated:<2h id:12,34

A job's name must contain all words and phrases; statuses and ids are alternatives; all times must match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import Any, Final

from jobs.mistakes import UNSTORABLE, InvalidQuery, SearchError, quoted
from jobs.models import MAX_NAME_LENGTH
from jobs.search.alternatives import join_alternatives
from jobs.search.field import Field, InvalidValue
from jobs.search.query import SearchQuery, Term, normalize
from jobs.search.terms import ALTERNATIVES, FIELDS, ID, NAME, OR, closest_field, quote_name
from jobs.search.text_fields import in_quotes
from jobs.search.tokens import Token, tokenize

Q: Final = "q"
MAX_LENGTH: Final = 2_000
MAX_TERMS: Final = 20
MAX_IDS: Final = 200
MAX_SEARCH_ERRORS: Final = 20
TOO_LONG: Final = f"The search is longer than {MAX_LENGTH:,} characters."
SIGNS: Final = frozenset("<>≤≥")
# What people write before a value to exclude it
NEGATED: Final = re.compile(r"(?:!=?|≠|<>|-(?![0-9])|not\s+)+", re.I)
INCOMPLETE: Final = {"", ">", "<", ">=", "<=", "≥", "≤"}


def parse(text: str, more_terms: Iterable[Term] = ()) -> SearchQuery:
    """The query, with `more_terms` added to it. Raises InvalidQuery with a SearchError for each invalid part."""
    if errors := list(_unparsable(text)):
        raise InvalidQuery(errors)
    terms, tokens = list(more_terms), list(tokenize(text))
    joins: dict[int, Token] = {}
    for token, following in zip_longest(tokens, tokens[1:]):
        if len(tokens) > 1 and token.text in OR:
            # Between the terms before and after it; at the ends of the text, there is none.
            joins[len(terms)] = token
            continue
        parsed = _split_value(token, following) or _parse_token(token)
        if isinstance(parsed, SearchError):
            errors.append(_with_name(_with_following(parsed, token, following), token))
        elif parsed:
            terms.append(parsed)
    if not errors:
        terms, errors = join_alternatives(terms, joins)
    query = normalize(terms)
    if not errors:
        errors += _exceeded_limits(query, len(text))
    if errors:
        raise InvalidQuery(errors[:MAX_SEARCH_ERRORS])
    return query


def _unparsable(text: str) -> Iterator[SearchError]:
    if match := UNSTORABLE.search(text):
        detail = "The search contains a character that is not allowed in names."
        yield SearchError(Q, "invalid_characters", detail, *match.span(), ("",))
    if len(text) > MAX_LENGTH:
        yield SearchError(Q, "too_long", TOO_LONG, MAX_LENGTH, len(text), ("",))


def _exceeded_limits(query: SearchQuery, length: int) -> Iterator[SearchError]:
    def error(code: str, detail: str) -> SearchError:
        return SearchError(Q, code, detail, 0, length)

    if sum(len(term.value) for term in query.terms if term.field is ID) > MAX_IDS:
        yield error("too_many", f"The search has more than {MAX_IDS} IDs.")
    joined = ALTERNATIVES.values()
    alternatives = sum(len(term.value) - 1 for term in query.terms if term.field in joined)
    if len(query.terms) + alternatives > MAX_TERMS:
        yield error("too_many", f"The search has more than {MAX_TERMS} terms.")
    if len(str(query)) > MAX_LENGTH:
        yield error("too_long", TOO_LONG)


def _parse_token(token: Token) -> Term | SearchError | None:
    """None for an empty phrase."""
    field = closest_field(token.field) if token.field else None
    if field is None:
        return _read(NAME, token) if token.value else None
    if field.name != token.field.lower():
        suggestions = _corrected(f"{token.sign}{field.name}:{token.text.partition(':')[2]}")
        problem = "is not a valid filter."
        return _error(token, "unknown_filter", problem, suggestions, or_name=True)
    if token.value in INCOMPLETE:
        problem = f"needs a value: {field.expects}."
        return _error(token, "incomplete", problem, field.examples, ask=False)
    return _read(field, token)


def _read(field: Field[Any], token: Token) -> Term | SearchError:
    try:
        return Term(field, field.read(token.value), bool(token.sign))
    except InvalidValue as error:
        prefix = f"{token.sign}{field.name}:"
        values, negated = error.suggestions, NEGATED.match(token.value)
        if negated:
            # Not the suggestion for the rest: it would mean the opposite.
            prefix = f"{'' if token.sign else '-'}{field.name}:"
            values = [token.value[negated.end() :]]
        suggestions = [text for value in values for text in _corrected(f"{prefix}{value}")]
        remedy = f" {error.remedy}" if error.remedy and not suggestions else ""
        return _error(token, error.code, error.problem + remedy, suggestions, part=error.part)


def _corrected(text: str) -> list[str]:
    """The text if it is a single valid token, otherwise the first suggestion for it, if any."""
    parsed = [_parse_token(token) for token in tokenize(text)]
    if len(parsed) != 1:
        return []
    [one] = parsed
    return list(one.suggestions[:1]) if isinstance(one, SearchError) else [text] if one else []


def _with_following(error: SearchError, token: Token, following: Token | None) -> SearchError:
    """Extends the error to `status: failed`, which has a space after the colon."""
    if error.code != "incomplete" or following is None or following.field:
        return error
    suggestions = _corrected(token.text + following.text)
    if not suggestions:
        return error
    detail = f"{error.detail} Did you mean {suggestions[0]}?"
    return replace(error, end=following.end, detail=detail, suggestions=tuple(suggestions))


def _with_name(error: SearchError, token: Token) -> SearchError:
    """A way out of `id:abc`: the text in names."""
    if error.code != "unknown_id" or error.suggestions or len(token.value) > MAX_NAME_LENGTH:
        return error
    return replace(error, suggestions=(in_quotes(token.value),))


def _split_value(token: Token, following: Token | None) -> SearchError | None:
    """An error if a space splits the value (`created:2026-11-20 14:05`): unquoted, the rest is not part of the name."""
    field = FIELDS.get(token.field.lower())
    if token.sign or field is None or not field.noun or token.value in INCOMPLETE:
        return None
    if following is None or following.field:
        return None
    rest = following.text
    suggestions = _joined(field, token, rest)
    if not suggestions:
        return None
    problem = f"has a space inside a {field.noun}."
    if rest[0] in SIGNS:
        problem = f"has two {field.noun}s for one filter."
    elif suggestions[0].endswith(f"+{rest}"):
        problem = "has a space before the UTC offset: in a URL, encode + as %2B."
    if isinstance(_parse_token(token), Term):
        suggestions.append(f'{token.text} "{rest}"')
    detail = f"{quoted(f'{token.text} {rest}')} {problem} Did you mean {' or '.join(suggestions)}?"
    span = (token.start, following.end)
    return SearchError(Q, f"unknown_{field.noun}", detail, *span, tuple(suggestions))


def _joined(field: Field[Any], token: Token, rest: str) -> list[str]:
    """The filters that the token and the next word may mean together; none if they are a value and a word."""
    try:
        return [field.write(field.read(f"{token.value} {rest}"))]
    except InvalidValue as error:
        if error.suggestions:
            return _corrected(f"{field.name}:{error.suggestions[0]}")
    second = f"{field.name}:{rest}"
    is_second = rest[0] in SIGNS and all(
        isinstance(_parse_token(part), Term) for part in tokenize(second)
    )
    return [f"{token.text} {second}"] if is_second and isinstance(_parse_token(token), Term) else []


def _error(
    token: Token,
    code: str,
    problem: str,
    suggestions: Iterable[str] = (),
    *,
    part: str | None = None,
    or_name: bool = False,
    ask: bool = True,
) -> SearchError:
    suggestions = list(suggestions)
    question = f" Did you mean {' or '.join(suggestions)}?" if suggestions and ask else ""
    detail = f"{quoted(token.text if part is None else part)} {problem}{question}"
    as_name = [quote_name(token.text)] if or_name and len(token.text) <= MAX_NAME_LENGTH else []
    suggested = (*suggestions, *as_name)
    return SearchError(Q, code, detail, token.start, token.end, suggested)
