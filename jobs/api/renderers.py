"""The only way an answer goes out: compact JSON in UTF-8."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    # JSON is UTF-8; naming it is not provided for (RFC 8259)
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Nothing where there is no body, as after a deletion."""
        return b"" if data is None else orjson.dumps(data)
