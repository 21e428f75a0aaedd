"""What one user may hold at once. Others get theirs."""

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory
from pytest_django import Settings

from jobs.access.principal import EVERYBODY, Principal, Role
from jobs.access.shares import Shares
from jobs.api.problems.transfers import TransfersBusy, TransfersLimited
from jobs.api.transfers.connection import Slot
from jobs.tests.access.conftest import Login
from jobs.tests.problems import problem_of

EXPORT = "/api/jobs/export/"


def slot_of(principal: Principal) -> Slot:
    request = RequestFactory().get(EXPORT)
    request.principal = principal  # type: ignore[attr-defined]
    return Slot(request)  # type: ignore[arg-type]  # the framework's has the same principal


def test_a_user_holds_a_share_and_gives_it_back() -> None:
    shares = Shares()
    first = shares.take(1, most=2)
    assert first
    assert shares.take(1, most=2)
    assert shares.take(1, most=2) is None
    assert shares.take(2, most=2)
    first()
    assert shares.take(1, most=2)


def test_without_a_login_nobody_is_counted() -> None:
    shares = Shares()
    assert all(shares.take(None, most=1) for _ in range(5))


@pytest.mark.django_db
def test_exports_of_a_user_at_its_limit_are_refused_while_others_go_on(as_role: Login) -> None:
    first, second = as_role("operator"), as_role("viewer")
    user = User.objects.get(username="otto")
    held = slot_of(Principal(user.pk, "otto", Role.OPERATOR, token_id=9))
    refused = first.get(EXPORT)
    assert problem_of(refused, 429)["code"] == "concurrency_limited"
    assert refused["Retry-After"] == "10"
    assert b"".join(second.get(EXPORT)) == b""
    held.release()
    assert b"".join(first.get(EXPORT)) == b""


def test_a_slot_that_is_not_free_takes_no_share(settings: Settings) -> None:
    settings.TRANSFERS_PER_USER = 2
    held = [slot_of(EVERYBODY) for _ in range(settings.TRANSFERS_AT_ONCE)]
    anna = Principal(1, "anna", Role.ADMIN)
    for _ in range(5):
        with pytest.raises(TransfersBusy):
            slot_of(anna)
    for slot in held:
        slot.release()
    mine = [slot_of(anna) for _ in range(2)]
    with pytest.raises(TransfersLimited):
        slot_of(anna)
    for slot in mine:
        slot.release()
