"""The example for Kubernetes uses commands, settings and URLs that exist. It is run in no cluster."""

import importlib.util
from typing import Any

import yaml
from django.urls import resolve

from jobs.version import VERSION
from project.local import configuration
from project.local.paths import ROOT

RUNTIME = {"DATABASE_URL", "SECRET_KEY", "TMPDIR", "WEB_BIND"}


def test_the_example_uses_what_there_is() -> None:
    documents = list(yaml.safe_load_all((ROOT / "docs" / "kubernetes.yaml").read_text()))
    by_kind = {(each["kind"], each["metadata"]["name"]): each for each in documents}
    settings = set(by_kind["ConfigMap", "job-dashboard"]["data"])
    containers: list[dict[str, Any]] = []
    for kind, name in by_kind:
        if kind == "Deployment":
            pod = by_kind[kind, name]["spec"]["template"]["spec"]
            containers += [*pod.get("initContainers", []), *pod["containers"]]
            assert pod["securityContext"]["runAsNonRoot"] is True
    settings |= {each["name"] for container in containers for each in container.get("env", [])}
    assert settings <= {*configuration.NAMES, *RUNTIME}
    for container in containers:
        assert container["image"].endswith(f":{VERSION}")
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        if command := container.get("command"):
            assert command[:2] == ["python", "-m"]
            assert importlib.util.find_spec(command[2])
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if get := container.get(probe, {}).get("httpGet"):
                assert resolve(get["path"]).url_name in {"live", "ready"}
