"""What README.md and the code both list is the same."""

import json
import re
import tomllib

from django.conf import settings

from jobs.api.document import openapi_document

README = (settings.BASE_DIR / "README.md").read_text()
ISLANDS = settings.BASE_DIR / "islands"
# They restrict what they import further: README.md says how.
BASE_ROOMS = {"api", "events", "dom", "storage", "composing", "modal"}


def rows(head: str) -> list[list[str]]:
    """The cells of the table with this head."""
    table = README.partition(f"{head}\n")[2].partition("\n\n")[0]
    assert table, head
    return [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]


def block(text: str) -> list[list[str]]:
    """The words of each line of the code block after the text."""
    found = re.search(rf"{re.escape(text)}\n\n```\n(.*?)```", README, re.DOTALL)
    assert found, text
    return [line.split() for line in found[1].splitlines()]


def test_the_table_of_requests_lists_every_operation_of_the_api() -> None:
    listed = set()
    for request, _ in rows("| Request | Response |"):
        methods = re.findall(r"[A-Z]{3,}", request)
        [path] = re.findall(r"/api/[^ `?]*", request)
        listed |= {(method, re.sub("<.*?>", "<id>", path)) for method in methods}
    offered = {
        (method.upper(), re.sub("{.*?}", "<id>", path))
        for path, methods in openapi_document()["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert listed == offered | {("GET", "/api/docs/")}


def test_the_order_of_the_python_rooms_is_the_one_that_is_enforced() -> None:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    [layers] = [each["layers"] for each in contracts if each.get("containers") == ["jobs"]]
    documented = block("the order, in [pyproject.toml](pyproject.toml) for Python:")
    assert documented == [layer.split(" | ") for layer in layers]


def test_the_order_of_the_typescript_rooms_is_the_one_that_is_enforced() -> None:
    lines = block("and in [biome.json](islands/biome.json) for TypeScript:")
    enforced = allowed_imports()
    assert len([room for line in lines for room in line if room not in BASE_ROOMS]) > 2
    for number, line in enumerate(lines):
        below = {room for lower in lines[number + 1 :] for room in lower}
        for room in line:
            assert (ISLANDS / "src" / room).is_dir() or (ISLANDS / "src" / f"{room}.ts").is_file()
            if room in BASE_ROOMS:
                assert enforced[room] <= below
            else:
                assert enforced[room] == below


def allowed_imports() -> dict[str, set[str]]:
    """By room, those that biome.json lets it import."""
    allowed = {}
    for override in json.loads((ISLANDS / "biome.json").read_text())["overrides"]:
        rule = override["linter"]["rules"]["style"]["noRestrictedImports"]
        if rule == "off":
            continue
        groups = rule["options"]["patterns"][0]["group"]
        rooms = {found[1] for group in groups if (found := re.match(r"!\.\.?/(\w+)", group))}
        for path in override["includes"]:
            allowed[re.sub(r"^src/|\.ts$|/\*\*$", "", path)] = rooms
    return allowed


def test_the_table_of_keys_has_no_key_that_does_nothing() -> None:
    used = {stroke for cells in rows("| Keys | | Keys | |") for stroke in strokes(" ".join(cells))}
    keymap = strokes((settings.BASE_DIR / "docs" / "keys.md").read_text())
    names = {"Esc": "Escape", "Ctrl": "Ctrl/⌘", "K": "k"}
    assert {names.get(stroke, stroke) for stroke in used} <= keymap


def strokes(text: str) -> set[str]:
    return set(re.findall("<kbd>(.+?)</kbd>", text))
