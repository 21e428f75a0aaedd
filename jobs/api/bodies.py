"""The base of the serializers that validate request bodies."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.limits import MAX_REPORTED_ERRORS
from jobs.mistakes import closest, quoted


class BodySerializer(serializers.Serializer[Any]):
    """A body that rejects unknown fields, and ignores those in `ignored` unless they contradict what is done.

    `context["id"]` is the id in the URL, if it has one, and `resource` is what it is the id of.
    """

    ignored: ClassVar[frozenset[str]] = frozenset()
    resource: ClassVar[str] = "job"

    def to_internal_value(self, data: Any) -> Any:
        wrong = self._unknown(data) | self._contradicting(data) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **wrong}) from error  # type: ignore[dict-item]  # a dict here
        if wrong:
            raise serializers.ValidationError(wrong)
        return value

    def _contradicting(self, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        """The errors for ignored fields whose values say something else than what would be done."""
        own_id = self.context.get("id")
        sent = data.get("id", own_id)
        if own_id is None or (type(sent) is int and sent == own_id):
            return {}
        detail = f"The URL is that of {self.resource} {own_id}, the body that of another one. Omit id, or send {own_id}."
        return {"id": [ErrorDetail(detail, "id_mismatch")]}

    @classmethod
    def unknown_members(cls, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        """The errors for unknown fields, without validating the others."""
        return cls()._unknown(data)  # noqa: SLF001  # its own

    def _unknown(self, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        unknown = [name for name in data if name not in self.fields and name not in self.ignored]
        return {
            name[:40]: [ErrorDetail(self._unknown_detail(name), "unknown_field")]
            for name in unknown[:MAX_REPORTED_ERRORS]
        }

    def _unknown_detail(self, name: str) -> str:
        meant = closest(name, tuple(self.fields))
        remedy = f"Did you mean {meant}?" if meant else f"Known: {', '.join(self.fields)}."
        return f"Unknown field {quoted(name)}. {remedy}"
