"""Known vulnerabilities of what the lock files name, as the OSV database has them.

Without a connection to it, the check says so and passes: it must not depend on the network.
"""

import json
import re
import urllib.request
from collections.abc import Iterable
from typing import Any
from urllib.error import HTTPError

from project.local.paths import CLIENTS, ISLANDS, REQUIREMENTS

SERVICE = "https://api.osv.dev/v1/querybatch"
SECONDS = 15
BAD_REQUEST = 400
AT_ONCE = 1_000
"""The most that the service answers together."""
ACCEPTED: dict[str, str] = {}
"""By id, why an advisory does not concern the dashboard."""
PIN = re.compile(r"^([\w.-]+)==([^ ;\\]+)", re.MULTILINE)

Package = tuple[str, str, str]
"""Ecosystem, name and version."""


def locked() -> list[Package]:
    found: set[Package] = set()
    for lock in ("dev", "node", "ha"):
        text = (REQUIREMENTS / f"{lock}.txt").read_text()
        found |= {("PyPI", name, version) for name, version in PIN.findall(text)}
    for folder in (ISLANDS, CLIENTS):
        packages = json.loads((folder / "package-lock.json").read_text())["packages"]
        for path, package in packages.items():
            _, within, name = path.rpartition("node_modules/")
            if within and not package.get("link"):
                found.add(("npm", name, package["version"]))
    return sorted(found)


def check() -> tuple[bool, str]:
    """Whether nothing is known, or nothing could be asked; and what to show of it."""
    packages = locked()
    title = f"\n$ ask for advisories about {len(packages)} packages"
    try:
        found = [each for each in known(packages) if each[1] not in ACCEPTED]
    except HTTPError as error:
        return error.code != BAD_REQUEST, f"{title}\nNot checked: the service answers {error}."
    except (OSError, ValueError) as error:  # a proxy may answer instead
        return True, f"{title}\nNot checked: the service cannot be reached ({error})."
    lines = [f"{name} {version} ({ecosystem}): {id_}" for (ecosystem, name, version), id_ in found]
    return not found, "\n".join([title, *lines])


def known(packages: list[Package]) -> Iterable[tuple[Package, str]]:
    """Each package with the id of an advisory about it."""
    for start in range(0, len(packages), AT_ONCE):
        part = packages[start : start + AT_ONCE]
        queries = [
            {"package": {"ecosystem": ecosystem, "name": name}, "version": version}
            for ecosystem, name, version in part
        ]
        for package, result in zip(part, _ask(queries), strict=True):
            for advisory in result.get("vulns", ()):
                yield package, str(advisory["id"])


def _ask(queries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    body = json.dumps({"queries": queries}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(SERVICE, body, headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
        results: list[dict[str, Any]] = json.load(response)["results"]
        return results
