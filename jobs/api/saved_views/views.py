"""The endpoints of saved views, and their descriptions in the schema."""

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access.viewers import viewer_of
from jobs.api.http.base import JsonView
from jobs.api.http.headers import IF_MATCH, IF_NONE_MATCH
from jobs.api.http.idempotency import idempotent
from jobs.api.http.parsers import reject_incomplete_body
from jobs.api.http.preconditions import conditional_response, if_match_versions, tagged_response
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.problems.exceptions import ViewNotFound
from jobs.api.saved_views.serializers import (
    STORED_AS,
    NewViewSerializer,
    SavedViewListSerializer,
    SavedViewSerializer,
    SearchSerializer,
    ViewChangeSerializer,
)
from jobs.ids import LARGEST_ID
from jobs.limits import MAX_VIEWS
from jobs.saved_views.changes import change_view, create_view, remove_view
from jobs.saved_views.rows import ViewRow, read_view, read_views
from jobs.saved_views.search import DEFAULTS

VIEW_ID: Final = OpenApiParameter(
    "view_id",
    {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID},
    OpenApiParameter.PATH,
    description="The view's id.",
    examples=[OpenApiExample("a view", value=3)],
)
ETAG: Final = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="The view's version: its `updated_at` in quotes.",
    response=[200, 201, 304],
)
LOCATION: Final = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, description="The view's URL.", response=[201]
)
NOT_MODIFIED: Final = {304: OpenApiResponse(description="The current version is known already.")}
# Not of the representation
INTERNAL: Final = frozenset({"owner_id", "place"})
BODY: Final = {"name": "Failed today", "status": ["FAILED"], "q": "updated:today"}


def _json(view: ViewRow) -> dict[str, Any]:
    names = {column: name for name, column in STORED_AS.items()}
    values = view._asdict().items()
    return {names.get(name, name): value for name, value in values if name not in INTERNAL}


def _valid(body: SearchSerializer, request: Request) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    values: dict[str, Any] = body.validated_data
    if values.get("is_shared") is False and viewer_of(request).user_id is None:
        raise serializers.ValidationError(
            {
                "is_shared": [
                    ErrorDetail("Where nobody logs in, views are shared.", "invalid_choice")
                ]
            }
        )
    return values


def _response(
    view: ViewRow, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return tagged_response(_json(view), view.updated_at, status, headers)


def _or_404(view: ViewRow | None) -> ViewRow:
    if view is None:
        raise ViewNotFound
    return view


class SavedViewListView(JsonView):
    @extend_schema(
        operation_id="list_views",
        summary="List saved views",
        description="Returns the shared views, and then your own, each in their order. Where nobody logs in, all are shared.",
        tags=["views"],
        responses={200: OpenApiResponse(SavedViewListSerializer, "The views.")},
        examples=[response_example({"count": 1, "results": [examples.VIEW]})],
    )
    def get(self, request: Request) -> Response:
        results = [_json(view) for view in read_views(viewer_of(request))]
        return Response({"count": len(results), "results": results})

    @extend_schema(
        operation_id="create_view",
        summary="Save a view",
        description=f"Creates a view after all others. Where people log in it is yours alone, unless `is_shared` is true; only you, and"
        f" for a shared one an admin, can change or delete it. There are at most {MAX_VIEWS} shared ones, and as many of your own. The search must be valid; `errors` names"
        " what is not.",
        tags=["views"],
        extensions=fails_with("name_taken", "too_many_views"),
        parameters=[LOCATION, ETAG],
        request=NewViewSerializer,
        responses={201: OpenApiResponse(SavedViewSerializer, "The new view.")},
        examples=[request_example(BODY), response_example(examples.VIEW, 201)],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        values = _valid(NewViewSerializer(data=request.data), request)
        view = create_view({**DEFAULTS, **values}, viewer_of(request))
        return _response(view, 201, {"Location": reverse("api:view", args=[view.id])})


class SavedViewView(JsonView):
    @extend_schema(
        operation_id="get_view",
        summary="Get a saved view",
        description="Returns the view. With `If-None-Match`, returns it only if it has changed.",
        tags=["views"],
        extensions=fails_with("view_not_found"),
        parameters=[VIEW_ID, ETAG, IF_NONE_MATCH],
        responses={200: OpenApiResponse(SavedViewSerializer, "The view.")} | NOT_MODIFIED,
        examples=[response_example(examples.VIEW)],
    )
    def get(self, request: Request, view_id: int) -> Response:
        view = _or_404(read_view(view_id, viewer_of(request)))
        return conditional_response(request, view.updated_at, lambda: _json(view))

    @extend_schema(
        operation_id="change_view",
        summary="Change a saved view",
        description="Renames the view, replaces parts of its search, moves it, or makes it the default in place of another. The"
        " views that a move shifts, and the former default, get a new version too.",
        tags=["views"],
        extensions=fails_with("view_not_found", "name_taken", "too_many_views"),
        parameters=[VIEW_ID, ETAG, IF_MATCH],
        request=ViewChangeSerializer,
        responses={200: OpenApiResponse(SavedViewSerializer, "The changed view.")},
        examples=[
            request_example({"name": "Failed today"}, name="name", summary="A name"),
            request_example({"position": 1}, name="position", summary="A place"),
            request_example({"is_default": True}, name="default", summary="The default"),
            response_example(examples.VIEW),
        ],
    )
    @idempotent
    def patch(self, request: Request, view_id: int) -> Response:
        body = ViewChangeSerializer(data=request.data, context={"id": view_id})
        values, versions = _valid(body, request), if_match_versions(request)
        return _response(_or_404(change_view(view_id, values, versions, viewer_of(request))))

    @extend_schema(
        operation_id="delete_view",
        summary="Delete a saved view",
        description="Deletes the view; no job changes. The views after it move up.",
        tags=["views"],
        extensions=fails_with("view_not_found"),
        parameters=[VIEW_ID, IF_MATCH],
        responses={204: OpenApiResponse(description="The view was deleted.")},
    )
    @idempotent
    def delete(self, request: Request, view_id: int) -> Response:
        reject_incomplete_body(request, request.body)
        if not remove_view(view_id, if_match_versions(request), viewer_of(request)):
            raise ViewNotFound
        return Response(status=204)
