"""Job ids in URLs: what is no id, or does not fit one, is a page that does not exist."""

from django.urls import register_converter

LARGEST_ID = 2**63 - 1


class JobIdConverter:
    """Decimal digits that fit PostgreSQL's bigint, without zeros before them: one job has one address."""

    regex = "0|[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_ID:
            raise ValueError(f"{value} does not fit a job id")
        return number

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(JobIdConverter, "job_id")
