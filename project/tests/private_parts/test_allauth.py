"""What jobs/access/ assumes of django-allauth."""

from inspect import signature

from allauth.account.adapter import DefaultAccountAdapter

from jobs.access.adapter import AccountAdapter


def test_failed_logins_are_counted_by_a_key() -> None:
    name = "_get_login_attempts_cache_key"
    original, ours = (getattr(each, name) for each in (DefaultAccountAdapter, AccountAdapter))
    assert list(signature(original).parameters) == list(signature(ours).parameters)
