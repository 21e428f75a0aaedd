"""Texts to copy from a job's page: its id, its URL, and the API call that reads it."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Snippet:
    """A text with a button that copies it."""

    label: str
    text: str


def snippets(request: HttpRequest, job_id: int) -> list[Snippet]:
    """URLs are absolute, with the host name that this request used."""
    url = request.build_absolute_uri
    return [
        Snippet("ID", str(job_id)),
        Snippet("link", url(f"/jobs/{job_id}/")),
        Snippet("curl", f"curl {url(f'/api/jobs/{job_id}/')}"),
    ]
