"""Serializers of proposals: they describe responses."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.api.fields import StatusField
from jobs.api.operations.fields import ActionNameField, OperationLabelsField, StatusesField
from jobs.api.serializers import COUNT_RELATIONS, PageSerializer
from jobs.proposals.changes import EXPIRE_DAYS
from jobs.proposals.rows import ProposalState

STATES = [state.value for state in ProposalState]


@extend_schema_field({"type": "string", "enum": STATES})
class ProposalStateField(serializers.CharField):
    """Whether it waits for a decision."""


class ProposalSerializer(serializers.Serializer[Any]):
    """A change of many jobs that somebody, as a rule an AI agent, asks for. A person approves or declines it."""

    id = serializers.IntegerField(min_value=1)
    action = ActionNameField(help_text="What is to be done to each job. Values may be added.")
    status_type = StatusField(required=False, help_text="Only for `set_status`.")
    labels = OperationLabelsField(required=False, help_text="Only for `label`.")
    state = ProposalStateField(
        help_text=f"One that is `open` expires after {EXPIRE_DAYS} days without a decision."
    )
    q = serializers.CharField(help_text="The search; empty without one.")
    status = StatusesField(allow_null=True)
    tz = serializers.CharField(allow_null=True)
    all = serializers.BooleanField()
    id_count = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="The number of ids; null without them."
    )
    except_count = serializers.IntegerField(
        min_value=0, help_text="The number of jobs that are left out."
    )
    query_in_words = serializers.CharField(help_text="The selection in words, for people.")
    reason = serializers.CharField(help_text="Why it was proposed.")
    proposed_by = serializers.CharField(
        allow_null=True,
        help_text="The name of the user in whose name it was proposed; null where nobody logs in.",
    )
    token = serializers.CharField(
        allow_null=True, help_text="The name of the token that proposed it."
    )
    count = serializers.IntegerField(
        min_value=0, help_text="The number of selected jobs when it was proposed."
    )
    count_relation = serializers.ChoiceField(
        COUNT_RELATIONS, help_text="Whether `count` is exact or a lower bound."
    )
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(
        allow_null=True, help_text="The name of the user who approved or declined it."
    )
    decision_reason = serializers.CharField(allow_null=True, help_text="Why it was declined.")
    operation_id = serializers.IntegerField(
        min_value=1, allow_null=True, help_text="The operation that it became when it was approved."
    )


class ProposalPageSerializer(PageSerializer):
    """A page of proposals."""

    results = ProposalSerializer(many=True)
