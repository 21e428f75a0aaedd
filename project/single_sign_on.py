"""The provider of OpenID Connect at which people log in, as the environment names it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from jobs.sso.configuration import ROLES, SingleSignOn, is_trusted_url
from project.env import env_bool, env_int, env_list, env_str


def single_sign_on(access: str) -> SingleSignOn | None:
    """None if no provider is set. Raises ImproperlyConfigured, which never has the secret."""
    issuer = env_str("OIDC_ISSUER", "")
    client_id = env_str("OIDC_CLIENT_ID", "")
    secret = env_str("OIDC_CLIENT_SECRET", "")
    roles = env_list("OIDC_ROLES", [])
    is_only_way = env_bool("OIDC_ONLY", False)
    counts_as_second_factor = env_bool("OIDC_IS_SECOND_FACTOR", False)
    if not issuer:
        wanted = {
            "OIDC_CLIENT_ID": client_id,
            "OIDC_CLIENT_SECRET": secret,
            "OIDC_IS_SECOND_FACTOR": counts_as_second_factor,
            "OIDC_ONLY": is_only_way,
            "OIDC_ROLES": roles,
        }
        for name, value in wanted.items():
            if value:
                raise ImproperlyConfigured(f"{name} requires OIDC_ISSUER, which is missing.")
        return None
    if access != "login":
        raise ImproperlyConfigured("OIDC_ISSUER requires ACCESS=login.")
    if not is_trusted_url(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise ImproperlyConfigured("OIDC_ISSUER must be the https:// URL of the provider.")
    if not client_id:
        raise ImproperlyConfigured("OIDC_CLIENT_ID is missing, which OIDC_ISSUER requires.")
    if not roles:
        raise ImproperlyConfigured(
            "OIDC_ROLES is missing: it says who may use the dashboard, as admin:job-admins,viewer:*."
        )
    return SingleSignOn(
        issuer=issuer,
        client_id=client_id,
        client_secret=secret,
        name=env_str("OIDC_NAME", "single sign-on"),
        scopes=tuple(dict.fromkeys(["openid", *env_str("OIDC_SCOPES", "profile").split()])),
        roles_claim=env_str("OIDC_ROLES_CLAIM", "groups"),
        roles=_roles(roles),
        hours=env_int("OIDC_SESSION_HOURS", 12, at_least=1, at_most=24 * 14),
        is_only_way=is_only_way,
        counts_as_second_factor=counts_as_second_factor,
    )


def _roles(texts: list[str]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {role: set() for role in ROLES}
    for text in texts:
        role, _, value = (part.strip() for part in text.partition(":"))
        if role not in found or not value:
            raise ImproperlyConfigured(
                f"OIDC_ROLES has {text!r}, which is not like admin:job-admins or viewer:*."
            )
        found[role].add(value)
    return {role: frozenset(values) for role, values in found.items()}
