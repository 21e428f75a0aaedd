"""An agent, as its client sends requests."""

import json
from typing import Any

import pytest
from django.test import Client

from jobs.access.principal import Scope
from jobs.access.tokens.changes import NewToken
from jobs.mcp.protocol import CAPABILITIES_KEY, MODERN, VERSION_KEY
from jobs.tests.access.conftest import as_role, login_mode, user  # noqa: F401  # fixtures
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.operations.conftest import no_operations  # noqa: F401  # a fixture
from jobs.tests.proposals.conftest import no_proposals  # noqa: F401  # a fixture

URL = "/mcp/"


class Agent:
    """With a token, or without one as in open mode."""

    def __init__(self, token: NewToken | None = None) -> None:
        self._client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self._headers = {"Authorization": f"Bearer {token.text}"} if token else {}

    def send(self, content: Any, **headers: str) -> Any:
        """The response to a body."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.generic(
            "POST",
            URL,
            data,
            content_type="application/json",
            headers={"Accept": "application/json, text/event-stream"} | self._headers | headers,
        )

    def ask(self, method: str, params: dict[str, Any] | None = None, **headers: str) -> Any:
        """The response to a request of the current version."""
        meta = {VERSION_KEY: MODERN, CAPABILITIES_KEY: {}}
        params = {"_meta": meta} | (params or {})
        named = {"Mcp-Name": params["name"]} if "name" in params else {}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        own = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method, **named}
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(message, **(own | headers))

    def call(self, tool: str, **arguments: Any) -> tuple[bool, dict[str, Any]]:
        """Whether the tool failed, and its structured content."""
        response = self.ask("tools/call", {"name": tool, "arguments": arguments})
        assert response.status_code == 200, response.content
        result = json.loads(response.content)["result"]
        assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
        return result["isError"], result["structuredContent"]

    def result(self, tool: str, **arguments: Any) -> dict[str, Any]:
        is_error, content = self.call(tool, **arguments)
        assert not is_error, content
        return content

    def problem(self, tool: str, **arguments: Any) -> dict[str, Any]:
        is_error, content = self.call(tool, **arguments)
        assert is_error, content
        return content


def error_of(response: Any) -> tuple[int, int]:
    """The status of the response, and the code of the protocol's error."""
    return response.status_code, json.loads(response.content)["error"]["code"]


@pytest.fixture
def agent(login_mode: None) -> Agent:  # noqa: F811  # the fixture
    """The agent of the operator otto."""
    return Agent(make_token(make_user("otto"), name="Nightly agent", scope=Scope.AGENT))
