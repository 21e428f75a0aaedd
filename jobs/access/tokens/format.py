"""The text of a token, `jmd_<key>.<secret><checksum>`: made, and read without the database.

The key is public and names the token; the secret is stored nowhere. By the checksum, a mistyped or shortened token is
recognized offline, and a scanner that finds something like a token in a file knows whether it is one.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

PREFIX: Final = "jmd_"
ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
KEY_LENGTH: Final = 12
SECRET_LENGTH: Final = 40
# The 2^32 values of a CRC-32 need six digits to the base of 62.
CHECKSUM_LENGTH: Final = 6
PATTERN: Final = re.compile(
    rf"({PREFIX}([0-9A-Za-z]{{{KEY_LENGTH}}})\.([0-9A-Za-z]{{{SECRET_LENGTH}}}))([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})"
)


@dataclass(frozen=True, slots=True)
class Token:
    """Its repr has no secret, so that no log and no error page has one."""

    key: str
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """What its holder sends."""
        signed = f"{PREFIX}{self.key}.{self.secret}"
        return signed + checksum(signed)


def new_token() -> Token:
    """71 random bits for the key, 238 for the secret."""
    return Token(_random(KEY_LENGTH), _random(SECRET_LENGTH))


def parse(text: str) -> Token | None:
    """None if the text is not a token, or its checksum is wrong."""
    match = PATTERN.fullmatch(text)
    if match is None or checksum(match[1]) != match[4]:
        return None
    return Token(match[2], match[3])


def checksum(text: str) -> str:
    """The CRC-32 of the text to the base of 62, as six digits."""
    number, digits = crc32(text.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
