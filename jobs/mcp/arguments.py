"""The serializers of arguments. Their fields and words are those of the API's bodies and parameters."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar, Final

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.bodies import BodySerializer
from jobs.api.fields import IntegerField, JobIdField, StatusField, TextField
from jobs.api.job_fields import ReasonField
from jobs.api.operations.fields import ActionField, IdsField, StatusesField
from jobs.api.operations.serializers import NewOperationSerializer
from jobs.mcp.schemas import DEFAULT_ROWS, MAX_ROWS
from jobs.operations.rows import Action

MAX_CHANGED: Final = 50
MAX_PROPOSED_IDS: Final = 1_000
PROPOSABLE: Final = (Action.SET_STATUS, Action.LABEL, Action.DELETE, Action.RESTORE)
NO_REASON: Final = "Say why: the people who read the history need it."


class ArgumentsSerializer(BodySerializer):
    """Arguments that are the parameters of a list."""

    def parameters(self) -> QueryDict:
        """As a query string would have them."""
        query = QueryDict(mutable=True)
        for name, value in self.validated_data.items():
            query.setlist(name, list(map(str, value if isinstance(value, list) else [value])))
        return query


class NoArguments(ArgumentsSerializer):
    """None."""


class IdArguments(ArgumentsSerializer):
    id = JobIdField()


class PageArguments(ArgumentsSerializer):
    page_size = IntegerField(default=DEFAULT_ROWS, min_value=1, max_value=MAX_ROWS)
    cursor = TextField(required=False)


class JobArguments(ArgumentsSerializer):
    id = JobIdField()
    cursor = TextField(required=False)


class FilterArguments(ArgumentsSerializer):
    q = TextField(required=False, allow_blank=True)
    status = StatusesField(required=False)
    tz = TextField(required=False)


class SearchArguments(FilterArguments, PageArguments):
    ordering = TextField(required=False)


class ExplainArguments(ArgumentsSerializer):
    q = TextField(required=False, allow_blank=True)
    tz = TextField(required=False)


class OperationsArguments(PageArguments):
    state = TextField(required=False)


class FewIdsField(IdsField):
    """Fewer ids than an operation may have."""

    def __init__(self, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> list[int]:
        if isinstance(data, list) and len(data) > self.most:
            detail = f"Must be a list of 1 to {self.most:,} job ids; this one has {len(data):,}."
            raise serializers.ValidationError(detail, "invalid")
        return super().to_internal_value(data)


class ReasonedSerializer(BodySerializer):
    """Whose reason must be given."""

    reason = ReasonField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("reason"):
            code = "blank" if "reason" in attrs else "required"
            raise serializers.ValidationError({"reason": ErrorDetail(NO_REASON, code)})
        validated: dict[str, Any] = super().validate(attrs)
        return validated


class StatusArguments(ReasonedSerializer):
    ids = FewIdsField(MAX_CHANGED)
    status_type = StatusField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if repeated := [each for each, times in Counter(attrs["ids"]).items() if times > 1]:
            errors = [
                ErrorDetail(f"Job {each} is listed twice.", "duplicate_id") for each in repeated
            ]
            raise serializers.ValidationError({"ids": errors})
        return super().validate(attrs)


class ProposableActionField(ActionField):
    """An action that can be proposed."""

    actions: ClassVar = tuple(action.value for action in PROPOSABLE)

    default_error_messages = {
        "invalid_choice": f"Not a valid action. Allowed: {', '.join(actions)}.",
        "required": f"Send an action: {', '.join(actions)}.",
    }

    def to_internal_value(self, data: Any) -> Action:
        action = super().to_internal_value(data)
        if action not in self.actions:
            self.fail("invalid_choice")
        return action


class ProposalArguments(ReasonedSerializer, NewOperationSerializer):
    """As the body of a new operation, but for what renames."""

    action = ProposableActionField()
    ids = FewIdsField(MAX_PROPOSED_IDS, required=False)
    find = None  # type: ignore[assignment]  # removes the field
    replace = None  # type: ignore[assignment]  # removes the field

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {"except": FewIdsField(MAX_PROPOSED_IDS, required=False)}
