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
PROXIES = ["tls"]
SERVERS = ["web", "worker", "web-test", "worker-test", "web-bench", "bench"]


@pytest.mark.parametrize("name", [*DATABASES, *SERVERS, *PROXIES])
def test_services_are_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108  # the container's own
    assert not service.keys() & {"privileged", "devices", "pid", "user", "userns_mode"}
    assert not [each for each in service.get("volumes", []) if each.startswith((".", "/"))]


@pytest.mark.parametrize("name", [*SERVERS, *PROXIES])
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


@pytest.mark.parametrize("image", ["web", "tls"])
def test_the_images_run_as_a_plain_user(image: str) -> None:
    text = (ROOT / "Dockerfile").read_text()
    [web] = re.findall(rf"^FROM \S+ AS {image}\n(.*?)^FROM", text, re.DOTALL | re.MULTILINE)
    assert re.findall(r"^USER (.+)$", web, re.MULTILINE) == ["app"]


def test_only_the_dashboard_is_published_and_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "web": ["${PUBLISHED_ON:-127.0.0.1}:${PORT:-8000}:8000"],
        "tls": [
            "${TLS_ON:-127.0.0.1}:${TLS_PORT:-8443}:8443",
            "${TLS_ON:-127.0.0.1}:${TLS_HTTP_PORT:-8080}:8080",
        ],
    }
    assert SERVICES["tls"]["profiles"] == ["tls"]
