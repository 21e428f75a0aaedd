import pkgutil
import tomllib

import pytest
from django.conf import settings
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import jobs

NO_ROOMS = {
    "browser_tests",
    "contract_tests",
    "failover_tests",
    "fault_tests",
    "migrations",
    "proxy_tests",
    "tests",
}
# The rooms that each contract leaves out
EXEMPT = {
    "Only the API and the pages know DRF, django-tables2 and django-htmx": {
        "api",
        "benchmark",
        "management",
        "mcp",
        "pages",
        "reference",
        "templatetags",
    },
    "The app does not know the project around it": {"benchmark"},
}


def test_layers_import_only_lower_layers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(settings.BASE_DIR)
    status = lint_imports(no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_room_is_in_the_contracts_that_list_rooms() -> None:
    rooms = {module.name for module in pkgutil.iter_modules(jobs.__path__)} - NO_ROOMS
    pyproject = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    listed = {c["name"]: set(c["source_modules"]) for c in contracts if c["type"] == "forbidden"}
    assert listed == {
        name: {f"jobs.{room}" for room in rooms - exempt} for name, exempt in EXEMPT.items()
    }
