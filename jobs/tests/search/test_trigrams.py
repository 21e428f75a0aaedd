"""Names in any script can be looked up in the trigram index, and `has_trigram` predicts which cannot be."""

from unicodedata import normalize

import pytest
from django.db import connection

from jobs.search.conditions import Criteria
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db


def test_names_in_every_script_have_trigrams() -> None:
    """Unless the LC_CTYPE of the database is C: see docs/deployment.md."""
    for word in ("οδος", "привет", "日本語"):
        [[trigrams]] = database_rows(f"SELECT show_trgm('{word}')")
        assert len(trigrams) == len(word) + 1


@pytest.mark.parametrize(
    "name",
    [
        *["turbine", "tu", "a1b", "5 mph", "--- ...", "²³¹", "½½½"],
        *[
            "οδος",
            "οδ",
            "ПРИВЕТ",
            "日本語",
            "日本",
            "한국어",
            normalize("NFD", "한"),
            "ไทย",
            "हिन्दी",
            "עברית",
            "العربية",
        ],
        *[
            "ﬁ",
            normalize("NFD", "éé"),
            "e\u0301\u0301\u0301",
            "İst",
            "ßa",
            "😀😀😀",
        ],
    ],
)
def test_has_trigram_agrees_with_the_trigram_index(name: str) -> None:
    """When forced, the index finds the one name, or returns all of them.

    Short words between others are looked up too, but usually without a gain: not tested here.
    """
    condition = Criteria((name,)).conditions[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE named ON COMMIT DROP AS SELECT job_name_key(%s) AS name_key",
            [f"({name})"],
        )
        cursor.execute("INSERT INTO named SELECT 'other ' || n FROM generate_series(1, 20) AS n")
        cursor.execute("CREATE INDEX named_trigrams ON named USING gin (name_key gin_trgm_ops)")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN (ANALYZE, FORMAT json) SELECT FROM named WHERE {condition.sql}",
            condition.params,
        )
        [[[explained]]] = cursor.fetchall()
    scan = explained["Plan"].get("Plans", [explained["Plan"]])[0]
    is_selective = scan.get("Index Name") == "named_trigrams" and scan["Actual Rows"] == 1
    assert is_selective == condition.is_indexed
