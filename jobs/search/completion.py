"""What the search field offers while somebody types, derived from the fields: the page's script knows no field by itself.

`#` in words, and in the pattern of a value, stands for a number or a date that the script fills in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jobs.search.field import Field, InvalidValue, Offer
from jobs.search.terms import FIELDS, OPERATORS
from jobs.search.times import UNITS

DATE: Final = "2026-11-20"
DATE_SIGNS: Final = ("", ">=", ">", "<=", "<")
AMOUNT_SIGNS: Final = ("<", ">", "")


def grammar() -> dict[str, Any]:
    """Small JSON: what is empty is left out."""
    return {
        "fields": [_field(field) for field in FIELDS.values()],
        "operators": [{"value": value, "words": words} for value, words in OPERATORS],
    }


def _field(field: Field[Any]) -> dict[str, Any]:
    return _without_empty(
        name=field.name,
        words=field.expects,
        synonyms=field.synonyms,
        isList=field.takes_list,
        values=[_offer(offer) for offer in field.offers()],
        amounts=list(_amounts(field)),
        dates=list(_dates(field)),
    )


def _offer(offer: Offer) -> dict[str, Any]:
    return _without_empty(
        value=offer.value,
        words=offer.words,
        synonyms=offer.synonyms,
        status=offer.status,
        days=offer.days,
    )


def _amounts(field: Field[Any]) -> Iterator[dict[str, str]]:
    """Comparisons with an amount of time, `<#h`, in words for one and for more; those that the field reads."""
    for sign in AMOUNT_SIGNS:
        for unit in UNITS:
            one, many = (_words(field, f"{sign}{number}{unit}") for number in (1, 2))
            # A name takes any text as it is.
            if many and many != f"{sign}2{unit}":
                yield {"value": f"{sign}#{unit}", "one": one, "many": many.replace("2", "#")}


def _dates(field: Field[Any]) -> Iterator[dict[str, str]]:
    """Comparisons with a date, `>=#`; those that the field reads as days."""
    for sign in DATE_SIGNS:
        text = f"{sign}{DATE}"
        words = _words(field, text)
        if words and field.depends_on_zone(field.read(text)):
            yield {"value": f"{sign}#", "words": words.replace(DATE, "#")}


def _words(field: Field[Any], text: str) -> str:
    """Empty if the field does not read the text."""
    try:
        return field.words(field.read(text))
    except InvalidValue:
        return ""


def _without_empty(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
