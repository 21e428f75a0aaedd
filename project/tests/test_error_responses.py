"""Requests that gunicorn rejects before Django sees them, and those that it accepts."""

from jobs.tests.served import Server, problem_in


def test_url_too_long_is_a_page_in_a_browser(server: Server) -> None:
    page = server.ask(f"GET /?q={'x' * 9_000} HTTP/1.1")
    assert page.startswith(b"HTTP/1.1 414 ")
    assert b"Content-Type: text/html" in page
    assert b"Content-Security-Policy: default-src 'self'; script-src 'self'" in page
    assert b"<h1>This URL is too long</h1>" in page
    document = server.ask(f"GET /api/jobs/?q={'x' * 9_000} HTTP/1.1")
    assert problem_in(document)["code"] == "uri_too_long"


def test_headers_may_contain_the_longest_url(server: Server) -> None:
    available = 8_190 - len("GET /?q= HTTP/1.1\r\n")
    query = "/?q=" + "%E7%BF%BC" * (available // 9)
    headers = (
        f"HX-Current-URL: http://localhost:{server.port}{query}\nReferer: http://localhost{query}"
    )
    response = server.ask(f"GET {query} HTTP/1.1\n{headers}")
    assert b"<html" in response, response[:200]
    assert server.ask(f"GET /api/jobs/ HTTP/1.1\nX: {'x' * 17_000}").startswith(b"HTTP/1.1 431 ")


def test_headers_too_large_are_not_called_a_long_url(server: Server) -> None:
    for headers in (
        f"Cookie: {'x' * 17_000}",
        "\n".join(f"X-{number}: 1" for number in range(101)),
        "\n".join(f"X-{number}: {'x' * 1_000}" for number in range(70)),
    ):
        page = server.ask(f"GET / HTTP/1.1\n{headers}")
        assert page.startswith(b"HTTP/1.1 431 ")
        assert "<h1>The request’s headers are too large</h1>".encode() in page
        assert b"cookies" in page
        problem = problem_in(server.ask(f"GET /api/jobs/ HTTP/1.1\n{headers}"))
        assert problem["code"] == "headers_too_large"
        assert "64 KiB in all" in problem["detail"]


def test_a_url_longer_than_all_headers_may_be_is_still_called_a_long_url(server: Server) -> None:
    page = server.ask(f"GET /?q={'x' * 70_000} HTTP/1.1")
    assert page.startswith(b"HTTP/1.1 414 ")
    assert b"<h1>This URL is too long</h1>" in page
