"""What runs in Docker can do no more than it needs."""

import re
from typing import Any

import pytest
import yaml

from project.local.paths import ROOT

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
    "services"
]
DATABASES = ["db", "db-test", "db-bench"]
SERVERS = ["web", "worker", "web-test", "worker-test", "web-bench", "bench"]


@pytest.mark.parametrize("name", [*DATABASES, *SERVERS])
def test_services_are_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108  # the container's own
    assert not service.keys() & {"privileged", "devices", "pid", "user", "userns_mode"}
    assert not [each for each in service.get("volumes", []) if each.startswith((".", "/"))]


@pytest.mark.parametrize("name", SERVERS)
def test_servers_have_no_capabilities(name: str) -> None:
    assert "cap_add" not in SERVICES[name]


@pytest.mark.parametrize("name", DATABASES)
def test_a_database_has_the_capabilities_to_become_its_own_user(name: str) -> None:
    assert set(SERVICES[name]["cap_add"]) == {
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "KILL",
        "SETGID",
        "SETUID",
    }


def test_the_image_runs_as_a_plain_user() -> None:
    [web] = re.findall(
        r"^FROM \S+ AS web\n(.*?)^FROM", (ROOT / "Dockerfile").read_text(), re.DOTALL | re.MULTILINE
    )
    assert re.findall(r"^USER (.+)$", web, re.MULTILINE) == ["app"]


def test_only_the_dashboard_is_published_and_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["${PUBLISHED_ON:-127.0.0.1}:${PORT:-8000}:8000"]}
