"""URL roots in login mode: those of open mode, and the pages for logging in and out and for one's account."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from jobs.access.confirmation import confirmed
from jobs.access.permissions import Permission, needs
from jobs.pages import factors, sessions, single_sign_on
from jobs.pages.errors import too_many_attempts as handler429
from project.urls import handler400, handler404, handler500
from project.urls import urlpatterns as open_patterns

__all__ = ["handler400", "handler404", "handler429", "handler500", "urlpatterns"]

PUBLIC, IDENTITY, ACCOUNT = Permission.PUBLIC, Permission.IDENTITY, Permission.ACCOUNT

# The names are those by which django-allauth finds them. It has more pages, as for signing up: these are all that are served.
urlpatterns = [
    *open_patterns,  # first: the fewer patterns a call of the API is compared with, the sooner it is found
    path("login/", needs(single_sign_on.login, GET=PUBLIC, POST=PUBLIC), name="account_login"),
    path("logout/", needs(account.logout, GET=PUBLIC, POST=PUBLIC), name="account_logout"),
    path("login/inactive/", needs(account.account_inactive, GET=PUBLIC), name="account_inactive"),
    path(
        "login/code/",
        needs(factors.second_step, GET=PUBLIC, POST=PUBLIC),
        name="mfa_authenticate",
    ),
    path(
        "login/passkey/",
        needs(single_sign_on.local(factors.login_by_passkey), GET=PUBLIC, POST=PUBLIC),
        name="mfa_login_webauthn",
    ),
    path("login/sso/", needs(single_sign_on.begin_login, GET=PUBLIC), name="sso_login"),
    path("login/sso/callback/", needs(single_sign_on.callback, GET=PUBLIC), name="sso_callback"),
    path(
        "account/confirm/sso/",
        needs(single_sign_on.begin_confirmation, GET=IDENTITY),
        name="sso_confirm",
    ),
    path(
        "account/password/",
        needs(single_sign_on.change_password, GET=IDENTITY, POST=IDENTITY),
        name="account_change_password",
    ),
    path(
        "account/confirm/",
        needs(single_sign_on.confirm, GET=IDENTITY, POST=IDENTITY),
        name="account_reauthenticate",
    ),
    path(
        "account/confirm/code/",
        needs(mfa.reauthenticate, GET=IDENTITY, POST=IDENTITY),
        name="mfa_reauthenticate",
    ),
    path(
        "account/confirm/passkey/",
        needs(factors.confirm_by_passkey, GET=IDENTITY, POST=IDENTITY),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/factors/", needs(factors.factors, GET=IDENTITY), name="mfa_index"),
    path(
        "account/factors/app/",
        needs(confirmed(factors.activate_app), GET=IDENTITY, POST=IDENTITY),
        name="mfa_activate_totp",
    ),
    path(
        "account/factors/app/remove/",
        needs(confirmed(totp.deactivate_totp), GET=IDENTITY, POST=IDENTITY),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/factors/passkeys/add/",
        needs(confirmed(factors.add_passkey), GET=IDENTITY, POST=IDENTITY),
        name="mfa_add_webauthn",
    ),
    path(
        "account/factors/passkeys/<job_id:pk>/remove/",
        needs(confirmed(factors.remove_passkey), GET=IDENTITY, POST=IDENTITY),
        name="mfa_remove_webauthn",
    ),
    path(
        "account/factors/codes/",
        needs(confirmed(codes.view_recovery_codes), GET=IDENTITY),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/factors/codes/new/",
        needs(confirmed(factors.new_codes), GET=IDENTITY, POST=IDENTITY),
        name="mfa_generate_recovery_codes",
    ),
    path("account/sessions/", needs(sessions.sessions, GET=ACCOUNT), name="sessions"),
    path(
        "account/sessions/end/",
        needs(sessions.end_others, POST=ACCOUNT),
        name="end_other_sessions",
    ),
    path(
        "account/sessions/<job_id:session_id>/end/",
        needs(sessions.end, POST=ACCOUNT),
        name="end_session",
    ),
]
