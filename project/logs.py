"""What is logged, in lines."""

from logging import Filter, LogRecord


class OneLineRefusals(Filter):
    """A request that is refused for its own sake says all in one line: any client can send a thousand of them.

    So does one that is refused for the database's: where that is away, there are as many.
    """

    def filter(self, record: LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        elif record.name == "django.request" and record.exc_info:
            from jobs.faults import fault_of  # not above: the settings name this filter

            error = record.exc_info[1]
            if fault := fault_of(error):
                reason = " ".join(str(error).split())
                record.msg, record.args = "%s: %s: %s", (record.getMessage(), fault.value, reason)
                record.exc_info = None
        return True
