"""The JSON API, through which the tests create and check jobs."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from playwright.sync_api import APIRequestContext, APIResponse

WORDS = ("One", "Two", "Three", "Four", "Five")


def unique(words: str = "Job") -> str:
    """A name that no search of another test finds."""
    return f"{words} {uuid4().hex}"


class Api:
    """The JSON API of the dashboard under test. Jobs are the dictionaries that it returns."""

    def __init__(self, request: APIRequestContext) -> None:
        self._request = request

    def create(self, name: str, *statuses: str) -> dict[str, Any]:
        """Creates a job and sets these statuses one after another."""
        job = self._read(self._request.post("/api/jobs/", data={"name": name}), 201)
        for status in statuses:
            job = self.set_status(job["id"], status)
        return job

    def create_batch(self, batch: str, *words: str) -> list[str]:
        """Creates jobs that a search for `batch` finds; returns their names, oldest first."""
        return [str(self.create(f"{word} {batch}")["name"]) for word in words]

    def create_many(self, names: Iterable[str]) -> list[int]:
        """Creates jobs by one request; returns their ids."""
        jobs = {"jobs": [{"name": name} for name in names]}
        answer = self._read(self._request.post("/api/jobs/bulk/", data=jobs), 200)
        return [result["job"]["id"] for result in answer["results"]]

    def count(self, text: str, status: str) -> int:
        """The number of jobs with this status whose names contain this text."""
        found = self._request.get("/api/jobs/", params={"search": text, "status": status})
        return int(self._read(found, 200)["count"])

    def set_status(self, job_id: int, status: str) -> dict[str, Any]:
        change = {"status_type": status}
        return self._read(self._request.patch(f"/api/jobs/{job_id}/", data=change), 200)

    def delete(self, job_id: int) -> None:
        answer = self._request.delete(f"/api/jobs/{job_id}/")
        assert answer.status == 204, answer.text()

    def exists(self, job_id: int) -> bool:
        return self._request.get(f"/api/jobs/{job_id}/").status == 200

    def named(self, text: str) -> list[dict[str, Any]]:
        """The jobs whose names contain this text, newest first."""
        found = self._request.get("/api/jobs/", params={"search": text})
        return list(self._read(found, 200)["results"])

    def statuses(self, job_id: int) -> list[str]:
        """The job's status history, newest first."""
        page = self._read(self._request.get(f"/api/jobs/{job_id}/statuses/"), 200)
        return [entry["status_type"] for entry in page["results"]]

    @staticmethod
    def _read(answer: APIResponse, status: int) -> dict[str, Any]:
        assert answer.status == status, answer.text()
        return dict(answer.json())
