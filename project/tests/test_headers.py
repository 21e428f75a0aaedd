import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from project.middleware import security_headers

pytestmark = pytest.mark.django_db

ADDRESSES = ["/api/", "/api/health/", "/api/jobs/", "/api/nothing/", "/api/jobs/?page_size=0"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_has_the_security_headers(client: Client, address: str) -> None:
    response = client.get(address)
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert (
        policy["default-src"]
        == policy["script-src"]
        == policy["style-src"]
        == policy["connect-src"]
        == "'self'"
    )
    for kind in ("child", "manifest", "media", "object"):
        assert policy[f"{kind}-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_error_for_a_foreign_host_has_the_security_headers(client: Client) -> None:
    response = client.get("/api/jobs/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "Content-Security-Policy" in response


def test_headers_are_added_to_any_view() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.method)

    response = security_headers(view)(RequestFactory().put("/"))
    assert (response.status_code, response["X-Frame-Options"]) == (200, "DENY")


def test_the_api_sets_no_cookie(client: Client) -> None:
    assert not client.get("/api/jobs/").cookies
    assert not client.post("/api/jobs/", {"name": "x"}, "application/json").cookies
