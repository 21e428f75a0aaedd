from collections.abc import Callable

import pytest

from jobs.access.rates import limit, shared

Pass = Callable[[float], None]


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Counters that are all empty, and a clock that stands still between calls of the fixture, with seconds."""
    for name in ("TOKENS", "USERS", "ADDRESSES"):
        monkeypatch.setattr(shared, name, memoryview(bytearray(8 * shared.SLOTS)).cast("Q"))
    now = 10**15

    def forward(seconds: float) -> None:
        nonlocal now
        now += round(seconds * limit.SECOND)

    monkeypatch.setattr(limit, "monotonic_ns", lambda: now)
    return forward
