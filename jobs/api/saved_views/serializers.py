"""Serializers of views: they validate request bodies, and describe responses in the schema."""

from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from jobs.api.bodies import BodySerializer
from jobs.api.fields import BooleanField, IntegerField, TextField
from jobs.api.saved_views.fields import (
    ColumnsField,
    OrderingField,
    StatusesField,
    ViewNameField,
)
from jobs.limits import MAX_VIEW_NAME_LENGTH, MAX_VIEWS
from jobs.listing.paging import MAX_PAGE_SIZE
from jobs.mistakes import InvalidQuery
from jobs.saved_views.search import normalized
from jobs.search.parser import MAX_LENGTH

# Only the server sets them; a body may contain them, as clients send views as they have received them.
READ_ONLY: Final = frozenset({"id", "owner", "created_at", "updated_at"})
# The name of a column, where a body calls it by that of the list's parameter.
STORED_AS: Final = {"status": "statuses"}


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
    page_size = IntegerField(
        required=False, min_value=1, max_value=MAX_PAGE_SIZE, help_text="The jobs on a page."
    )
    columns = ColumnsField(required=False)
    is_default = BooleanField(
        required=False,
        help_text="Whether the dashboard shows this view first: one of the shared views at most, and one of your own.",
    )
    is_shared = BooleanField(
        required=False,
        help_text="Whether everybody sees it. A view that is shared, or is not any more, is the last one there.",
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
    resource = "view"

    name = ViewNameField(required=False)
    position = IntegerField(
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
        min_value=1,
        max_value=MAX_VIEWS,
        help_text="Its place among the shared views, or among your own.",
    )
    is_default = serializers.BooleanField(help_text="Whether the dashboard shows it first.")
    is_shared = serializers.BooleanField(help_text="Whether everybody sees it.")
    owner = serializers.CharField(
        allow_null=True,
        help_text="The name of the user who made it; null where nobody logs in, and for a view from before.",
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(
        help_text="When the view last changed, in its place too. Keep it as a string."
    )


class SavedViewListSerializer(serializers.Serializer[Any]):
    """The shared views, then your own, each in their order."""

    count = serializers.IntegerField(min_value=0, max_value=2 * MAX_VIEWS)
    results = SavedViewSerializer(many=True)
