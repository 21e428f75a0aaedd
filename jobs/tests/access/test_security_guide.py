"""Each promise of docs/security.md names a test that there is."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def test_the_named_tests_exist() -> None:
    guide = (ROOT / "docs" / "security.md").read_text()
    names = set(re.findall(r"`(test_\w+)`", guide))
    tests = "".join(path.read_text() for path in (ROOT / "jobs" / "tests").rglob("*.py"))
    assert len(names) > 10
    assert not [name for name in names if f"def {name}(" not in tests]
    paths = re.findall(r"`((?:jobs|project)/[\w/.]+)`", guide)
    assert not [path for path in paths if not (ROOT / path).exists()]
