"""Firefox instead of Chromium."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
FIREFOXES = ("firefox-esr", "firefox")
# Without animations, as in Chromium; and with a mouse, which a headless Firefox lacks: 2 is precise, 4 can hover
PREFERENCES = {
    "ui.prefersReducedMotion": 1,
    "ui.primaryPointerCapabilities": 6,
    "ui.allPointerCapabilities": 6,
}


@pytest.fixture(scope="session")
def browser_type_launch_args(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Playwright starts one executable, so the relay gets one that knows this interpreter."""
    firefox = os.environ.get("JOBS_FIREFOX") or next(filter(None, map(shutil.which, FIREFOXES)), "")
    if not firefox:
        pytest.skip("Firefox is not installed. On Debian: apt-get install firefox-esr")
    launcher = tmp_path_factory.mktemp("firefox") / "firefox"
    launcher.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m jobs.browser_tests.firefox.relay "$@"\n'
    )
    launcher.chmod(0o700)
    return {
        "channel": "moz-firefox",
        "executable_path": str(launcher),
        "firefox_user_prefs": PREFERENCES,
        "env": {**os.environ, "JOBS_FIREFOX": firefox, "PYTHONPATH": str(ROOT)},
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "reduced_motion": "null", "color_scheme": "null"}
