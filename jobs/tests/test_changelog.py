"""The changelog begins with the version that runs, and has each version once, in order."""

import re
import tomllib

from django.conf import settings

from jobs.version import VERSION

ENTRY = re.compile(r"^## (\d+)\.(\d+)\.(\d+) – (\d{4}-\d\d-\d\d)$", re.MULTILINE)


def test_the_newest_entry_is_the_version_that_runs() -> None:
    entries = ENTRY.findall((settings.BASE_DIR / "CHANGELOG.md").read_text())
    versions = [tuple(map(int, entry[:3])) for entry in entries]
    assert ".".join(map(str, versions[0])) == VERSION
    assert versions == sorted(set(versions), reverse=True)
    dates = [entry[3] for entry in entries]
    assert dates == sorted(dates, reverse=True)


def test_the_package_has_the_same_version() -> None:
    pyproject = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    assert pyproject["project"]["version"] == VERSION
