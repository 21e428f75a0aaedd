"""The one URL of the protocol, /mcp/."""

from typing import Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import MethodNotAllowed, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.principal import principal_of
from jobs.api.http.base import JsonView
from jobs.api.http.parsers import StrictJSONParser
from jobs.api.problems.exceptions import TokenRequired
from jobs.mcp.protocol import PARSE_ERROR, ProtocolError
from jobs.mcp.server import reply_to
from jobs.mcp.tool import Caller


class MessageParser(StrictJSONParser):
    """Any JSON: a body that is not an object is answered by the protocol's error."""

    def checked(self, content: Any) -> Any:
        return content


class McpView(JsonView):
    """Stateless: there is no session, so nothing to open with GET or to end with DELETE."""

    parser_classes = (MessageParser,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # The session of a browser is not enough: what a page sends is not what a person has decided.
        if settings.ACCESS != "open" and principal_of(request).token_id is None:
            raise TokenRequired

    @property
    def allowed_methods(self) -> list[str]:
        return ["POST", "OPTIONS"]

    def get(self, request: Request) -> NoReturn:
        raise MethodNotAllowed(str(request.method))

    delete = get

    def post(self, request: Request) -> Response:
        try:
            content = request.data
        except ParseError as error:
            refusal = ProtocolError(PARSE_ERROR, str(error.detail))
            return Response(refusal.content(None), 400)
        caller = Caller(principal_of(request), request)
        reply = reply_to(content, request.headers, caller)
        return Response(reply.content, reply.status)
