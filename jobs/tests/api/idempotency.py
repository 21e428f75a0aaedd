"""Requests with an Idempotency-Key."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from jobs.tests.conftest import Api, Run
from jobs.tests.factories import database_rows
from jobs.tests.problems import problem_of

BAD_KEYS = [
    "", " ", '"', '""', '"a', 'a b', '"a b"', '"a"b', '"a", "b"', '"a";x=1', '"a\\b"', "a\0b", "a\nb", "\x7f",
    "a,b", "k1, k2", "k1,k2", ",", "a,", '"a","b"', '"a",b', "ключ", "é", '"é"', "x" * 256, f'"{"x" * 256}"', "x" * 8000,
]  # fmt: skip


def keyed(api: Api, key: str, body: Any, path: str = "/api/jobs/", method: str = "POST") -> Any:
    return api.call(method, path, body, HTTP_IDEMPOTENCY_KEY=key)


def new_key() -> str:
    return str(uuid4())


def stored_records() -> int:
    return int(database_rows("SELECT count(*) FROM kept_answer")[0][0])


def is_replay(first: Any, again: Any) -> bool:
    """Whether the second response is a replay of the first one."""
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    names = ("Content-Type", "Location", "ETag")
    return (first.status_code, first.content, [first.get(name) for name in names]) == (
        again.status_code,
        again.content,
        [again.get(name) for name in names],
    )


def assert_one_is_processed(
    at_once: Run, number: int, status: int, send: Callable[[Api], Any]
) -> None:
    """Asserts that of `number` clients that send a request at once, until its key is free, one has it processed.

    All get its response, which has this status.
    """

    def send_until_processed() -> list[Any]:
        api, answers = Api(), list[Any]()
        while not answers or answers[-1].status_code == 409:
            answers.append(send(api))
        return answers

    answers = [answer for sent in at_once(*[send_until_processed] * number) for answer in sent]
    done = [answer for answer in answers if answer.status_code == status]
    for answer in answers:
        if answer not in done:
            assert problem_of(answer, 409)["code"] == "request_in_flight"
            assert answer["Retry-After"] == "1"
    [first] = [answer for answer in done if "Idempotent-Replayed" not in answer]
    assert len(done) == number
    assert all(is_replay(first, answer) for answer in done if answer is not first)
