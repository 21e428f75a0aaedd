"""The commands of docs/api.md, run verbatim and in order, print what the guide shows."""

import os
import re
import subprocess
from itertools import pairwise
from pathlib import Path

from django.conf import settings

GUIDE = Path(settings.BASE_DIR, "docs", "api.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)
MARK = "--- the next block ---"
# What differs between runs: ids and timestamps.
VARIES = [
    (r'("id": ?)\d+', r"\1N"),
    (r'("behind_seconds": ?)[\d.]+', r"\1N"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", "TIMESTAMP"),
]


def steps() -> list[tuple[str, str]]:
    """Each block of commands with the output shown below it, or an empty string."""
    blocks = [*BLOCK.findall(GUIDE.read_text()), ("sh", "")]
    return [
        (text, shown if kind != "sh" else "")
        for (language, text), (kind, shown) in pairwise(blocks)
        if language == "sh"
    ]


def normalized(text: str) -> str:
    for pattern, replacement in VARIES:
        text = re.sub(pattern, replacement, text)
    return text.strip()


def test_the_commands_print_what_the_guide_shows(base_url: str, tmp_path: Path) -> None:
    documented = steps()
    assert len(documented) > 10
    script = f"\necho; echo '{MARK}'\n".join(commands for commands, _ in documented)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "API": f"{base_url}/api", "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for (commands, shown), printed in zip(documented, done.stdout.split(MARK), strict=True):
        assert normalized(printed) == normalized(shown), commands
