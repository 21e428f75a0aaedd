"""Serializers of operations: they validate request bodies."""

from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.bodies import BodySerializer
from jobs.api.fields import BooleanField, StatusField, TextField
from jobs.api.job_fields import ReasonField
from jobs.api.operations.fields import (
    ActionField,
    IdsField,
    OperationLabelsField,
    StatusesField,
)
from jobs.mistakes import InvalidQuery
from jobs.models import MAX_NAME_LENGTH
from jobs.operations.rows import Action
from jobs.operations.selection import Selection
from jobs.search.parser import MAX_LENGTH
from jobs.statuses import StatusType
from jobs.timestamps import MAX_ZONE_LENGTH, zone_name

# The fields of each action
PARAMETERS: Final = {
    Action.SET_STATUS: ("status_type",),
    Action.DELETE: (),
    Action.RESTORE: (),
    Action.LABEL: ("labels",),
    Action.RENAME: ("find", "replace"),
}
REASON: Final = "Why, for people. Each entry that is appended to a history has it."


class NewOperationSerializer(BodySerializer):
    """An action with its fields, and the jobs to do it to: a search (`q`, `status` or both), `ids`, or `all`."""

    action = ActionField(help_text="What to do to each job.")
    status_type = StatusField(
        required=False, help_text="The status to record; only for `set_status`."
    )
    labels = OperationLabelsField(
        required=False,
        help_text="Labels to set; null removes a label. Only for `label`.",
    )
    find = TextField(
        required=False,
        max_length=MAX_NAME_LENGTH,
        trim_whitespace=False,
        error_messages={"blank": "Enter the text to replace."},
        help_text="The text to replace in names, taken literally and case-sensitively; only for `rename`.",
    )
    replace = TextField(
        required=False,
        allow_blank=True,
        max_length=MAX_NAME_LENGTH,
        trim_whitespace=False,
        help_text="What replaces it; only for `rename`. Names are trimmed.",
    )
    q = TextField(
        required=False,
        allow_blank=True,
        max_length=MAX_LENGTH,
        help_text="A search, as the parameter `q` of the list of jobs.",
    )
    status = StatusesField(required=False, help_text="Only jobs with one of these statuses.")
    tz = TextField(
        required=False,
        max_length=MAX_ZONE_LENGTH,
        help_text="The IANA name of the time zone of the days in `q`; UTC by default.",
    )
    ids = IdsField(required=False, help_text="The ids of the jobs, instead of a search.")
    all = BooleanField(required=False, help_text="All jobs, instead of a search.")
    reason = ReasonField(REASON)

    def get_fields(self) -> dict[str, Any]:
        excluded = IdsField(required=False, help_text="The ids of jobs to leave out.")
        return super().get_fields() | {"except": excluded}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Adds the `selection`, and the `parameters` of the action."""
        errors = _parameter_errors(attrs) | _selection_errors(attrs)
        zone = attrs.get("tz", "UTC")
        if zone_name(zone) is None:
            detail = "Not a time zone. Use an IANA name, as in Asia/Kolkata."
            errors["tz"] = [ErrorDetail(detail, "unknown_tz")]
        try:
            attrs["selection"] = Selection.stored(
                attrs.get("q", ""),
                None if "tz" in errors else attrs.get("tz"),
                attrs.get("status"),
                attrs.get("ids"),
                attrs.get("except", ()),
            )
        except InvalidQuery as error:
            errors["q"] = [ErrorDetail(each.detail, each.code) for each in error.errors]
        if not errors and _is_empty(attrs):
            detail = "Send q, status or ids, or all as true for all jobs."
            errors["non_field_errors"] = [ErrorDetail(detail, "empty_selection")]
        if errors:
            raise serializers.ValidationError(errors)
        values = {name: attrs[name] for name in PARAMETERS[attrs["action"]]}
        return attrs | {"parameters": values}


def _parameter_errors(attrs: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
    action = attrs["action"]
    errors = {
        name: [ErrorDetail(f"{action} needs {name}.", "required")]
        for name in PARAMETERS[action]
        if name not in attrs
    }
    others = {name for names in PARAMETERS.values() for name in names} - {*PARAMETERS[action]}
    return errors | {
        name: [ErrorDetail(f"{name} does not apply to {action}.", "not_applicable")]
        for name in sorted(others & attrs.keys())
    }


def _selection_errors(attrs: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
    """A search, ids and all exclude each other: what both would mean, nobody has said."""
    is_sent = {
        "ids": "ids" in attrs,
        "all": bool(attrs.get("all")),
        "search": bool(attrs.get("q", "").strip()) or "status" in attrs,
    }
    kinds = [kind for kind, sent in is_sent.items() if sent]
    if attrs["action"] == Action.RESTORE and (search := attrs.keys() & {"q", "status", "tz"}):
        detail = "The trash cannot be searched: send ids, or all."
        return {name: [ErrorDetail(detail, "not_applicable")] for name in sorted(search)}
    if len(kinds) > 1:
        detail = f"Send either {' or '.join(kinds)}."
        return {"non_field_errors": [ErrorDetail(detail, "conflicting_selection")]}
    return {}


def _is_empty(attrs: dict[str, Any]) -> bool:
    """Whether it selects nothing, or everything without saying so."""
    selection = attrs["selection"]
    if selection.ids is not None:
        return set(selection.ids) <= set(selection.excluded)
    statuses, terms = selection.job_filter.statuses, selection.job_filter.q.terms
    is_filtered = bool(terms) or (statuses is not None and len(statuses) < len(StatusType))
    return not (attrs.get("all") or is_filtered)


class OperationReasonSerializer(BodySerializer):
    """Why; the body may be missing."""

    reason = ReasonField(REASON)
