"""PostgreSQL's memory settings, with and without Docker."""

import re
import subprocess
from pathlib import Path

import pytest

from project.local import memory
from project.local.paths import ROOT


def test_shared_buffers_stay_within_bounds() -> None:
    buffers = int(memory.settings()["shared_buffers"].removesuffix("MB"))
    assert 256 <= buffers <= 2048


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="the image runs on Linux")
def test_the_database_image_has_the_same_memory_settings() -> None:
    script = (ROOT / "project" / "docker" / "db").read_text()
    [lines] = re.findall(r"(?ms)^megabytes=.*?^settings\+=.*?$", script)
    words = ["bash", "-euc", f'settings=()\n{lines}\nprintf "%s\\n" "${{settings[@]}}"']
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    assert printed[1::2] == [f"{name}={value}" for name, value in memory.settings().items()]
