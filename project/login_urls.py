"""URL roots in login mode: those of open mode, and the pages for logging in and out."""

from allauth.account import views as account
from django.urls import path

from jobs.access.permissions import Permission, needs
from project.urls import handler400, handler404, handler500
from project.urls import urlpatterns as open_patterns

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

PUBLIC, ACCOUNT = Permission.PUBLIC, Permission.ACCOUNT

# The names are those by which django-allauth finds them. It has more pages, as for signing up: these are all that are served.
urlpatterns = [
    path("login/", needs(account.login, GET=PUBLIC, POST=PUBLIC), name="account_login"),
    path("logout/", needs(account.logout, GET=PUBLIC, POST=PUBLIC), name="account_logout"),
    path("login/inactive/", needs(account.account_inactive, GET=PUBLIC), name="account_inactive"),
    path(
        "account/password/",
        needs(account.password_change, GET=ACCOUNT, POST=ACCOUNT),
        name="account_change_password",
    ),
    path(
        "account/confirm/",
        needs(account.reauthenticate, GET=ACCOUNT, POST=ACCOUNT),
        name="account_reauthenticate",
    ),
    *open_patterns,
]
