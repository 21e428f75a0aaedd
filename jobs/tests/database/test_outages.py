"""The messages for database faults, in the API and on the pages."""

import json

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from jobs.api.problems import error_views as api
from jobs.api.problems.outages import DETAILS
from jobs.faults import RETRY_AFTER, Fault
from jobs.pages import errors as pages
from jobs.pages.outages import OUTAGES


@pytest.fixture(autouse=True)
def with_a_timeout(settings: Settings) -> None:
    settings.QUERY_BUDGET_MS = 3_000


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_has_its_own_message(fault: Fault) -> None:
    page = pages.database_fault(RequestFactory().get("/"), fault)
    problem = api.database_fault(None, fault)
    for answer in (page, problem):
        assert answer.status_code == 503
        assert answer.headers.get("Retry-After") == (
            str(RETRY_AFTER[fault]) if fault in RETRY_AFTER else None
        )
    assert json.loads(problem.content)["code"] == fault.value
    if fault is not Fault.STATEMENT_TIMEOUT:  # it has its own page
        text = page.content.decode()
        assert f"<h1>{OUTAGES[fault].heading}</h1>" in text
        assert f'data-reason="{OUTAGES[fault].reason}"' in text
        assert OUTAGES[fault].advice in text


def test_no_two_faults_have_the_same_message() -> None:
    assert len({*DETAILS.values()}) == len(Fault)
    assert len({outage.heading for outage in OUTAGES.values()}) == len(OUTAGES) == len(Fault) - 1


@pytest.mark.parametrize(
    "fault",
    [fault for fault in Fault if fault not in (Fault.UNKNOWN_OUTCOME, Fault.STATEMENT_TIMEOUT)],
)
def test_says_that_nothing_was_changed_where_that_is_certain(fault: Fault) -> None:
    assert "Nothing was changed" in DETAILS[fault]
