"""Finds a browser: JOBS_CHROMIUM, or Playwright's own, or an installed one."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

CHROMIUMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def launch_options(playwright: Playwright, args: Sequence[str] = ()) -> dict[str, Any]:
    own = playwright.chromium.executable_path
    chromium = os.environ.get("JOBS_CHROMIUM") or (own if Path(own).exists() else None)
    chromium = chromium or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": chromium, "args": [*args, *root]}
