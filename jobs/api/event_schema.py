"""What the OpenAPI schema says of the change feed."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from jobs.api.openapi import refuses
from jobs.feed import MOST_EVENTS, TYPES
from jobs.models import MAX_NAME_LENGTH
from jobs.statuses import StatusType

LONGEST_WAIT: Final = 30
EVENTS = """\
Every creation, change of a status, rename and deletion, in an order that never passes over one and tells the changes of
a job as they were made. As lines of JSON, or, for `Accept: text/event-stream`, as server-sent events that do not end.

Each event carries the job as it was right after it: whoever stores that, and removes what was deleted, has the jobs.
An undo is a `job.status_changed` with `undoes`, the `status_id` that it takes back.

- Begin: ask without `after` and keep `Feed-Cursor`. Read the list of jobs. Then go on from that cursor; some of what
  comes first is in the list already, and does no harm.
- Go on: `after` the last event's `id`, or after `Feed-Cursor` of the last answer, which moves on also where nothing
  has happened. With `wait` the answer comes as soon as something has happened, else empty.
- Events are kept for a week, and no more than twenty million. `410 cursor_gone` says that what follows the cursor is
  not kept any more, or was before the database was restored: begin anew, from `Feed-Cursor` of that answer.

An event may come a moment late: it waits for the end of every transaction that is older. A stream sends a comment every
15 seconds, with an `id` that moves `Last-Event-ID` on."""


class EventSerializer(serializers.Serializer[Any]):
    """What happened, and the job as it was right after it; as it was last, where it was deleted."""

    id = serializers.CharField(help_text="The cursor after this event.")
    type = serializers.ChoiceField(TYPES)
    at = serializers.DateTimeField(help_text="When it was written down.")
    job_id = serializers.IntegerField()
    name = serializers.CharField(max_length=MAX_NAME_LENGTH)
    status_type = serializers.ChoiceField(StatusType.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    status_id = serializers.IntegerField(
        required=False, help_text="Of a change of status: its entry in the history."
    )
    undoes = serializers.IntegerField(
        required=False, help_text="Of an undo: the entry that it takes back."
    )


list_events = extend_schema(
    operation_id="list_events",
    summary="What has happened, from a cursor on",
    description=EVENTS,
    parameters=[
        OpenApiParameter(
            "after",
            str,
            description="A cursor; `start`, the oldest that is kept; or `now`.",
            default="now",
        ),
        OpenApiParameter(
            "wait",
            {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
            description="Seconds to wait for an event where there is none. Not for streams.",
        ),
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MOST_EVENTS, "default": 100},
            description="Not for streams.",
        ),
        OpenApiParameter(
            "Last-Event-ID",
            str,
            OpenApiParameter.HEADER,
            description="Of streams, instead of `after`.",
        ),
        OpenApiParameter(
            "Feed-Cursor",
            str,
            OpenApiParameter.HEADER,
            description="Where to go on. Streams say it as ids.",
            response=[200, 410],
        ),
    ],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(
            EventSerializer(many=True), "A line for each event."
        ),
        (200, "text/event-stream"): OpenApiResponse(
            {"type": "string"}, "`id`, `event` (the type) and `data` (the event) for each."
        ),
    },
    tags=["jobs"],
    extensions=refuses("cursor_gone", "too_many_listeners"),
)
