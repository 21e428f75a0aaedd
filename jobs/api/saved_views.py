"""Saved views: serializers, schema and views of the API."""

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.fields import BLANK, NameField
from jobs.api.http.base import JsonView
from jobs.api.http.headers import IF_MATCH, IF_NONE_MATCH
from jobs.api.http.idempotency import idempotent
from jobs.api.http.parsers import reject_incomplete_body
from jobs.api.http.preconditions import conditional_response, if_match_versions, tagged_response
from jobs.api.openapi import examples
from jobs.api.openapi.examples import request_example, response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.problems.exceptions import ViewNotFound
from jobs.api.serializers import BodySerializer
from jobs.ids import LARGEST_ID
from jobs.limits import MAX_VIEW_NAME_LENGTH, MAX_VIEWS
from jobs.listing.paging import MAX_PAGE_SIZE
from jobs.mistakes import InvalidQuery
from jobs.saved_views.changes import change_view, create_view, remove_view
from jobs.saved_views.rows import ViewRow, read_view, read_views
from jobs.saved_views.search import DEFAULTS, is_list_of_columns, normalized
from jobs.search.parser import MAX_LENGTH
from jobs.statuses import StatusType
from jobs.table_columns import LABELS, REQUIRED

# Only the server sets them; a body may contain them, as clients send views as they have received them.
READ_ONLY: Final = frozenset({"id", "created_at", "updated_at"})
# The name of a column, where a body calls it by that of the list's parameter.
STORED_AS: Final = {"status": "statuses"}
NAME: Final = {
    "type": "string",
    "minLength": 1,
    "pattern": rf"^[{BLANK}]*[^{BLANK}\x00]([^\x00]{{0,{MAX_VIEW_NAME_LENGTH - 2}}}[^{BLANK}\x00])?[{BLANK}]*$",
    "description": f"1 to {MAX_VIEW_NAME_LENGTH} characters after leading and trailing whitespace is removed. Unique, whatever"
    " its case.",
}
STATUSES: Final = {
    "type": "array",
    "items": {"$ref": "#/components/schemas/StatusType"},
    "description": "Only jobs with one of these statuses; empty for all.",
}
COLUMNS: Final = {
    "type": "array",
    "items": {"type": "string", "enum": list(LABELS)},
    "description": "The columns that the pages show, in order, among them"
    f" {' and '.join(f'`{name}`' for name in sorted(REQUIRED))}; empty for those that each viewer has chosen.",
}


@extend_schema_field(NAME)
class ViewNameField(NameField):
    """A view's name, trimmed."""

    default_error_messages = {"max_length": f"Use {MAX_VIEW_NAME_LENGTH} characters or fewer."}

    def __init__(self, **options: Any) -> None:
        serializers.CharField.__init__(self, max_length=MAX_VIEW_NAME_LENGTH, **options)


