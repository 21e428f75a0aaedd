"""What the protocol says of messages, whatever the tools are."""

import json
from typing import Any

import pytest

from jobs.access.principal import Role, Scope
from jobs.limits import MAX_BODY_BYTES
from jobs.mcp.protocol import HANDSHAKE, MODERN, SUPPORTED, WITH_BATCHES
from jobs.tests.access.conftest import Login
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.mcp.conftest import URL, Agent, error_of

pytestmark = pytest.mark.django_db

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def initialize(agent: Agent, version: str) -> dict[str, Any]:
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test"}}
    response = agent.send({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})
    result: dict[str, Any] = json.loads(response.content)["result"]
    return result


def test_the_server_describes_itself(agent: Agent) -> None:
    result = json.loads(agent.ask("server/discover").content)["result"]
    assert result["supportedVersions"] == list(SUPPORTED)
    assert result["capabilities"] == {"tools": {}}
    assert result["resultType"] == "complete"
    assert "untrusted" in result["instructions"]


@pytest.mark.parametrize("version", HANDSHAKE)
def test_earlier_versions_begin_with_a_handshake_and_no_session(agent: Agent, version: str) -> None:
    assert initialize(agent, version)["protocolVersion"] == version
    done = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    response = agent.send(done, MCP_Protocol_Version=version)
    assert (response.status_code, response.content) == (202, b"")
    assert "Mcp-Session-Id" not in response
    listed = agent.send(PING | {"method": "tools/list"}, MCP_Protocol_Version=version)
    assert json.loads(listed.content)["result"]["tools"]


def test_an_unknown_version_is_offered_another_one(agent: Agent) -> None:
    assert initialize(agent, "2031-01-01")["protocolVersion"] == HANDSHAKE[0]
    response = agent.send(PING, MCP_Protocol_Version="2031-01-01")
    assert error_of(response) == (400, -32022)
    assert json.loads(response.content)["error"]["data"]["supported"] == list(SUPPORTED)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b'{"jsonrpc": "2.0", "id": NaN, "method": "ping"}', -32700),
        (b"[" * 100_00, -32700),
        (b"", -32600),
        ([], -32600),
        ("ping", -32600),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, -32600),
        (PING | {"id": None}, -32600),
        (PING | {"id": True}, -32600),
        (PING | {"id": 1.5}, -32600),
        (PING | {"method": 1}, -32600),
        (PING | {"params": []}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, -32600),
    ],
)
def test_what_is_no_message_is_refused(agent: Agent, body: Any, code: int) -> None:
    assert error_of(agent.send(body)) == (400, code)


def test_a_body_is_bounded(agent: Agent) -> None:
    assert agent.send(b" " * (MAX_BODY_BYTES + 1)).status_code == 413


def test_batches_are_of_one_version_alone(agent: Agent) -> None:
    done = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    unknown = PING | {"id": "b", "method": "resources/list"}
    response = agent.send([PING, done, unknown, "x"])
    first, second, third = json.loads(response.content)
    assert (first["id"], first["result"]) == (1, {})
    assert (second["id"], second["error"]["code"]) == ("b", -32601)
    assert (third["id"], third["error"]["code"]) == (None, -32600)
    assert agent.send([done]).status_code == 202
    assert error_of(agent.send([PING] * 21)) == (400, -32600)
    for version in SUPPORTED:
        if version != WITH_BATCHES:
            response = agent.send([PING], MCP_Protocol_Version=version)
            assert error_of(response) == (400, -32600), version


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"MCP-Protocol-Version": "2025-11-25"}, -32601),
        ({"Mcp-Method": "tools/call"}, -32020),
        ({"Mcp-Method": ""}, -32020),
    ],
)
def test_headers_must_say_what_the_body_says(
    agent: Agent, headers: dict[str, str], code: int
) -> None:
    response = agent.ask("server/discover", None, **headers)
    assert json.loads(response.content)["error"]["code"] == code
    call = {"name": "count_jobs", "arguments": {}}
    assert error_of(agent.ask("tools/call", call, Mcp_Name="get_job")) == (400, -32020)
    encoded = agent.ask("tools/call", call, Mcp_Name="=?base64?Y291bnRfam9icw==?=")
    assert encoded.status_code == 200


def test_a_request_of_the_current_version_says_so_in_its_body(agent: Agent) -> None:
    assert error_of(agent.send(PING, MCP_Protocol_Version=MODERN)) == (400, -32602)


def test_unknown_methods_and_tools_have_the_protocols_errors(agent: Agent) -> None:
    assert error_of(agent.ask("resources/list")) == (404, -32601)
    assert error_of(agent.send(PING | {"method": "resources/list"})) == (200, -32601)
    assert error_of(agent.ask("tools/call", {"name": "delete_jobs"})) == (400, -32602)
    for params in ({"name": "count_jobs", "arguments": []}, {"name": "count_jobs", "arguments": 1}):
        assert error_of(agent.ask("tools/call", params)) == (400, -32602)


def test_without_its_slash_the_url_says_so(agent: Agent) -> None:
    response = agent._client.post(URL.rstrip("/"), PING, content_type="application/json")
    assert response.status_code == 404
    assert "URLs end with a slash" in json.loads(response.content)["detail"]


def test_get_and_delete_are_not_allowed(agent: Agent) -> None:
    for method in ("GET", "DELETE"):
        response = agent._client.generic(method, URL, headers=agent._headers)
        assert response.status_code == 405
        assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("role", ["anonymous", "operator", "admin"])
def test_only_a_token_is_let_in(as_role: Login, role: str) -> None:
    response = as_role(role).post(
        URL, PING, content_type="application/json", headers={"X-CSRFToken": "x"}
    )
    if role != "anonymous":  # its session is refused, with a valid proof too
        assert response.status_code in (401, 403)
    else:
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="jobs"'


def test_a_session_with_its_csrf_token_is_not_enough(as_role: Login) -> None:
    client = as_role("admin")
    client.get("/tokens/")
    token = client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    response = client.post(URL, PING, content_type="application/json", headers=headers)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="jobs"'


@pytest.mark.parametrize(
    ("scope", "status"), [(Scope.READ, 403), (Scope.AGENT, 200), (Scope.WRITE, 200)]
)
def test_the_scope_is_agent_or_more(login_mode: None, scope: Scope, status: int) -> None:
    assert Agent(make_token(scope=scope)).send(PING).status_code == status


def test_the_agent_of_a_viewer_has_the_tools_that_read(login_mode: None) -> None:
    agent = Agent(make_token(make_user("vera", Role.VIEWER), scope=Scope.AGENT))
    tools = json.loads(agent.ask("tools/list").content)["result"]["tools"]
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools)
    assert tools
    arguments = {"ids": [1], "status_type": "FAILED", "reason": "x"}
    assert agent.problem("set_status", **arguments)["code"] == "forbidden"


def test_open_mode_needs_no_token_and_refuses_pages_of_other_sites() -> None:
    assert Agent().send(PING).status_code == 200
    assert Agent().send(PING, Origin="http://testserver").status_code == 200
    assert Agent().send(PING, Origin="https://evil.example").status_code == 403
    assert Agent().send(PING, Sec_Fetch_Site="cross-site").status_code == 403


def test_a_page_of_another_site_is_refused(agent: Agent) -> None:
    response = agent.send(PING, Origin="https://evil.example")
    assert response.status_code == 403
    assert json.loads(response.content)["code"] == "cross_site"
