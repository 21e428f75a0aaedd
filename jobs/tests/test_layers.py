import pytest
from django.conf import settings
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_layers_import_only_lower_layers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(settings.BASE_DIR)
    status = lint_imports(no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
