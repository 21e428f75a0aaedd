"""The test suites: which of them run, and what is reported."""

import sys
from collections.abc import Callable

import pytest

from project.local import suites
from project.local.suites import Suite
from project.local.terminal import UserError


def suite_printing(text: str, status: int = 0) -> Callable[[], Suite]:
    script = f"print({text!r}); raise SystemExit({status})"
    return lambda: Suite([sys.executable, "-c", script])


def blocked() -> Suite:
    raise UserError("No browser was found.")


def test_every_suite_runs_and_one_failure_fails_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = suite_printing("== 2 passed, 1 skipped in 0.10s ==")
    prepare = {
        "backend": suite_printing("== 1 failed in 0.10s ==", status=1),
        "components": good,
        "browser": blocked,
        "contract": good,
    }
    monkeypatch.setenv("SUITES", "")
    assert suites.run_all(prepare) == 1
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "FAILED  backend     == 1 failed in 0.10s ==",
        "passed  components  == 2 passed, 1 skipped in 0.10s ==",
        "FAILED  browser     No browser was found.",
        "passed  contract    == 2 passed, 1 skipped in 0.10s ==",
    ]


def test_runs_only_the_suites_that_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare = {name: suite_printing(f"running {name}") for name in suites.NAMES}
    monkeypatch.setenv("SUITES", "contract, components")
    assert suites.run_all({**prepare, "browser": blocked}) == 0
    ran = [line for line in capsys.readouterr().out.splitlines() if line.startswith("running")]
    assert ran == ["running components", "running contract"]


def test_firefox_and_faults_are_tested_only_if_they_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUITES", "")
    assert suites.chosen() == ["backend", "components", "browser", "contract"]
    monkeypatch.setenv("SUITES", "faults,firefox")
    assert suites.chosen() == ["firefox", "faults"]


def test_rejects_a_suite_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUITES", "backend,brwser")
    with pytest.raises(UserError, match="No suite is called brwser"):
        suites.chosen()


@pytest.mark.parametrize(
    "line",
    [
        "===== 12 passed in 3.21s =====",
        "1 failed, 3 passed, 2 warnings in 61.00s (0:01:01)",
        "==== no tests ran in 0.04s ====",
        "Tests  80 passed (80)",
    ],
)
def test_recognizes_summary_lines(line: str) -> None:
    assert suites.SUMMARY_LINE.match(line)
