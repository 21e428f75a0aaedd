"""What the provider says of itself: its endpoints and its keys, remembered for an hour by each process."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Final, TypeVar

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from jobs.sso.configuration import SingleSignOn, is_trusted_endpoint
from jobs.sso.http import fetch
from jobs.sso.refusals import Reason, Refused

Found = TypeVar("Found")

WELL_KNOWN: Final = "/.well-known/openid-configuration"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
REMEMBERED_SECONDS: Final = 3_600.0
# A token with an unknown key is a sign of new ones. Forged tokens must not make the dashboard ask each time.
LEAST_SECONDS: Final = 60.0
# While it fails: each wait for it holds up other logins.
PAUSE_SECONDS: Final = 10.0


class Provider:
    def __init__(self, configuration: SingleSignOn) -> None:
        self.configuration = configuration
        self._lock = Lock()
        self._metadata: dict[str, Any] = {}
        self._metadata_at = self._keys_at = -REMEMBERED_SECONDS
        self._keys: dict[str | None, PyJWK] = {}
        self._failure: Refused | None = None
        self._failed_at = 0.0

    @property
    def metadata(self) -> dict[str, Any]:
        """Raises Refused."""
        with self._lock:
            if monotonic() - self._metadata_at >= REMEMBERED_SECONDS:
                self._metadata = self._asked(self._discovered)
                self._metadata_at = monotonic()
            return self._metadata

    def key(self, key_id: str | None) -> PyJWK:
        """The key with this id; without an id, the only one. Raises Refused."""
        url = self.metadata["jwks_uri"]
        with self._lock:
            age = monotonic() - self._keys_at
            if age >= REMEMBERED_SECONDS or (key_id not in self._keys and age >= LEAST_SECONDS):
                self._keys = self._asked(lambda: _usable(fetch(url)))
                self._keys_at = monotonic()
            keys = self._keys
        if key_id is None and len(keys) == 1:
            return next(iter(keys.values()))
        if key_id not in keys:
            raise Refused(Reason.UNVERIFIED, "the key of the ID token is unknown")
        return keys[key_id]

    def _asked(self, ask: Callable[[], Found]) -> Found:
        """After a failure, the same one for a moment, without asking. Raises Refused."""
        if (failure := self._failure) and monotonic() - self._failed_at < PAUSE_SECONDS:
            raise Refused(failure.reason, failure.detail)
        try:
            found = ask()
        except Refused as refused:
            self._failure, self._failed_at = refused, monotonic()
            raise
        self._failure = None
        return found

    def _discovered(self) -> dict[str, Any]:
        issuer = self.configuration.issuer
        found = fetch(issuer.rstrip("/") + WELL_KNOWN)
        if found.get("issuer") != issuer:
            raise Refused(
                Reason.UNVERIFIED, f"the issuer calls itself {found.get('issuer')!r:.200}"
            )
        for name in ENDPOINTS:
            if not is_trusted_endpoint(str(found.get(name, "")), issuer):
                raise Refused(Reason.UNVERIFIED, f"{name} is not an https:// URL")
        return found


def _usable(document: dict[str, Any]) -> dict[str | None, PyJWK]:
    """The public keys for signatures, by their id."""
    try:
        keys = PyJWKSet.from_dict(document).keys
    except (PyJWTError, AttributeError, TypeError, ValueError) as error:
        raise Refused(Reason.UNVERIFIED, f"no keys: {error}") from None
    return {
        key.key_id: key
        for key in keys
        if key.key_type in {"RSA", "EC", "OKP"} and key.public_key_use in {None, "sig"}
    }
