"""Filters and formats of the log."""

import json
from datetime import UTC, datetime
from logging import Filter, Formatter, LogRecord
from typing import Any, Final

from project.tracing import working


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


class Text(Formatter):
    """A line for people, with the id of the request that it belongs to. Only the lines of a traceback, which are indented, follow it."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: LogRecord) -> str:  # noqa: N802  # its name there
        line = _visible(super().formatMessage(record))
        return f"{line} [{working.request_id}]" if working.request_id else line

    def formatException(self, ei: Any) -> str:  # noqa: N802  # its name there
        """Its messages may have what a request contains, and so what looks like a line of the log."""
        return "\n".join(f"  {_visible(line)}" for line in super().formatException(ei).split("\n"))


class Json(Formatter):
    """An object in a line, for programs. What a request contains can neither end the line nor add a member."""

    def format(self, record: LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if working.request_id:
            entry |= {
                "request_id": working.request_id,
                "method": working.method,
                "path": working.path,
            }
        if working.trace_id:
            entry["trace_id"] = working.trace_id
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry | getattr(record, "members", {}))


def _visible(text: str) -> str:
    """Escapes line breaks, and what a terminal would follow or not show."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


FORMATTERS: Final = {"text": "project.logs.Text", "json": "project.logs.Json"}


def server_logs(form: str) -> dict[str, Any]:
    """gunicorn's own lines, for its `logconfig_dict`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATTERS[form]}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False}
        },
    }
