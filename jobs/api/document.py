"""The OpenAPI document, generated once per process, and the view that serves it."""

from functools import cache
from threading import Lock
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from jobs.api.http.base import JsonView
from jobs.api.http.negotiation import QualityNegotiation
from jobs.api.openapi import operations
from jobs.api.openapi.shapes import LOCAL_SITE
from jobs.mistakes import FieldError, InvalidQuery, quoted

RENDERERS: Final[dict[str, BaseRenderer]] = {
    "yaml": OpenApiYamlRenderer(),
    "json": OpenApiJsonRenderer(),
}

# The generator changes its own global state: two at the same time fail.
_generating: Final = Lock()


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document. It is shared: do not modify it."""
    with _generating:
        return _generated()


@cache
def _generated() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    generated: dict[str, Any] = generator().get_schema(request=None, public=True)
    return generated


@cache
def rendered(format_name: str) -> bytes:
    """The document as `yaml` or `json`."""
    text = RENDERERS[format_name].render(openapi_document(), None, {})
    return text.encode() if isinstance(text, str) else text


def rendered_for(site: str, format_name: str) -> bytes:
    """The document with `site` as its server, the first URL in it. Host names need no escaping in either format."""
    return rendered(format_name).replace(LOCAL_SITE.encode(), site.encode(), 1)


def _renderer(media_type: str) -> type[BaseRenderer]:
    format_name = "json" if media_type.endswith("json") else "yaml"
    return type("Renderer", (BaseRenderer,), {"media_type": media_type, "format": format_name})


class SchemaView(JsonView):
    content_negotiation_class = QualityNegotiation
    query_parameters = {"GET": (operations.FORMAT,)}
    renderer_classes = [_renderer(media_type) for media_type in operations.SCHEMA_TYPES]

    @operations.get_schema
    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        format_name = request.query_params.get(operations.FORMAT, renderer.format)
        if format_name not in operations.FORMATS:
            detail = f"{quoted(format_name)} is not a valid format. Allowed: {', '.join(operations.FORMATS)}."
            raise InvalidQuery([FieldError(operations.FORMAT, "unknown_format", detail)])
        media_type = (
            renderer.media_type if format_name == renderer.format else f"application/{format_name}"
        )
        site = request.build_absolute_uri("/").rstrip("/")
        headers = {"Content-Disposition": f'inline; filename="openapi.{format_name}"'}
        return HttpResponse(rendered_for(site, format_name), media_type, headers=headers)
