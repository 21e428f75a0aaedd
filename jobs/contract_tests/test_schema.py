"""The served API conforms to its schema: schemathesis tests it using only the schema."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

SECONDS = 900  # it usually takes 45 seconds, and more under load


def test_the_served_api_conforms_to_its_schema(base_url: str, tmp_path: Path) -> None:
    """Runs all checks, with the number of examples in project/schemathesis.toml, in a folder for its files."""
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
