"""An authenticator in software, for tests: what a browser returns for a passkey (WebAuthn, level 3)."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """For one site, and one user after `made`."""

    site: str = "testserver"
    origin: str = "http://testserver"
    is_unlocked: bool = True
    """Whether it verifies its user, by a fingerprint or a PIN."""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user_handle: str = ""

    def made(self, options: dict[str, Any]) -> str:
        """The credential that the form for a new passkey sends."""
        public = options["publicKey"]
        self.user_handle = public["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        cose = cbor.encode({1: 2, 3: -7, -1: 1, -2: x, -3: y})  # ES256 (RFC 9053)
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        data = self._data(ATTESTED) + attested
        return self._credential(
            {
                "clientDataJSON": websafe_encode(self._client("webauthn.create", public)),
                "attestationObject": websafe_encode(
                    cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
                ),
                "transports": ["internal"],
            }
        )

    def used(self, options: dict[str, Any]) -> str:
        """The credential that the form for a login or a confirmation sends."""
        client, data = self._client("webauthn.get", options["publicKey"]), self._data()
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signed),
                "userHandle": self.user_handle,
            }
        )

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.is_unlocked else 0)
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4)

    def _client(self, kind: str, public: dict[str, Any]) -> bytes:
        stated = {"type": kind, "challenge": public["challenge"], "origin": self.origin}
        return json.dumps(stated | {"crossOrigin": False}).encode()

    def _credential(self, response: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        extensions: Final = {"credProps": {"rk": True}}
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "authenticatorAttachment": "platform",
                "response": response,
                "clientExtensionResults": extensions,
            }
        )
