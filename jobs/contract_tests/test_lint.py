"""Linters report nothing about the served schema that is not explained here."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Final

from django.conf import settings

from jobs.contract_tests.tools import npm_tool, run, save_schema

RULES: Final = Path(settings.BASE_DIR, "jobs", "contract_tests", "clients", "spectral.yaml")
SLASH: Final = "All URLs end with a slash, as usual in Django; this is part of the contract."
OWNER: Final = (
    "Each dashboard has its own operator: the document cannot name a contact or a license."
)
UNUSED: Final = "See UNUSED_COMPONENTS."
# Errors that occur before a request reaches an operation belong to none; item types are referenced by `x-item-schema`.
UNUSED_COMPONENTS: Final = {
    "MethodNotAllowed",
    "URITooLong",
    "ExpectationFailed",
    "RequestHeaderFieldsTooLarge",
    "NotImplemented",
    "HTTPVersionNotSupported",
}
UNUSED_ITEMS: Final = {"Event", "ImportedJob"}
REDOCLY: Final = {
    "no-path-trailing-slash": SLASH,
    "info-license": OWNER,
    "no-unused-components": UNUSED,
    "no-ambiguous-paths": "`export` is not a job's id, which is an integer.",
}
SPECTRAL: Final = {
    "path-keys-no-trailing-slash": SLASH,
    "info-contact": OWNER,
    "oas3-unused-component": UNUSED,
}


def test_redocly_reports_nothing_unexplained(base_url: str, tmp_path: Path) -> None:
    save_schema(base_url, tmp_path)
    options = ["--extends=recommended-strict", "--format=json"]
    done = run([npm_tool("redocly"), "lint", "openapi.json", *options], tmp_path, (0, 1))
    found = defaultdict(set)
    for problem in json.loads(done.stdout)["problems"]:
        pointer = problem["location"][0]["pointer"]
        found[problem["ruleId"]].add(pointer.rpartition("/")[2])
    assert found.keys() == REDOCLY.keys(), dict(found)
    assert found["no-unused-components"] == UNUSED_COMPONENTS | UNUSED_ITEMS


def test_spectral_reports_nothing_unexplained(base_url: str, tmp_path: Path) -> None:
    save_schema(base_url, tmp_path)
    options = [f"--ruleset={RULES}", "--format=json", "--quiet"]
    done = run([npm_tool("spectral"), "lint", "openapi.json", *options], tmp_path, (0, 1))
    found = defaultdict(set)
    for problem in json.loads(done.stdout):
        found[problem["code"]].add(str(problem["path"][-1]))
    assert found.keys() == SPECTRAL.keys(), dict(found)
    assert found["oas3-unused-component"] == UNUSED_COMPONENTS
