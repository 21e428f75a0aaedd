"""The base of the API's views: what is the same for every operation."""

from collections.abc import Collection
from typing import Any, ClassVar, Final

from django.http import HttpResponse, UnreadablePostError
from rest_framework.request import Request
from rest_framework.views import APIView

from jobs.api.http.hijack import connection_of
from jobs.api.http.negotiation import FastJson, QualityNegotiation
from jobs.api.http.origin import reject_cross_site
from jobs.api.http.parameters import reject_unknown_parameters
from jobs.api.http.source import source_of
from jobs.api.problems.exceptions import LengthRequired, UnsupportedEncoding

WITH_BODY: Final = ("POST", "PUT", "PATCH")


class JsonView(APIView):
    # A docstring would become the description of every operation in the schema.
    content_negotiation_class: type[QualityNegotiation] = FastJson
    query_parameters: ClassVar[dict[str, Collection[str]]] = {}
    """The query parameters of each method; none for a method that is not a key."""
    accepts_chunked: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        reject_cross_site(request)
        source_of(request)  # also of a request that is answered from a record, or only looks ahead
        if request.GET and request.method in self.allowed_methods:
            method = "GET" if request.method == "HEAD" else request.method
            reject_unknown_parameters(request, self.query_parameters.get(method, ()))
        if "HTTP_CONTENT_ENCODING" in request.META and request.method in self.allowed_methods:
            _reject_encoded(request)
        if self.accepts_chunked:
            return
        # Django would treat a chunked body as empty.
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            if connection_of(request):  # our server sets a Content-Length on every complete body
                raise UnreadablePostError("The body is incomplete.")
            raise LengthRequired

    # The framework's own method returns a Response, which needs a renderer.
    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]  # DRF wants a Response
        """Only `Allow`, which every response has: the schema describes the rest."""
        response = HttpResponse(status=204)
        del response["Content-Type"]
        return response


def _reject_encoded(request: Request) -> None:
    names = request.META["HTTP_CONTENT_ENCODING"].lower().split(",")
    if request.method in WITH_BODY and {name.strip(" \t") for name in names} - {"", "identity"}:
        raise UnsupportedEncoding
