from functools import partial
from io import StringIO
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from jobs.models import Job
from jobs.statuses import StatusType
from jobs.tests.blocking import blocks_another_session
from jobs.tests.conftest import Run
from jobs.tests.consistency import assert_consistent
from jobs.tests.factories import FAILED, PENDING, RUNNING, database_rows, fill, make_job

pytestmark = pytest.mark.django_db


def check(*options: str) -> str:
    out = StringIO()
    call_command("check_counts", *options, stdout=out)
    return out.getvalue()


def miscount(status: str, by: int) -> None:
    database_rows(f"INSERT INTO job_count VALUES ('{status}', {by})")


def test_exact_counters_are_reported() -> None:
    fill(1_200)
    make_job(status=RUNNING)
    heading, *lines, verdict = check().splitlines()
    assert heading == "status     counted   true  difference"
    assert lines[:2] == [
        "PENDING      1,200  1,200           0",
        "RUNNING          1      1           0",
    ]
    assert lines[2:] == [f"{status:9}        0      0           0" for status in [*StatusType][2:]]
    assert verdict == "The counters are exact."


def test_a_wrong_counter_is_shown_and_the_command_fails() -> None:
    fill(2)
    miscount("PENDING", 1_500)
    out = StringIO()
    with pytest.raises(CommandError, match=r"^1 counter is wrong; .* corrects it\.$") as caught:
        call_command("check_counts", stdout=out)
    assert caught.value.returncode == 1
    assert "PENDING      1,502     2      +1,500\n" in out.getvalue()
    assert Job.objects.counts().by_status[PENDING] == 1_502


def test_several_wrong_counters_are_reported_in_the_plural() -> None:
    miscount("PENDING", 1)
    miscount("FAILED", -1)
    with pytest.raises(CommandError, match=r"^2 counters are wrong; .* corrects them\.$"):
        check()


def test_a_repair_corrects_the_counters_and_reports_them() -> None:
    fill(2)
    make_job(status=RUNNING)
    miscount("PENDING", 3)
    assert check("--repair").endswith("\nRepaired 1 counter: PENDING from 5 to 2.\n")
    miscount("PENDING", -7)
    miscount("FAILED", 1)
    answer = check("--repair")
    assert "PENDING         -5     2          -7\n" in answer
    assert answer.endswith("\nRepaired 2 counters: PENDING from -5 to 2, FAILED from 1 to 0.\n")
    assert check("--repair").endswith("\nThe counters are exact.\n")
    assert_consistent()


@pytest.mark.parametrize(
    "damage", ["DELETE FROM job_count", "INSERT INTO job_count SELECT * FROM job_count"]
)
def test_lost_or_duplicated_counters_are_repaired(damage: str) -> None:
    fill(3)
    make_job(status=RUNNING)
    database_rows(damage)
    check("--repair")
    assert_consistent()


def test_an_unknown_status_is_shown_and_repaired() -> None:
    miscount("PAUSED", 2)
    assert "PAUSED           2     0          +2\n" in check("--repair")
    assert check().endswith("The counters are exact.\n")


@pytest.mark.django_db(transaction=True)
def test_a_repair_is_exact_during_writes_and_compaction(at_once: Run) -> None:
    fill(5)
    miscount("PENDING", 10)
    miscount("FAILED", -10)
    writing = list(range(4))

    def write(writer: int) -> None:
        try:
            for _ in range(40):
                make_job(status=FAILED)
                database_rows("SELECT job_count_fold(3)")
        finally:
            writing.remove(writer)

    def repair() -> list[str]:
        answers = [check("--repair").splitlines()[-1]]
        while writing:
            answers.append(check("--repair").splitlines()[-1])
        return answers

    *_, answers = at_once(*(partial(write, writer) for writer in list(writing)), repair)
    assert answers[0].startswith("Repaired 2 counters: ")
    assert set(answers[1:]) == {"The counters are exact."}
    assert_consistent()


@pytest.mark.django_db(transaction=True)
def test_concurrent_repairs_correct_the_counters_once(at_once: Run) -> None:
    fill(5)
    miscount("PENDING", 10)
    first_is_at_it = Event()

    def first() -> bool:
        with transaction.atomic():
            assert "Repaired 1 counter: PENDING from 15 to 5." in check("--repair")
            first_is_at_it.set()
            return blocks_another_session()

    def second() -> str:
        first_is_at_it.wait(60)
        return check("--repair").splitlines()[-1]

    assert at_once(first, second) == [True, "The counters are exact."]
    assert_consistent()
