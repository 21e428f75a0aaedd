"""The schema as strict as the server is today, where the schema itself leaves room for what generators and later versions
need. For validators; it needs no settings.
"""

from copy import deepcopy
from typing import Any, Final

ITEM: Final = "x-item-schema"
OPEN_ENUM: Final = "x-extensible-enum"
CODES: Final = "x-error-codes"


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """A copy: an open list of values is all of them, text in lines is a list of its items, a status has its codes."""
    copy = deepcopy(document)
    for status, response in copy["components"]["responses"].items():
        [media] = response["content"].values()
        [number] = {example["value"]["status"] for example in media["examples"].values()}
        own = {"status": {"const": number}, "code": {"enum": response[CODES]}}
        assert own["code"]["enum"], f"{status} has no code"
        media["schema"] = {"allOf": [media["schema"]], "type": "object", "properties": own}
    _close(copy)
    return copy


def _close(part: Any) -> None:
    if isinstance(part, list):
        for member in part:
            _close(member)
    elif isinstance(part, dict):
        if OPEN_ENUM in part:
            part["enum"] = part[OPEN_ENUM]
        if ITEM in part:
            part["schema"] = {"type": "array", "items": part[ITEM]}
        for member in part.values():
            _close(member)
