"""Bodies, names, statuses and content types that every call rejects."""

from typing import Any

NOT_JSON = [
    b"{", b"{}{}", b"nul", b"'x'", b'{"name": "x",}', b'{"name": NaN}', b'{"name": -Infinity}',
    b'{"name": "\x00"}', b'{"name": "\xff"}', b'{"name": "\\u12"}',
    b'{"name": "x"', b'{"n": ' + b"9" * 5000 + b"}", b"[" * 60_000, b'{"a":' * 10_000, b"\0" * 9,
    '{"name": "x"}'.encode("utf-16"),
]  # fmt: skip
NO_OBJECT = [b"[]", b"null", b"1", b'"name"', b"true", b'[{"name": "x"}]']
BAD_NAMES: list[Any] = [
    None, "", "   ", "\t\n\u00a0", "x" * 256, "😀" * 256, 1, 1.5, 10**400, True, [], {}, ["x"],
    "a\0b", "\ud800", "x\udfff", "x" * 60_000,
]  # fmt: skip
BAD_STATUSES: list[Any] = [
    None, "", "running", "PAUSED", "RUNNING ", "RUNNING\0", "\ud800", 1, 0, True, [], {},
    ["RUNNING"], {"RUNNING": 1}, "R" * 60_000, 10**400,
]  # fmt: skip
FORMS = [
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/json",
    "application/jsonp", "application/xml", "", "nonsense", "application/json/x", "\xff/\xfe",
]  # fmt: skip
