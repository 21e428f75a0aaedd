import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def seven_days(settings: Settings) -> None:
    settings.TRASH_DAYS = 7
