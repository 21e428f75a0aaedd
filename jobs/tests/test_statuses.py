"""The sprite, the style sheets, the islands and the keys know the statuses of StatusType, and no others."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.activity import Bucket
from jobs.pages.chart import chart
from jobs.pages.chart_options import ChartOptions
from jobs.statuses import StatusType

ROOT = Path(__file__).parents[2]
SPRITE = ROOT / "templates/components/sprite.html"
STYLES = ROOT / "project/static/css"
ISLANDS = ROOT / "islands/src"
# The files that name most of the statuses, other than tests, benchmarks and migrations.
LISTS = {
    "jobs/statuses.py",
    # operations have states of their own, with names like these
    "jobs/api/operations/schema.py",
    "jobs/operations/rows.py",
    "jobs/pages/operation_words.py",
    # for each, which time counts
    "jobs/listing/durations.py",
    "jobs/api/openapi/examples.py",
    "jobs/seeding/generator.py",
    "islands/src/api/statuses.ts",
    "islands/src/api/schema.d.ts",
    "project/static/css/tokens.css",
    "templates/components/sprite.html",
}
NOT_READ = re.compile(r"tests/|migrations/|benchmark/|testing/|\.test\.")


def tokens() -> str:
    return (STYLES / "tokens.css").read_text()


def declarations(status: str) -> dict[str, str]:
    """The custom properties that tokens.css sets for a status."""
    [rule] = re.findall(rf'^\[data-status="{status}"\]\s*\{{(.*)\}}$', tokens(), re.MULTILINE)
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", rule))


def table_of_islands() -> dict[str, dict[str, str]]:
    """The literal in islands/src/api/statuses.ts."""
    source = (ISLANDS / "api/statuses.ts").read_text()
    literal = source.partition("STATUSES = {")[2].partition("} as const")[0]
    return {
        status: dict(re.findall(r'(\w+): "([^"]*)"', fields))
        for status, fields in re.findall(r"(\w+): \{([^}]*)\}", literal)
    }


def test_the_sprite_has_an_icon_for_each_status() -> None:
    symbols = re.findall(r'<symbol id="(status-\w+)"', SPRITE.read_text())
    assert sorted(symbols) == sorted(status.icon for status in StatusType)


def test_no_template_borrows_the_icon_of_a_status() -> None:
    icon = re.compile("|".join(status.icon for status in StatusType))
    templates = [path for path in (ROOT / "templates").rglob("*.html") if path != SPRITE]
    assert templates
    assert [path.name for path in templates if icon.search(path.read_text())] == []


def test_the_style_sheets_color_each_status() -> None:
    assert set(re.findall(r'^\[data-status="(\w+)"\]', tokens(), re.MULTILINE)) == {*StatusType}
    for status in StatusType:
        declared = declarations(status)
        assert declared == {"--tone": f"var(--{status.traits.tone})"}


@pytest.mark.parametrize("status", StatusType)
def test_the_color_of_each_status_is_defined_for_light_and_dark_pages(status: StatusType) -> None:
    definition = rf"^  --{status.traits.tone}:\s+light-dark\(oklch\([^)]+\),\s+oklch\([^)]+\)\);$"
    assert len(re.findall(definition, tokens(), re.MULTILINE)) == 1


def test_style_sheets_name_no_other_status() -> None:
    styles = "".join(path.read_text() for path in STYLES.glob("*.css"))
    assert set(re.findall(r'data-status="(\w+)"', styles)) <= {*StatusType}


def test_islands_have_the_labels_and_icons_in_the_same_order() -> None:
    theirs = [(name, row["label"], row["icon"]) for name, row in table_of_islands().items()]
    assert theirs == [(status, status.label, status.icon) for status in StatusType]


def test_each_status_has_documented_keys() -> None:
    page = (ROOT / "docs/keys.md").read_text()
    for status, row in table_of_islands().items():
        key, label = f"<kbd>{row['key']}</kbd>", StatusType(status).label
        assert f"| {key} | Set to {label} |" in page
        assert f"| <kbd>g</kbd> then {key} | {label} jobs |" in page
    assert page.count("| Set to ") == len(StatusType)


def test_each_word_suggests_one_status() -> None:
    words = [word for status in StatusType for word in status.traits.synonyms]
    words += [status.lower() for status in StatusType]
    assert len(set(words)) == len(words)
    assert words == [word.lower() for word in words]


@pytest.mark.parametrize("status", StatusType)
def test_the_chart_draws_and_counts_each_status(status: StatusType) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    buckets = [Bucket(start, start + timedelta(minutes=15), {status: 7})]
    drawn = chart(ChartOptions("day", "chart"), buckets)
    assert len(drawn["bars"]) == 1
    assert drawn["current"]["words"] == f"7 to {status.label}"
    assert drawn["rows"].count("<td>") == len(StatusType)


def test_no_other_file_lists_the_statuses() -> None:
    folders = ("jobs", "islands/src", "project", "templates")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    found = {
        str(path.relative_to(ROOT))
        for path in paths
        if path.suffix in {".py", ".sql", ".ts", ".tsx", ".html", ".css"}
        and not NOT_READ.search(str(path.relative_to(ROOT)))
        and sum(status in path.read_text() for status in StatusType) > 2
    }
    assert found == LISTS
