"""The record of each call of a tool, in the log and, where people log in, in the audit: without names, searches or reasons."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from jobs.access.principal import Principal
from jobs.audit.kinds import Kind
from jobs.audit.recording import Entry, record_if_possible
from jobs.ids import LARGEST_ID

logger: Final = logging.getLogger(__name__.rpartition(".")[0])

# Arguments whose values are words of ours: others are recorded by their length.
WORDS: Final = frozenset({"action", "state", "status_type"})


class Call(NamedTuple):
    """What was called by whom, and what came of it: `ok`, or the code of the error."""

    principal: Principal
    tool: str
    arguments: Mapping[str, Any]
    result: str
    seconds: float


def record(call: Call) -> None:
    """The one place where a call is recorded."""
    arguments = {name: _harmless(name, each) for name, each in call.arguments.items()}
    user = call.principal.actor
    if user is not None:
        detail = f"{call.tool}: {call.result}"
        record_if_possible(Entry(Kind.TOOL_CALLED, call.principal.name, user, user, detail=detail))
    logger.info(
        "token=%s user=%s tool=%s arguments=%s result=%s ms=%.1f",
        call.principal.token_id,
        call.principal.user_id,
        call.tool,
        json.dumps(arguments),
        call.result,
        call.seconds * 1_000,
    )


def _harmless(name: str, value: Any) -> Any:
    if type(value) is bool or (type(value) is int and abs(value) <= LARGEST_ID):
        return value
    if isinstance(value, list) and name == "ids":
        return {"length": len(value), "first": [_harmless("", each) for each in value[:3]]}
    if isinstance(value, str) and name in WORDS:
        return value[:20]
    return {"length": len(value)} if isinstance(value, str | list | dict) else None
