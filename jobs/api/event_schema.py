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
Every creation, status change, rename and deletion: without gaps, and the changes of a job in the order in which they were
made. As NDJSON or, with `Accept: text/event-stream`, as a stream of server-sent events that does not end.

Each event carries the job as it was right after it: a client that stores these, and removes the deleted ones, has a copy
of all jobs. An undo is a `job.status_changed` with `undoes`, the `status_id` that it takes back.

- To begin, call this without `after` and keep `Feed-Cursor`. Read the list of jobs. Then continue from that cursor; the
  first events may be in the list already, which does no harm.
- To continue, pass the last event's `id` as `after`, or the `Feed-Cursor` of the last answer, which moves on even when
  nothing has happened. With `wait`, the answer comes as soon as there is an event, or is empty after that time.
- Events are kept for a week, twenty million at most. `410 cursor_gone` says that the events after the cursor are no longer
  kept, or that the database was put back to an earlier state: begin again, from the `Feed-Cursor` of that answer. A stream
  that reconnects with `Last-Event-ID` gets an event named `cursor_gone` instead, whose `data` has the new `cursor`, and
  continues from there.

An event waits for the end of every older transaction, so it may come late (`Feed-Behind`). A stream sends a comment every
15 seconds, with an `id` that moves `Last-Event-ID` on. More types of events may be added."""


class EventSerializer(serializers.Serializer[Any]):
    """What happened, and the job as it was right after it or, when it was deleted, right before."""

    id = serializers.CharField(help_text="The cursor after this event.")
    type = serializers.ChoiceField(TYPES)
    at = serializers.DateTimeField(help_text="When it was recorded.")
    job_id = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=MAX_NAME_LENGTH)
    status_type = serializers.ChoiceField(StatusType.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    status_id = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The entry in the status history; only on a status change.",
    )
    undoes = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The id of the entry that it took back; only on an undo.",
    )


list_events = extend_schema(
    operation_id="list_events",
    summary="List events",
    description=EVENTS,
    parameters=[
        OpenApiParameter(
            "after",
            {"type": "string", "minLength": 1, "default": "now"},
            description="A cursor; or `start`, before the oldest event that is kept; or `now`.",
        ),
        OpenApiParameter(
            "wait",
            {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
            description="Seconds to wait if there is no event yet. Not for streams.",
        ),
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MOST_EVENTS, "default": 100},
            description="The number of events at most. Not for streams.",
        ),
        OpenApiParameter(
            "Last-Event-ID",
            str,
            OpenApiParameter.HEADER,
            description="A cursor, instead of `after`; browsers send it when a stream reconnects.",
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
            description="For how many seconds events have waited for an older transaction; 0 if none waits.",
            response=[200],
        ),
    ],
    responses={
        (200, "application/x-ndjson"): OpenApiResponse(EventSerializer(many=True), "The events."),
        (200, "text/event-stream"): OpenApiResponse(
            {
                "type": "string",
                "description": "For each event `id`, `event` (its type) and `data` (the event as JSON).",
            },
            "The events.",
        ),
    },
    tags=["jobs"],
    extensions=refuses("cursor_gone", "too_many_listeners"),
)
