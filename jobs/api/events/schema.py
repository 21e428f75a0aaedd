"""The change feed in the OpenAPI schema."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from jobs.api.events.clients import HEARTBEAT_SECONDS
from jobs.api.openapi.hooks import fails_with
from jobs.api.serializers import JobSerializer, StatusSerializer
from jobs.feed import (
    ENTRY_FIELDS,
    FIELD_NAMES,
    MAX_EVENTS,
    MAX_KEPT_EVENTS,
    MAX_WAIT_SECONDS,
    RETENTION,
    TYPES,
)
from jobs.feed_cursor import NOW, START
from jobs.limits import duration_text, number_text

DEFAULT_LIMIT: Final = 100
EVENTS = f"""\
Returns every creation, change and deletion of a job, without gaps; the events of a job are in the order of its
changes. The format is NDJSON or, with `Accept: text/event-stream`, an endless stream of server-sent events.

Each event contains the job as it was right after the event. A client that stores these, and removes deleted jobs, has a
copy of all jobs. An undo is a `job.status_changed` event with `undoes`, the `status_id` of the entry that it undoes.
A change that sets no status and leaves the name the same is a `job.updated` event.

- To start, call this without `after` and store `Feed-Cursor`. Read the list of jobs, then continue from that cursor. The
  list may already include the first events, which does no harm.
- To continue, pass the last event's `id` as `after`, or the `Feed-Cursor` of the last response, which advances even
  without events. With `wait`, the response is sent as soon as there is an event, or is empty after that time.
- Events are kept for {RETENTION.days} days, up to {number_text(MAX_KEPT_EVENTS)}. `410 cursor_gone` means that the events after the cursor are no longer
  kept, or that the database was restored to an earlier state: start again, from the `Feed-Cursor` of that response. A
  stream that reconnects with `Last-Event-ID` gets an event named `cursor_gone` instead, whose `data` has the new `cursor`,
  and continues from there.

An event is published only after all older transactions have ended, so it may be delayed (`Feed-Behind`). A stream sends a
comment every {duration_text(HEARTBEAT_SECONDS)}, with an `id` that advances `Last-Event-ID`. Event types may be added."""


class EventSerializer(serializers.Serializer[Any]):
    """An event, with the job as it was right after it or, if it was deleted, right before."""

    id = serializers.CharField(help_text="The event's id, which is the cursor after it.")
    type = serializers.ChoiceField(TYPES)
    at = serializers.DateTimeField(help_text="When the event was recorded.")
    status_id = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The id of the entry in the status history; only for a status change.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        entry = StatusSerializer().get_fields() | {"status_id": fields.pop("status_id")}
        optional = {name: entry[name] for name in ENTRY_FIELDS}
        optional[
            "operation_id"
        ].help_text = "The operation that made the change; only for operations."
        optional["actor"] = serializers.CharField(
            required=False,
            allow_null=True,
            help_text="The name of the user who made the change, or null if the dashboard did by itself; only where people log"
            " in.",
        )
        for name, field in JobSerializer().get_fields().items():
            field.help_text = None  # it may be about the present job
            fields[FIELD_NAMES.get(name, name)] = field
        return fields | optional


list_events = extend_schema(
    operation_id="list_events",
    summary="List events",
    description=EVENTS,
    parameters=[
        OpenApiParameter(
            "after",
            {"type": "string", "minLength": 1, "default": NOW},
            description=f"The cursor to continue from, `{START}` for the oldest event that is kept, or `{NOW}`.",
        ),
        OpenApiParameter(
            "wait",
            {"type": "integer", "minimum": 0, "maximum": MAX_WAIT_SECONDS, "default": 0},
            description="The maximum time in seconds to wait for an event. Not for streams.",
        ),
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MAX_EVENTS, "default": DEFAULT_LIMIT},
            description="The maximum number of events. Not for streams.",
        ),
        OpenApiParameter(
            "Last-Event-ID",
            str,
            OpenApiParameter.HEADER,
            description="A cursor, which replaces `after`; browsers send it when a stream reconnects.",
        ),
        OpenApiParameter(
            "Feed-Cursor",
            str,
            OpenApiParameter.HEADER,
            description="The cursor to continue from. Streams send it as `id`.",
            response=[200, 410],
        ),
        OpenApiParameter(
            "Feed-Behind",
            float,
            OpenApiParameter.HEADER,
            description="For how many seconds events have been waiting for an older transaction; 0 if no event is waiting.",
            response=[200],
        ),
    ],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(EventSerializer(many=True), "The events."),
        (200, "text/event-stream"): OpenApiResponse(
            {
                "type": "string",
                "description": "For each event, `id`, `event` (its type) and `data` (the event as JSON).",
            },
            "The events.",
        ),
    },
    tags=["jobs"],
    extensions=fails_with("cursor_gone", "concurrency_limited", "too_many_listeners"),
)
