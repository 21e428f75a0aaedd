"""The files of docs/high-availability, filled in for the members of `make ha`."""

from pathlib import Path
from string import Template

import pytest
import yaml

from project.local.ha.layout import (
    ETCD,
    NODES,
    TEMPLATES,
    WEB,
    Layout,
    etcd_words,
    haproxy_cfg,
    passwords,
    patroni_yml,
)
from project.local.paths import ROOT


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path, 15_400, 8_100)


def test_no_two_members_share_a_port(layout: Layout) -> None:
    assert len(set(layout.ports)) == len(layout.ports)
    assert min(layout.ports) == 8_100


def test_each_node_knows_all_of_etcd_and_its_own_ports(layout: Layout, tmp_path: Path) -> None:
    secret = passwords(tmp_path)
    for node in NODES:
        settings = yaml.safe_load(patroni_yml(layout, node, secret, Path("/opt/bin")))
        assert settings["name"] == node
        assert settings["etcd3"]["hosts"] == [f"127.0.0.1:{layout.port(each)}" for each in ETCD]
        assert settings["postgresql"]["listen"] == f"127.0.0.1:{layout.port(node)}"
        assert (
            settings["postgresql"]["authentication"]["superuser"]["password"]
            == (secret["superuser"])
        )


def test_patroni_accepts_the_numbers_together(layout: Layout, tmp_path: Path) -> None:
    """It replaces a ttl that is shorter than this by one that is not."""
    dcs = yaml.safe_load(patroni_yml(layout, "node1", passwords(tmp_path), tmp_path))["bootstrap"][
        "dcs"
    ]
    assert dcs["ttl"] >= dcs["loop_wait"] + 2 * dcs["retry_timeout"]
    assert dcs["synchronous_mode"] == "quorum"
    assert dcs["postgresql"]["parameters"]["synchronous_commit"] == "on"


def test_its_settings_of_postgresql_are_those_of_the_dashboards_own_server(
    layout: Layout, tmp_path: Path
) -> None:
    settings = yaml.safe_load(patroni_yml(layout, "node1", passwords(tmp_path), tmp_path))
    parameters = settings["bootstrap"]["dcs"]["postgresql"]["parameters"]
    own = (ROOT / "project" / "local" / "postgresql.conf").read_text().splitlines()
    pairs = [line.split(" = ") for line in own if line and not line.startswith("#")]
    assert pairs
    for name, value in pairs:
        assert str(parameters[name]) == value, name


def test_haproxy_has_each_server_once(layout: Layout) -> None:
    text = haproxy_cfg(layout)
    for member in (*NODES, *WEB):
        assert text.count(f"server {member} 127.0.0.1:{layout.port(member)} check") == 1
    assert "$" not in text


def test_etcd_members_name_each_other(layout: Layout) -> None:
    for member in ETCD:
        words = [str(word) for word in etcd_words(layout, member)]
        [peers] = [word for word in words if word.startswith("--initial-cluster=")]
        assert peers.count("http://") == len(ETCD)
        assert f"{member}=http://127.0.0.1:{layout.peer_port(member)}" in peers


def test_a_placeholder_without_a_value_is_an_error() -> None:
    for file in ("patroni.yml", "haproxy.cfg"):
        text = (TEMPLATES / file).read_text().replace("${…}", "")
        with pytest.raises(KeyError):
            Template(text).substitute({})


def test_passwords_are_private_and_kept(tmp_path: Path) -> None:
    first = passwords(tmp_path)
    assert passwords(tmp_path) == first
    assert len(set(first.values())) == len(first)
    assert (tmp_path / "passwords.json").stat().st_mode & 0o077 == 0
