"""The schema as strict as the server, without the leeway that it leaves for generators and later versions.

For validators; it does not need Django's settings.
"""

from copy import deepcopy
from typing import Any, Final

ITEM: Final = "x-item-schema"
OPEN_ENUM: Final = "x-extensible-enum"
CODES: Final = "x-error-codes"


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """A copy in which open enums are closed, NDJSON is an array of its items, and each status has only its codes."""
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