class TextField(serializers.CharField):
    """A text that may be empty; values of other types are not converted."""

    default_error_messages = {"invalid": "Must be a string.", "null": "Must be a string."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextListField(serializers.Field[Any, Any, Any, Any]):
    """A list of strings."""

    default_error_messages = {
        "invalid": "Must be a list of strings.",
        "null": "Must be a list of strings.",
    }

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(STATUSES)
class StatusesField(TextListField):
    """The statuses of the tabs."""

    default_error_messages = {
        "invalid_choice": f"Not a list of statuses. Allowed: {', '.join(StatusType)}."
    }

    def to_internal_value(self, data: Any) -> list[str]:
        statuses = super().to_internal_value(data)
        if not set(statuses) <= set(StatusType.values):
            self.fail("invalid_choice")
        return statuses


@extend_schema_field(COLUMNS)
class ColumnsField(TextListField):
    """The columns that are shown."""

    default_error_messages = {
        "invalid_choice": f"Not a list of columns. Allowed, each once: {', '.join(LABELS)}. Required, unless the list is"
        f" empty: {', '.join(sorted(REQUIRED))}."
    }

    def to_internal_value(self, data: Any) -> list[str]:
        columns = super().to_internal_value(data)
        if not is_list_of_columns(columns):
            self.fail("invalid_choice")
        return columns


class StrictIntegerField(serializers.IntegerField):
    """An integer; neither text nor a number with a fraction is converted."""

    default_error_messages = {"invalid": "Must be an integer.", "null": "Must be an integer."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """True or false; no text stands for them."""

    default_error_messages = {"invalid": "Must be true or false.", "null": "Must be true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid")
        return data


@extend_schema_field({"$ref": "#/components/schemas/Ordering"})
class OrderingField(TextField):
    """An ordering of the list."""


class SearchSerializer(BodySerializer):
    """The search of a view, which is validated as the list validates its query string."""

    status = StatusesField(required=False)
    q = TextField(
        required=False,
        allow_blank=True,
        max_length=MAX_LENGTH,
        help_text="A search, as the parameter `q` of the list of jobs. Days are those of each viewer's time zone.",
    )
    ordering = OrderingField(required=False, help_text="The sort order.")
    page_size = StrictIntegerField(
        required=False, min_value=1, max_value=MAX_PAGE_SIZE, help_text="The jobs on a page."
    )
    columns = ColumnsField(required=False)
    is_default = StrictBooleanField(
        required=False, help_text="Whether the dashboard shows this view first. One view at most."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        values = {STORED_AS.get(name, name): value for name, value in attrs.items()}
        try:
            return normalized(values)
        except InvalidQuery as error:
            errors: dict[str, list[ErrorDetail]] = {}
            for each in error.errors:
                errors.setdefault(each.field, []).append(ErrorDetail(each.detail, each.code))
            raise serializers.ValidationError(errors) from error


class NewViewSerializer(SearchSerializer):
    """A view to create. Without a search, it lists all jobs. Fields that only the server sets, such as `id`, are ignored."""

    ignored = READ_ONLY | {"position"}

    name = ViewNameField()


class ViewChangeSerializer(SearchSerializer):
    """New values of some fields."""

    ignored = READ_ONLY

    name = ViewNameField(required=False)
    position = StrictIntegerField(
        required=False,
        min_value=1,
        max_value=MAX_VIEWS,
        help_text="The new place among the views, from 1; a place after the last one is the last.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            detail = f"Send at least one of {', '.join(self.fields)}."
            raise serializers.ValidationError(detail, "nothing_to_change")
        return super().validate(attrs)


class SavedViewSerializer(serializers.Serializer[Any]):
    """A saved view: a name for a search of the list of jobs."""

    id = serializers.IntegerField(min_value=1, help_text="Its link is `/?view=<id>`.")
    name = serializers.CharField(max_length=MAX_VIEW_NAME_LENGTH)
    status = StatusesField()
    q = serializers.CharField(
        max_length=MAX_LENGTH, help_text="The search. It was valid when it was saved."
    )
    ordering = OrderingField()
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE)
    columns = ColumnsField()
    position = serializers.IntegerField(
        min_value=1, max_value=MAX_VIEWS, help_text="Its place among the views."
    )
    is_default = serializers.BooleanField(help_text="Whether the dashboard shows it first.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(
        help_text="When the view last changed, in its place too. Keep it as a string."
    )


class SavedViewListSerializer(serializers.Serializer[Any]):
    """All saved views, in their order."""

    count = serializers.IntegerField(min_value=0, max_value=MAX_VIEWS)
    results = SavedViewSerializer(many=True)


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
BODY: Final = {"name": "Failed today", "status": ["FAILED"], "q": "updated:today"}


def _json(view: ViewRow) -> dict[str, Any]:
    names = {column: name for name, column in STORED_AS.items()}
    return {names.get(name, name): value for name, value in view._asdict().items()}


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
        description="Returns all saved views, in their order. All users of the dashboard share them.",
        tags=["views"],
        responses={200: OpenApiResponse(SavedViewListSerializer, "The views.")},
        examples=[response_example({"count": 1, "results": [examples.VIEW]})],
    )
    def get(self, request: Request) -> Response:
        results = [_json(view) for view in read_views()]
        return Response({"count": len(results), "results": results})

    @extend_schema(
        operation_id="create_view",
        summary="Save a view",
        description=f"Creates a view after all others. There are at most {MAX_VIEWS}. The search must be valid; `errors` names"
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
        body = NewViewSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        view = create_view({**DEFAULTS, **body.validated_data})
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
        view = _or_404(read_view(view_id))
        return conditional_response(request, view.updated_at, lambda: _json(view))

    @extend_schema(
        operation_id="change_view",
        summary="Change a saved view",
        description="Renames the view, replaces parts of its search, moves it, or makes it the default in place of another. The"
        " views that a move shifts, and the former default, get a new version too.",
        tags=["views"],
        extensions=fails_with("view_not_found", "name_taken"),
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
        body = ViewChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        versions = if_match_versions(request)
        return _response(_or_404(change_view(view_id, body.validated_data, versions)))

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
        if not remove_view(view_id, if_match_versions(request)):
            raise ViewNotFound
        return Response(status=204)
