"""Log filters."""

from logging import Filter, LogRecord


class OneLineErrors(Filter):
    """Logs rejected requests and database faults in one line, without a traceback: there may be thousands of either."""

    def filter(self, record: LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        elif record.name == "django.request" and record.exc_info:
            from jobs.faults import fault_of  # imported late: the settings load this module

            error = record.exc_info[1]
            if fault := fault_of(error):
                reason = " ".join(str(error).split())
                record.msg, record.args = "%s: %s: %s", (record.getMessage(), fault.value, reason)
                record.exc_info = None
        return True
