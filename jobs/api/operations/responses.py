"""Serializers that describe the responses in the schema."""

from typing import Any

from rest_framework import serializers

from jobs.api.fields import StatusField
from jobs.api.operations.fields import (
    ActionNameField,
    OperationLabelsField,
    StateField,
    StatusesField,
    WorkerField,
)
from jobs.api.serializers import COUNT_RELATIONS, ByStatusField, JobSerializer, PageSerializer


def _count(text: str, **options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, help_text=text, **options)


def _time(text: str) -> serializers.DateTimeField:
    return serializers.DateTimeField(allow_null=True, help_text=text)


def _id(text: str) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, allow_null=True, help_text=text)


class OperationSerializer(serializers.Serializer[Any]):
    """An operation: a change of many jobs, which a worker makes in batches."""

    id = serializers.IntegerField(min_value=1)
    action = ActionNameField(
        help_text="`undo` is an operation that takes back another one. Values may be added."
    )
    status_type = StatusField(required=False, help_text="Only for `set_status`.")
    labels = OperationLabelsField(required=False, help_text="Only for `label`.")
    find = serializers.CharField(required=False, help_text="Only for `rename`.")
    replace = serializers.CharField(required=False, help_text="Only for `rename`.")
    state = StateField(
        help_text="`pending` until a worker begins; `failed` if the whole operation could not go on, see `error`."
    )
    q = serializers.CharField(help_text="The search; empty without one.")
    status = StatusesField(allow_null=True)
    tz = serializers.CharField(allow_null=True)
    all = serializers.BooleanField()
    id_count = _count("The number of ids that were sent; null without them.", allow_null=True)
    except_count = _count("The number of jobs that were left out.")
    query_in_words = serializers.CharField(help_text="The selection in words, for people.")
    reason = serializers.CharField(allow_null=True)
    source = serializers.CharField(help_text="By what it was started.")  # type: ignore[assignment]  # the field's name
    actor = serializers.CharField(
        allow_null=True,
        help_text="The name of the user who started it; null where nobody logs in, and for what the dashboard does by itself,"
        " as with the `source` `retention`.",
    )
    cancelled_by = serializers.CharField(
        allow_null=True, help_text="The name of the user who canceled it."
    )
    total = _count("The number of selected jobs.")
    total_relation = serializers.ChoiceField(
        COUNT_RELATIONS, help_text="Whether `total` is exact or a lower bound."
    )
    done = _count("The number of changed jobs.")
    skipped = _count(
        "The number of selected jobs left alone: changed since the operation was created, deleted, or with nothing to change."
    )
    failed = _count("The number of jobs that could not be changed; see `failures/`.")
    rate = serializers.FloatField(
        min_value=0, allow_null=True, help_text="Jobs per second; null before it has run."
    )
    seconds_left = _count("An estimate, while it is running.", allow_null=True)
    error = serializers.CharField(allow_null=True, help_text="Why the operation failed.")
    created_at = serializers.DateTimeField(
        help_text="Jobs that were created or changed later are left alone."
    )
    started_at = _time("When a worker began.")
    finished_at = _time("When it was completed, was cancelled, or failed.")
    undoes = _id("The operation that this one takes back.")
    undone_by = _id("The operation that takes this one back.")
    retries = _id("The operation whose failed jobs this one tries again.")
    proposal = _id("The proposal that a person approved, and that became this operation.")
    proposed_by = serializers.CharField(
        allow_null=True,
        help_text="The name of the user in whose name it was proposed; null without a proposal, and where nobody logs in.",
    )
    worker = WorkerField(help_text="Without a worker, operations wait.")


class OperationPageSerializer(PageSerializer):
    """A page of operations."""

    results = OperationSerializer(many=True)


class PreviewSerializer(serializers.Serializer[Any]):
    """What an operation would do; nothing was changed."""

    count = _count("The number of selected jobs.")
    count_relation = serializers.ChoiceField(COUNT_RELATIONS)
    by_status = ByStatusField(help_text="Lower bounds if `count_relation` is `at_least`.")
    sample = JobSerializer(many=True, help_text="A few of the jobs, newest first.")
    estimated_seconds = _count("How long a worker is likely to take.")
    query_in_words = serializers.CharField(help_text="The selection in words, for people.")


class OperationFailureSerializer(serializers.Serializer[Any]):
    """A job that was not changed."""

    job_id = serializers.IntegerField(min_value=1)
    code = serializers.CharField(help_text="A stable code for programs. Codes may be added.")
    detail = serializers.CharField(help_text="An explanation for people.")


class FailurePageSerializer(PageSerializer):
    """A page of the jobs that an operation could not change, or that an undo left alone."""

    results = OperationFailureSerializer(many=True)
