"""What runs where: the members, their ports, folders and passwords."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from project.local import memory
from project.local.paths import ROOT

HOST: Final = "127.0.0.1"
NODES: Final = ("node1", "node2", "node3")
ETCD: Final = ("etcd1", "etcd2", "etcd3")
WEB: Final = ("web1", "web2")
WORKERS: Final = ("worker1", "worker2")
TEMPLATES: Final = ROOT / "docs" / "high-availability"
FIRST_PORT: Final = 15_400
SECRETS: Final = ("superuser", "replication", "application", "key")


@dataclass(frozen=True)
class Layout:
    """`folder` is private. Ports follow each other from `first_port` on; `web_port` is the one to open."""

    folder: Path
    first_port: int
    web_port: int

    def port(self, member: str) -> int:
        """Of PostgreSQL, of an etcd member's clients, or of a web server."""
        members = (*NODES, *ETCD, *WEB)
        return self.first_port + members.index(member)

    def rest_port(self, node: str) -> int:
        return self.first_port + 20 + NODES.index(node)

    def peer_port(self, member: str) -> int:
        return self.first_port + 30 + ETCD.index(member)

    @property
    def primary_port(self) -> int:
        """HAProxy's, which leads to the primary."""
        return self.first_port + 40

    @property
    def ports(self) -> list[int]:
        members = [self.port(member) for member in (*NODES, *ETCD, *WEB)]
        rest = [self.rest_port(node) for node in NODES]
        peers = [self.peer_port(member) for member in ETCD]
        return [*members, *rest, *peers, self.primary_port, self.web_port]

    def data(self, node: str) -> Path:
        return self.folder / node / "data"

    def record(self, member: str) -> Path:
        return self.folder / f"{member}.json"

    def log(self, member: str) -> Path:
        return self.folder / f"{member}.log"

    def url(self, passwords: dict[str, str], database: str = "jobs") -> str:
        """Of the primary, for the dashboard."""
        return f"postgresql://jobs_web:{passwords['application']}@{HOST}:{self.primary_port}/{database}"

    def superuser(self, passwords: dict[str, str], port: int, database: str = "jobs") -> str:
        return f"postgresql://postgres:{passwords['superuser']}@{HOST}:{port}/{database}"


def passwords(folder: Path) -> dict[str, str]:
    """Drawn once, and kept in the private folder."""
    file = folder / "passwords.json"
    if not file.exists():
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({name: secrets.token_urlsafe(32) for name in SECRETS}))
        draft.rename(file)
    found: dict[str, str] = json.loads(file.read_text())
    return found


def patroni_yml(layout: Layout, node: str, secret: dict[str, str], binaries: Path) -> str:
    return _filled(
        "patroni.yml",
        name=node,
        host=HOST,
        network=f"{HOST}/32",
        port=layout.port(node),
        rest_port=layout.rest_port(node),
        etcd_hosts=", ".join(f"{HOST}:{layout.port(member)}" for member in ETCD),
        # Three servers share the machine.
        shared_buffers=f"{max(memory.available() // memory.MEGABYTE // 16, 128)}MB",
        bin_dir=binaries,
        data_dir=layout.data(node),
        pgpass=layout.folder / node / "pgpass",
        superuser_password=secret["superuser"],
        replication_password=secret["replication"],
        watchdog="off",
    )


def haproxy_cfg(layout: Layout) -> str:
    nodes = [
        f"    server {node} {HOST}:{layout.port(node)} check port {layout.rest_port(node)}"
        for node in NODES
    ]
    servers = [f"    server {name} {HOST}:{layout.port(name)} check" for name in WEB]
    return _filled(
        "haproxy.cfg",
        host=HOST,
        primary_port=layout.primary_port,
        web_port=layout.web_port,
        web_host=HOST,
        socket=layout.folder / "haproxy.sock",
        primary_servers="\n".join(nodes),
        web_servers="\n".join(servers),
    )


def etcd_words(layout: Layout, member: str) -> Sequence[str | Path]:
    """The options of an etcd member, as docs/high-availability.md has them."""
    client = f"http://{HOST}:{layout.port(member)}"
    peer = f"http://{HOST}:{layout.peer_port(member)}"
    peers = ",".join(f"{each}=http://{HOST}:{layout.peer_port(each)}" for each in ETCD)
    return [
        f"--name={member}",
        f"--data-dir={layout.folder / member}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster={peers}",
        "--initial-cluster-token=jobs",
        "--heartbeat-interval=200",
        "--election-timeout=2000",
    ]


def _filled(template: str, **values: object) -> str:
    """Raises KeyError for a placeholder without a value."""
    text = (TEMPLATES / template).read_text(encoding="utf-8").replace("${…}", "")
    return Template(text).substitute({key: str(value) for key, value in values.items()})
