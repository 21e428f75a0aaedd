"""What project/ and jobs/ assume of Django and whitenoise."""

from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage as Plain
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import DataError, connection, connections, transaction
from django.db.utils import DatabaseErrorWrapper
from django.http import HttpResponse
from django.http.request import split_domain_port
from django.middleware.common import CommonMiddleware
from django.test import RequestFactory
from django.utils.http import parse_header_parameters
from psycopg_pool import ConnectionPool
from pytest_django import Settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

from project.storage import StaticFilesStorage

FORM = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.input": BytesIO(), "CONTENT_TYPE": "a/b"}


def test_request_sets_its_content_type_by_one_method() -> None:
    class Request(WSGIRequest):
        def _set_content_type_params(self, meta: dict[str, Any]) -> None:
            self.content_type, self.content_params = f"own {meta['CONTENT_TYPE']}", {}

    assert Request({**FORM}).content_type == "own a/b"


def test_content_type_is_parsed_or_the_parser_raises() -> None:
    assert parse_header_parameters("Text/CSV; charset=utf-8") == ("text/csv", {"charset": "utf-8"})
    with pytest.raises(ValueError, match="encoding"):
        parse_header_parameters("text/csv; charset*=nonsense''x")


@pytest.mark.django_db  # a request begins by looking after the connections of its thread
def test_handler_calls_the_methods_that_are_overridden(rf: RequestFactory) -> None:
    called: list[str] = []

    class Handler(WSGIHandler):
        def get_response(self, request: Any) -> Any:
            called.append(type(request).__name__)
            return super().get_response(request)

        def resolve_request(self, request: Any) -> Any:
            called.append("resolve_request")
            return super().resolve_request(request)

    class Request(WSGIRequest):
        pass

    handler = Handler()
    handler.request_class = Request
    assert b"".join(handler(rf.get("/api/no/such/url/").environ, Mock()))
    assert called == ["Request", "resolve_request"]


def test_a_stored_body_is_read_again(rf: RequestFactory) -> None:
    request = rf.generic("POST", "/", b"whole body")
    assert request.read(5) == b"whole"
    request._body = b"whole"
    assert request.body == b"whole"


def test_middleware_asks_whether_to_append_a_slash(rf: RequestFactory) -> None:
    class Middleware(CommonMiddleware):
        def should_redirect_with_slash(self, request: Any) -> bool:
            return str(request.path) == "/with-slash"

    middleware: Any = Middleware(lambda request: HttpResponse(status=404))
    assert middleware(rf.get("/with-slash")).status_code == 301
    assert middleware(rf.get("/without")).status_code == 404


def test_host_and_port_are_separated() -> None:
    assert split_domain_port("Example.com:80") == ("example.com", "80")
    assert split_domain_port("[::1]:80") == ("[::1]", "80")
    assert split_domain_port("not a host") == ("", "")


@pytest.mark.django_db(transaction=True)
def test_backend_calls_the_methods_that_are_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    backend: Any = connections["default"]
    wrapper: Any = DatabaseErrorWrapper(backend)
    assert wrapper.wrapper is backend
    assert isinstance(backend.wrap_database_errors, DatabaseErrorWrapper)
    monkeypatch.setattr(backend, "note", note := Mock())
    with connection.cursor() as cursor, pytest.raises(DataError):
        cursor.execute("SELECT 1 / 0")
    assert note.call_args[0][0].sqlstate == "22012"
    monkeypatch.setattr(backend, "_commit", commit := Mock(wraps=backend._commit))
    with transaction.atomic():
        assert not connection.get_autocommit()
        assert connection.in_atomic_block
        connection.cursor().execute("SELECT 1")
    assert commit.called


@pytest.mark.django_db(transaction=True)
def test_backend_takes_its_connections_from_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    backend: Any = connections["default"]
    backend.close()
    assert isinstance(backend.pool, ConnectionPool)
    monkeypatch.setattr(
        backend, "get_new_connection", new := Mock(wraps=backend.get_new_connection)
    )
    connection.cursor().close()
    assert new.call_args[0][0]["client_encoding"] == "UTF8"
    taken = backend.connection
    monkeypatch.setattr(backend.pool, "putconn", put := Mock(wraps=backend.pool.putconn))
    backend.close()
    put.assert_called_once_with(taken)
    assert backend.connection is None


def test_copied_backend_has_its_own_settings() -> None:
    own = connection.copy()
    own.settings_dict["OPTIONS"].pop("pool")
    assert "pool" in connection.settings_dict["OPTIONS"]
    assert type(own) is type(connections["default"])


def test_static_files_are_hashed_except_those_of_vite(tmp_path: Path, settings: Settings) -> None:
    assert issubclass(StaticFilesStorage, CompressedManifestStaticFilesStorage)
    settings.DEBUG = False
    for name in ("assets/main-12345678.js", "css/base.css"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("/* long enough to be worth compressing */" * 99)
    storage = StaticFilesStorage(location=tmp_path, base_url="/static/")
    plain = Plain(location=tmp_path)
    names = ("assets/main-12345678.js", "css/base.css")
    done = list(storage.post_process({name: (plain, name) for name in names}))
    assert {name for name, _, _ in done} >= set(names)
    assert storage.url(names[0]) == "/static/assets/main-12345678.js"
    assert storage.url(names[1]).startswith("/static/css/base.")
    assert storage.url(names[1]) != "/static/css/base.css"
    assert (tmp_path / "assets/main-12345678.js.gz").exists()
