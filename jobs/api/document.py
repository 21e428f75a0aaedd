"""The schema itself, made once for each process: the code it describes does not change under it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api import schema
from jobs.api.negotiation import ByWeight
from jobs.api.views import JsonView

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


class SchemaRenderer(BaseRenderer):
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """What is written already."""
        return written(self.format)


def _renderer(media_type: str) -> type[SchemaRenderer]:
    form = "json" if media_type.endswith("json") else "yaml"
    return type("Renderer", (SchemaRenderer,), {"media_type": media_type, "format": form})


class SchemaView(JsonView):
    content_negotiation_class = ByWeight
    renderer_classes = [_renderer(media_type) for media_type in schema.SCHEMA_TYPES]

    @schema.get_schema
    def get(self, request: Request) -> Response:
        name = f"openapi.{request.accepted_renderer.format}"
        return Response(document(), headers={"Content-Disposition": f'inline; filename="{name}"'})
