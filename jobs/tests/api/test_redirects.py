"""Unsafe requests are never redirected: clients would repeat them as a GET, and take its response for success."""

import pytest
from django.test import Client, override_settings

from jobs.tests.problems import problem_of

UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]
URLS = ["/", "/jobs/1", "/jobs/1/", "/api", "/api/", "/api/jobs", "/api/jobs/", "/api/docs"]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("https", [False, True])
@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("url", URLS)
def test_no_unsafe_request_is_redirected(
    client: Client, method: str, url: str, https: bool
) -> None:
    with override_settings(SECURE_SSL_REDIRECT=https):
        response = client.generic(method, url, b"{}", "application/json")
    assert response.status_code >= 400, response


@override_settings(SECURE_SSL_REDIRECT=True)
@pytest.mark.parametrize("method", ["GET", *UNSAFE])
def test_api_clients_are_told_to_use_https(client: Client, method: str) -> None:
    response = client.generic(method, "/api/jobs/", b"{}", "application/json")
    assert problem_of(response, 403)["code"] == "https_required"


@override_settings(SECURE_SSL_REDIRECT=True)
def test_browsers_are_redirected_to_https(client: Client) -> None:
    response = client.get("/?status=FAILED")
    assert (response.status_code, response["Location"]) == (
        301,
        "https://testserver/?status=FAILED",
    )
    post = client.post("/")
    assert post.status_code == 403
    assert "https://" in post.content.decode()


def test_reads_are_redirected_to_the_url_with_a_slash(client: Client) -> None:
    response = client.get("/jobs/1")
    assert (response.status_code, response["Location"]) == (301, "/jobs/1/")


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True)
def test_health_probes_may_use_http(client: Client) -> None:
    assert client.get("/api/health/").status_code == 200
