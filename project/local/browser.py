"""A browser for the tests: an installed one that starts, else a downloaded one."""

import os
import shutil
import subprocess
from pathlib import Path

from project.local.environment import apt_install, python
from project.local.terminal import UserError, run, say

VARIABLE = "JOBS_CHROMIUM"
FIREFOX_VARIABLE = "JOBS_FIREFOX"
# The headless shell renders the same pages in two thirds of the CPU time: it has no window around them.
HEADLESS_SHELL = "chromium-headless-shell"
NAMES = (HEADLESS_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
DOWNLOAD_SECONDS = 240
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright as start\n"
    "with start() as playwright: print(playwright.chromium.executable_path)"
)


def ensure() -> str:
    """The path of a Chromium that starts on this machine; installs one if there is none."""
    if chosen := os.environ.get(VARIABLE, "").strip():
        if not _starts(chosen):
            raise UserError(f"{VARIABLE}={chosen} does not start.")
        return chosen
    if found := _find():
        return found
    say("Installing a browser for the tests …")
    for install in (_install_with_playwright, _install_with_apt):
        try:
            install()
        except UserError as error:
            say(f"  {error}")
        if found := _find():
            return found
    raise UserError(
        f"No Chromium was found, and none could be installed. Set {VARIABLE}=/path/to/chromium."
    )


def ensure_firefox() -> str:
    """The path of a Firefox that starts; installs Debian's if there is none and this is root."""
    names = (os.environ.get(FIREFOX_VARIABLE, "").strip(), "firefox-esr", "firefox")
    for install in (None, _install_firefox):
        if install:
            install()
        found = (path for name in names if name and (path := shutil.which(name)))
        if firefox := next(filter(_starts, found), None):
            return firefox
    raise UserError(
        f"No Firefox was found. Install firefox-esr, or set {FIREFOX_VARIABLE}=/path/to/firefox."
    )


def _install_firefox() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Firefox for the tests …")
        apt_install("firefox-esr")


def _find() -> str | None:
    asked = subprocess.run(
        [python(), "-c", ASK_PLAYWRIGHT], check=False, capture_output=True, text=True
    )
    shell, *others = (shutil.which(name) or "" for name in NAMES)
    candidates = [shell, asked.stdout.strip(), *others, str(MAC)]
    return next((path for path in candidates if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Whether it runs: a downloaded browser may lack system libraries."""
    try:
        return (
            subprocess.run(
                [path, "--version"], check=False, capture_output=True, timeout=60
            ).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install_with_playwright() -> None:
    run(
        [python(), "-m", "playwright", "install", "chromium"],
        failure="Playwright's own browser could not be downloaded",
        timeout=DOWNLOAD_SECONDS,
    )


def _install_with_apt() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    try:
        apt_install(HEADLESS_SHELL)
    except UserError:  # not every distribution has this package
        apt_install("chromium")
