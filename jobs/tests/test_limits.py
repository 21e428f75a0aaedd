import pytest
from django.conf import settings

from jobs import feed
from jobs.limits import MAX_BODY_BYTES, duration_text, number_text, size_text
from jobs.tests.factories import database_rows


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (8_190, "8,190 bytes"),
        (1 << 16, "64 KiB"),
        ((1 << 20) + 1, "1,048,577 bytes"),
        (1 << 30, "1 GiB"),
        (1_536 << 20, "1,536 MiB"),
    ],
)
def test_sizes_have_the_largest_whole_unit(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (0.5, "0.5 seconds"),
        (1, "1 second"),
        (90, "90 seconds"),
        (900, "15 minutes"),
        (3_600, "1 hour"),
        (86_400, "24 hours"),
    ],
)
def test_durations_have_the_largest_whole_unit(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"), [(10, "10"), (1_500, "1,500"), (20_000_000, "20 million")]
)
def test_whole_millions_are_words(number: int, text: str) -> None:
    assert number_text(number) == text


def test_django_reads_no_larger_body_than_the_api() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == MAX_BODY_BYTES


@pytest.mark.django_db
def test_the_database_keeps_as_many_events_as_the_api_promises() -> None:
    [(body,)] = database_rows("SELECT pg_get_functiondef('job_event_trim'::regproc)")
    assert f"interval '{feed.RETENTION.days} days'" in body
    assert str(feed.MAX_KEPT_EVENTS) in body
