"""What jobs/access/ assumes of django-allauth."""

import re
from inspect import getsource, signature

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView

from jobs.access.adapter import AccountAdapter


def test_failed_logins_are_counted_by_a_key() -> None:
    name = "_get_login_attempts_cache_key"
    original, ours = (getattr(each, name) for each in (DefaultAccountAdapter, AccountAdapter))
    assert list(signature(original).parameters) == list(signature(ours).parameters)


def test_the_pages_for_passkeys_have_their_options() -> None:
    for view in (AuthenticateView, AddWebAuthnView, ReauthenticateWebAuthnView):
        source = getsource(view.get_context_data)
        assert re.search(r'"?js_data"?\]? ?[=:] ?\{"(request|creation)_options"', source), view


def test_second_factors_have_names_and_used_codes() -> None:
    assert 'self.instance.data["name"]' in getsource(WebAuthn)
    assert '"used_mask": 0' in getsource(RecoveryCodes)
