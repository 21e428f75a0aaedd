"""The protocol: versions, errors, and what a message must have. Knows no tool and no database.

Version 2026-07-28 has no handshake: each request says its version, in the body and in a header. Earlier versions begin
with `initialize`, which is answered without a session.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from jobs.mistakes import quoted

MODERN: Final = "2026-07-28"
WITH_BATCHES: Final = "2025-03-26"
# Of those with a handshake, the newest first
HANDSHAKE: Final = ("2025-11-25", "2025-06-18", WITH_BATCHES, "2024-11-05")
SUPPORTED: Final = (MODERN, *HANDSHAKE)

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
HEADER_MISMATCH: Final = -32020
UNSUPPORTED_VERSION: Final = -32022

VERSION_HEADER: Final = "MCP-Protocol-Version"
METHOD_HEADER: Final = "Mcp-Method"
NAME_HEADER: Final = "Mcp-Name"
VERSION_KEY: Final = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY: Final = "io.modelcontextprotocol/clientCapabilities"
SERVER_KEY: Final = "io.modelcontextprotocol/serverInfo"
# How a header carries a value that is not plain ASCII
ENCODED: Final = ("=?base64?", "?=")

# The status of a response, where the version says one; earlier ones answer a request with 200.
STATUSES: Final = {METHOD_NOT_FOUND: HTTPStatus.NOT_FOUND}


class ProtocolError(Exception):
    """A message that cannot be served. `status` is that of the response, if it does not depend on the version."""

    def __init__(
        self, code: int, message: str, data: Any = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.data = data
        self.status = status

    def content(self, request_id: str | int | None) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": str(self)}
        if self.data is not None:
            error["data"] = self.data
        return {"jsonrpc": "2.0", "id": request_id, "error": error}


class Message(NamedTuple):
    """A request, or a notification if `id` is None. `params` is empty if there are none."""

    id: str | int | None
    method: str
    params: dict[str, Any]


def read_message(content: Any) -> Message:
    """Raises ProtocolError."""
    if not isinstance(content, dict) or content.get("jsonrpc") != "2.0":
        raise _invalid('Send one JSON-RPC message: an object with "jsonrpc": "2.0".')
    if not isinstance(content.get("method"), str):
        raise _invalid("The message has no method. Responses are not accepted.")
    if "id" in content and type(content["id"]) not in (str, int):
        raise _invalid("The id of a request must be a string or an integer.")
    params = content.get("params", {})
    if not isinstance(params, dict):
        raise _invalid("params must be an object.")
    return Message(content.get("id"), content["method"], params)


def version_of(message: Message, headers: Mapping[str, str]) -> str:
    """The version of a request or notification, by its header; also that of the body is enough to know a modern one.

    Raises ProtocolError.
    """
    version = headers.get(VERSION_HEADER)
    meta = message.params.get("_meta")
    if version is None and isinstance(meta, dict) and VERSION_KEY in meta:
        return MODERN  # whose check finds that the header is missing
    if version is None:
        return WITH_BATCHES  # the last one that did not have the header
    if version not in SUPPORTED:
        data = {"supported": list(SUPPORTED), "requested": version}
        text = f"The protocol version {quoted(version)} is not supported."
        raise ProtocolError(UNSUPPORTED_VERSION, text, data, HTTPStatus.BAD_REQUEST)
    return version


def check_modern(message: Message, headers: Mapping[str, str]) -> None:
    """What a request of version 2026-07-28 must have besides: two members of _meta, and three headers that say the same.

    Raises ProtocolError.
    """
    meta = message.params.get("_meta")
    missing = [
        key
        for key in (VERSION_KEY, CAPABILITIES_KEY)
        if not isinstance(meta, dict) or key not in meta
    ]
    if missing or not isinstance(meta, dict):
        text = f"params._meta must be an object with {' and '.join(missing)}."
        raise ProtocolError(INVALID_PARAMS, text)
    expected = {VERSION_HEADER: meta[VERSION_KEY], METHOD_HEADER: message.method}
    if message.method == "tools/call":
        expected[NAME_HEADER] = message.params.get("name")
    for header, value in expected.items():
        if _decoded(headers.get(header)) != value:
            text = f"The header {header} is missing, or differs from the body."
            raise ProtocolError(HEADER_MISMATCH, text, status=HTTPStatus.BAD_REQUEST)


def status_of(error: ProtocolError, version: str) -> int:
    """The HTTP status of the response to a request."""
    if error.status is not None:
        return error.status
    if version != MODERN:
        return HTTPStatus.OK
    return STATUSES.get(error.code, HTTPStatus.BAD_REQUEST)


def _invalid(text: str) -> ProtocolError:
    return ProtocolError(INVALID_REQUEST, text, status=HTTPStatus.BAD_REQUEST)


def _decoded(value: str | None) -> str | None:
    first, last = ENCODED
    if value is None or not (value.startswith(first) and value.endswith(last)):
        return value
    try:
        return b64decode(value[len(first) : -len(last)], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
