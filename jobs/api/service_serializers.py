"""Serializers that describe the responses of the service itself: its health, and the URLs of its parts."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"type": "string", "const": "ok"})
class OkField(serializers.CharField):
    """Always `ok`: an unhealthy service responds with a problem."""


class FeedHealthSerializer(serializers.Serializer[Any]):
    """The delay of the change feed."""

    behind_seconds = serializers.FloatField(
        min_value=0,
        help_text="For how many seconds events have been waiting for the oldest open transaction.",
    )


class HealthSerializer(serializers.Serializer[Any]):
    """The service is healthy."""

    status = OkField()
    feed = FeedHealthSerializer()


class BuildSerializer(serializers.Serializer[Any]):
    """The service is alive."""

    status = OkField()
    version = serializers.CharField(help_text="Of the dashboard and its API.")
    build = serializers.CharField(
        allow_blank=True, help_text="What was built, as its builder calls it; may be empty."
    )


class ReadinessSerializer(BuildSerializer):
    """The service can handle requests."""

    worker = serializers.ChoiceField(
        choices=["present", "absent"], help_text="Without a worker, operations wait."
    )


class RootSerializer(serializers.Serializer[Any]):
    """The URL of each part of the API."""

    jobs = serializers.URLField()
    counts = serializers.URLField()
    operations = serializers.URLField()
    proposals = serializers.URLField()
    views = serializers.URLField()
    trash = serializers.URLField()
    events = serializers.URLField()
    health = serializers.URLField()
    schema = serializers.URLField()
    docs = serializers.URLField()
