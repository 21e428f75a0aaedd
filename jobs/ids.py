"""URL path converters. For job ids: an invalid id, or one out of range, is a 404."""

from django.urls import register_converter

LARGEST_ID = 2**63 - 1


class JobIdConverter:
    """Decimal digits within PostgreSQL's bigint, without leading zeros: a job has one URL."""

    regex = "0|[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_ID:
            raise ValueError(f"{value} is out of range for a job id")
        return number

    def to_url(self, value: int) -> str:
        return str(value)


class JobKeyConverter:
    """Any text, also with slashes and line breaks. Whether it can be a key is the view's to say."""

    regex = "(?s:.+)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(JobIdConverter, "job_id")
register_converter(JobKeyConverter, "job_key")
