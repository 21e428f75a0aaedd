"""The renderer of responses: compact JSON in UTF-8."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    # JSON is always UTF-8 and its media type has no charset parameter (RFC 8259).
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Empty for a response without a body, such as a deletion's."""
        return b"" if data is None else orjson.dumps(data)
