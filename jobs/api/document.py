"""The schema itself, made once for each process: the code it describes does not change under it."""

from functools import cache
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from jobs.api import schema
from jobs.api.negotiation import ByWeight
from jobs.api.shapes import LOCAL_SITE
from jobs.api.views import JsonView
from jobs.paging import InvalidFilter, Mistake, shown

WRITERS: Final[dict[str, BaseRenderer]] = {
    "yaml": OpenApiYamlRenderer(),
    "json": OpenApiJsonRenderer(),
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, as JSON has it. Not to be changed."""
    generator: Any = SchemaGenerator
    made: dict[str, Any] = generator().get_schema(request=None, public=True)
    return made


@cache
def written(form: str) -> bytes:
    """The document as `yaml` or `json`."""
    text = WRITERS[form].render(document(), None, {})
    return text.encode() if isinstance(text, str) else text


def written_for(site: str, form: str) -> bytes:
    """The same with `site` as its server: the first address in it. No name of a host needs escaping in either form."""
    return written(form).replace(LOCAL_SITE.encode(), site.encode(), 1)


def _renderer(media_type: str) -> type[BaseRenderer]:
    form = "json" if media_type.endswith("json") else "yaml"
    return type("Renderer", (BaseRenderer,), {"media_type": media_type, "format": form})


class SchemaView(JsonView):
    content_negotiation_class = ByWeight
    query_parameters = {"GET": (schema.FORMAT,)}
    renderer_classes = [_renderer(media_type) for media_type in schema.SCHEMA_TYPES]

    @schema.get_schema
    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        form = request.query_params.get(schema.FORMAT, renderer.format)
        if form not in schema.FORMATS:
            detail = f"{shown(form)} is not a valid format. Allowed: {', '.join(schema.FORMATS)}."
            raise InvalidFilter([Mistake(schema.FORMAT, "unknown_format", detail)])
        media_type = renderer.media_type if form == renderer.format else f"application/{form}"
        site = request.build_absolute_uri("/").rstrip("/")
        headers = {"Content-Disposition": f'inline; filename="openapi.{form}"'}
        return HttpResponse(written_for(site, form), media_type, headers=headers)
