"""What is refused before Django sees it, and what is not."""

from jobs.tests.served import Server, problem_in


def test_an_address_that_is_too_long_is_a_page_in_a_browser(server: Server) -> None:
    page = server.ask(f"GET /?q={'x' * 9_000} HTTP/1.1")
    assert page.startswith(b"HTTP/1.1 414 ")
    assert b"Content-Type: text/html" in page
    assert b"Content-Security-Policy: default-src 'none'" in page
    assert b"<h1>This address is too long</h1>" in page
    document = server.ask(f"GET /api/jobs/?q={'x' * 9_000} HTTP/1.1")
    assert problem_in(document)["code"] == "uri_too_long"


def test_a_header_may_tell_the_longest_address(server: Server) -> None:
    room = 8_190 - len("GET /?q= HTTP/1.1\r\n")
    query = "/?q=" + "%E7%BF%BC" * (room // 9)
    told = (
        f"HX-Current-URL: http://localhost:{server.port}{query}\nReferer: http://localhost{query}"
    )
    answer = server.ask(f"GET {query} HTTP/1.1\n{told}")
    assert b"<html" in answer, answer[:200]
    assert server.ask(f"GET /api/jobs/ HTTP/1.1\nX: {'x' * 17_000}").startswith(b"HTTP/1.1 431 ")
