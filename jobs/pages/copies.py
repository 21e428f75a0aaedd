"""What a person takes along from a job's page: its id, its address, and the call that reads it."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Copy:
    """A text with a button that copies it."""

    label: str
    text: str


def copies(request: HttpRequest, job_id: int) -> list[Copy]:
    """Whole addresses, as this reader reached the dashboard."""
    address = request.build_absolute_uri
    return [
        Copy("id", str(job_id)),
        Copy("link", address(f"/jobs/{job_id}/")),
        Copy("curl", f"curl {address(f'/api/jobs/{job_id}/')}"),
    ]
