"""Second factors, with django-allauth: what is particular to them here."""

from __future__ import annotations

import base64
import hmac
import logging
from functools import lru_cache
from typing import Any, Final

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

logger: Final = logging.getLogger(__name__)

PURPOSE: Final = b"job-dashboard.second-factors"
# Recovery codes alone are none: they stand in for one.
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
UNREADABLE: Final = "The codes of this account can no longer be checked. An admin of the dashboard can remove its second factor."


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # it has no types
    """Secrets are encrypted by a key that is not in the database: a copy of it lets nobody compute a code."""

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValidationError, which the forms show, if it was encrypted with another SECRET_KEY."""
        try:
            return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("A second factor cannot be decrypted: SECRET_KEY is another one now.")
            raise ValidationError(UNREADABLE, code="unreadable") from None

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows above the name of the user."""
        return f"Job dashboard {context.request.get_host()}"

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002  # its name there
        """Of a passkey that the user has not named."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.get_username()}


@lru_cache(maxsize=4)
def _cipher(secret_key: str) -> Fernet:
    key = hmac.digest(secret_key.encode(), PURPOSE, "sha256")
    return Fernet(base64.urlsafe_b64encode(key))


def remove_factors(user: User) -> int:
    """All that the user has, and the recovery codes. Returns how many second factors it were."""
    owned = Authenticator.objects.filter(user=user)
    number: int = owned.filter(type__in=FACTORS).count()
    owned.delete()
    return number
