"""The served API does what its schema says: schemathesis asks it, by the schema alone."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

SECONDS = 900  # three quarters of a minute are usual, and more beside other work


def test_the_served_api_keeps_to_its_schema(base_url: str, tmp_path: Path) -> None:
    """All checks, bounded by the examples in project/schemathesis.toml; in a folder that may keep its notes."""
    config = settings.BASE_DIR / "project" / "schemathesis.toml"
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--no-color",
        "--config-file",
        config,
    ]
    command += ["run", f"{base_url}/api/schema/"]
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tested: " in done.stdout
