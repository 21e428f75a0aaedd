import pytest

from jobs.feed_cursor import Cursor, MalformedCursor


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor("0a1b2c3d", 52_117, 8_204)
    assert str(cursor) == "0a1b2c3d-52117-8204"
    assert Cursor.parse(str(cursor)) == cursor


def test_later_events_have_larger_positions() -> None:
    first, second, third = Cursor("f" * 8, 9, 9), Cursor("0" * 8, 9, 10), Cursor("0" * 8, 10, 1)
    assert first.position < second.position < third.position


@pytest.mark.parametrize("text", ["", "start", "0a1b2c3d-1", "0a1b2c3d-1-1-1", "0A1B2C3D-1-1"])
def test_other_text_is_malformed(text: str) -> None:
    with pytest.raises(MalformedCursor):
        Cursor.parse(text)
