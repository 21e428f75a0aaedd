"""Undo of status changes of many jobs: serializers, schema and view."""

from typing import Final

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.confirmation import require_confirmed
from jobs.api.bodies import BodySerializer
from jobs.api.bulk import BulkParser, ItemSerializer, OutcomesSerializer, read_items, result
from jobs.api.fields import JobIdField, TimestampField
from jobs.api.http.base import JsonView
from jobs.api.http.idempotency import idempotent
from jobs.api.http.source import actor_of
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.changes.bulk import MAX_BULK_JOBS
from jobs.changes.bulk_undo import Undo, undo_statuses
from jobs.changes.undo import NOTHING
from jobs.changes.versions import TRUNCATED
from jobs.rows import NAMES

DETAILS: Final = {
    "updated_at_truncated": f"{TRUNCATED} Nothing was undone.",
    "job_changed": "The job has changed since. Nothing was undone. Get the job again; to undo its latest status change, send"
    " its new updated_at.",
    "nothing_to_undo": NOTHING,
}


class UndoItemSerializer(ItemSerializer):
    """A job's id, and the version whose status change to undo. May be the whole job, as a response returned it."""

    item = "An undo"
    ignored = frozenset(NAMES)

    id = JobIdField()
    updated_at = TimestampField(
        help_text="The job's `updated_at` as last read, with all digits of its seconds."
    )
    changed_at = TimestampField(
        required=False,
        help_text="Which status change to undo: the `updated_at` in the response to it. By default, the job's latest change."
        " An earlier one can be undone if every status change after it has been undone.",
    )


class ManyUndosSerializer(BodySerializer):
    """The jobs whose latest status change to undo, each at most once."""

    jobs = serializers.ListField(child=UndoItemSerializer(), min_length=1, max_length=MAX_BULK_JOBS)


undo_statuses_schema = extend_schema(
    operation_id="undo_statuses",
    summary="Undo the latest status changes of many jobs",
    description=f"Does for up to {MAX_BULK_JOBS:,} jobs, in one transaction, what `undo_status` does for one. With"
    " `changed_at`, also undoes earlier changes, one after another. If the body is invalid, nothing is undone. A job that"
    " does not exist, that has changed since the `updated_at` sent with it, or whose latest change recorded no status, is"
    " skipped; the other changes are undone. `results` has an outcome for each job, in the order of the request. `If-Match`"
    " is not supported.",
    request=ManyUndosSerializer,
    responses={200: OpenApiResponse(OutcomesSerializer, "The outcome for each job.")},
    examples=[
        request_example(
            {
                "jobs": [
                    {"id": 12, "updated_at": examples.FAILED_JOB["updated_at"]},
                    {"id": 13, "updated_at": examples.FAILED_JOB["updated_at"]},
                ]
            }
        ),
        response_example(examples.UNDONE_JOBS),
    ],
)


class BulkUndoView(JsonView):
    parser_classes = (BulkParser,)

    @undo_statuses_schema
    @idempotent
    def post(self, request: Request) -> Response:
        items = read_items(request, ManyUndosSerializer, UndoItemSerializer)
        require_confirmed(request, len(items))
        outcomes = undo_statuses(
            [Undo(item["id"], item["updated_at"], item.get("changed_at")) for item in items],
            actor_of(request),
        )
        return Response({"results": [result(outcome, DETAILS) for outcome in outcomes]})
