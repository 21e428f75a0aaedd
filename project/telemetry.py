"""The settings of OpenTelemetry, as its own SDKs read them: https://opentelemetry.io/docs/specs/otel/protocol/exporter/."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def telemetry(endpoint: str, headers: str, service: str, ratio: str) -> dict[str, Any]:
    """Empty without an endpoint. Raises ImproperlyConfigured."""
    if not endpoint:
        return {}
    if urlsplit(endpoint).scheme not in {"http", "https"} or not urlsplit(endpoint).hostname:
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://127.0.0.1:4318, not {endpoint!r}."
        )
    pairs = [pair.partition("=") for pair in headers.split(",") if pair.strip()]
    if not all(name.strip() and separator for name, separator, _ in pairs):
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_HEADERS must be as in name=value,other=value."
        )
    return {
        "endpoint": endpoint,
        "headers": {name.strip(): unquote(value.strip()) for name, _, value in pairs},
        "service": service,
        "ratio": _ratio(ratio),
    }


def _ratio(text: str) -> float:
    try:
        ratio = float(text)
    except ValueError:
        ratio = -1
    if not 0 <= ratio <= 1:
        raise ImproperlyConfigured(
            f"OTEL_TRACES_SAMPLER_ARG must be the share of traces, from 0 to 1, not {text!r}."
        )
    return ratio
