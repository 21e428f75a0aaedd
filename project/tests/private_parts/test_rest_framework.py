"""What jobs/api/ assumes of Django REST framework and drf-spectacular."""

from typing import Any, cast

import pytest
from django.test import RequestFactory
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType
from rest_framework.views import APIView

from jobs.api.http.internals import buffer_body, django_request
from jobs.api.http.parsers import StrictJSONParser

BODY = b'{"a": 1}'


@pytest.fixture
def request_with_body(rf: RequestFactory) -> Request:
    http = rf.post("/", BODY, content_type="application/json")
    return Request(http, parsers=[StrictJSONParser()])


def test_request_wraps_that_of_django(rf: RequestFactory) -> None:
    http = rf.get("/")
    assert django_request(Request(http)) is http


def test_request_has_its_parsers(request_with_body: Request) -> None:
    [parser] = cast("list[Any]", request_with_body.parsers)
    assert isinstance(parser, StrictJSONParser)


def test_body_that_was_read_is_parsed(request_with_body: Request) -> None:
    assert buffer_body(request_with_body, 99) == BODY
    assert request_with_body.data == {"a": 1}


def test_media_types_match_and_have_a_precedence() -> None:
    offered: Any = _MediaType("application/json")
    accepted: list[Any] = [
        _MediaType(text)
        for text in ("*/*;q=0.1", "application/*", "application/json", "application/json;a=b")
    ]
    assert all(offered.match(each) for each in accepted)
    assert not offered.match(_MediaType("text/*"))
    assert [each.precedence for each in accepted] == [0, 1, 2, 3]
    assert accepted[0].params == {"q": "0.1"}


def test_negotiation_splits_accept(rf: RequestFactory) -> None:
    request = Request(rf.get("/", HTTP_ACCEPT="a/b, c/d;q=0"))
    negotiation: Any = DefaultContentNegotiation()
    assert negotiation.get_accept_list(request) == ["a/b", "c/d;q=0"]


def test_view_asks_its_negotiation_for_a_renderer(rf: RequestFactory) -> None:
    asked: list[Any] = []

    class Negotiation(DefaultContentNegotiation):
        def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
            asked.append(format_suffix)
            [first, *_] = renderers
            return first, first.media_type

    class View(APIView):
        content_negotiation_class = Negotiation

        def get(self, request: Any) -> Any:
            return serializers.Serializer  # never reached by OPTIONS

    view = View()
    assert view.allowed_methods == ["GET", "OPTIONS"]
    View.as_view()(rf.options("/"))
    assert asked == [None]


def test_serializer_validates_by_run_validation() -> None:
    class Body(serializers.Serializer[Any]):
        def run_validation(self, data: Any = serializers.empty) -> Any:
            return {"given": data}

    body = Body(data=3)
    assert body.is_valid()
    assert body.validated_data == {"given": 3}


def test_schema_is_generated_without_a_request_and_rendered_alone() -> None:
    generator: Any = SchemaGenerator
    document = generator().get_schema(request=None, public=True)
    assert document["openapi"] == "3.1.0"
    for renderer in (OpenApiJsonRenderer(), OpenApiYamlRenderer()):
        assert "openapi" in str(renderer.render(document, None, {}))[:20]
