"""The browser and the system that a User-Agent names, as one tells them apart in a list. Anything can be sent."""

from typing import Final

# The first that occurs counts: Edge also says Chrome, and Chrome also says Safari.
BROWSERS: Final = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS: Final = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
MAX_LENGTH: Final = 60


def browser_text(user_agent: str) -> str:
    """`Firefox on Linux`; of a program, the beginning of what it sends; empty if it sends nothing."""
    browser = _first(BROWSERS, user_agent)
    if browser is None:
        visible = "".join(character for character in user_agent if character.isprintable())
        return visible[:MAX_LENGTH].strip()
    system = _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(names: dict[str, str], user_agent: str) -> str | None:
    return next((name for mark, name in names.items() if mark in user_agent), None)
