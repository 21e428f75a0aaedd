"""The official client against the served dashboard: it negotiates, and validates what the tools return."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import anyio
import httpx2
import pytest
from django.conf import settings
from mcp import MCPError
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from jobs.access.principal import Scope
from jobs.access.tokens.changes import NewToken
from jobs.mcp.protocol import HANDSHAKE, MODERN
from jobs.mcp.server import TOOLS
from jobs.tests.access.tokens.conftest import make_token, make_user
from jobs.tests.factories import database_rows, fill, history_of
from jobs.tests.served import Server, served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_proposals")]


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path, ACCESS="login", SECRET_KEY=settings.SECRET_KEY) as server:
        yield server


async def use_every_tool(
    server: Server, token: NewToken, mode: Literal["auto", "legacy"], job_id: int
) -> tuple[str, dict[str, Any]]:
    """The version that was negotiated, and the structured content of each tool's result."""
    calls: dict[str, dict[str, Any]] = {
        "search_jobs": {"q": "wing", "page_size": 2},
        "get_job": {"id": job_id},
        "count_jobs": {"status": ["PENDING"]},
        "explain_search": {"q": "wing"},
        "set_status": {"ids": [job_id, 10**9], "status_type": "FAILED", "reason": "dead"},
        "propose_operation": {"action": "delete", "ids": [job_id], "reason": "Left over"},
        "list_operations": {},
        "get_operation": {"id": 10**9},
    }
    headers = {"Authorization": f"Bearer {token.text}"}
    results = {}
    async with httpx2.AsyncClient(headers=headers) as http:
        url = f"http://127.0.0.1:{server.port}/mcp/"
        async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
            listed = await client.list_tools()
            assert [tool.name for tool in listed.tools] == list(TOOLS)
            for name, arguments in calls.items():
                result = await client.call_tool(name, arguments)
                results[name] = result.structured_content
            proposal_id = results["propose_operation"]["proposal"]["id"]
            result = await client.call_tool("get_proposal", {"id": proposal_id})
            results["get_proposal"] = result.structured_content
            with pytest.raises(MCPError, match="Unknown tool"):
                await client.call_tool("delete_jobs", {})
            return client.protocol_version, results


@pytest.mark.parametrize(("mode", "version"), [("auto", MODERN), ("legacy", HANDSHAKE[0])])
def test_the_official_client_lists_and_calls_the_tools(
    server: Server, mode: Literal["auto", "legacy"], version: str
) -> None:
    [job_id, *_] = fill(3, name="Wing")
    token = make_token(make_user("otto"), scope=Scope.AGENT)
    negotiated, results = anyio.run(use_every_tool, server, token, mode, job_id)
    assert negotiated == version
    assert results["search_jobs"]["count"] == 3
    assert [each["status"] for each in results["set_status"]["results"]] == [200, 404]
    assert results["get_operation"]["code"] == "operation_not_found"
    assert results["get_proposal"]["proposal"]["state"] == "open"
    assert history_of(job_id) == ["PENDING", "FAILED"]
    assert database_rows("SELECT count(*) FROM operation") == [(0,)]
    assert "jobs.mcp: token=" in server.log.read_text()
