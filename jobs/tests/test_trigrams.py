"""Names in every script are looked up in the trigram index, and it is known beforehand which of them cannot be."""

from unicodedata import normalize

import pytest
from django.db import connection

from jobs.criteria import Criteria
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db


def test_names_in_every_script_have_trigrams() -> None:
    """Not where the database's LC_CTYPE is C: docs/deployment.md."""
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
def test_it_is_known_whether_the_trigram_index_can_look_a_name_up(name: str) -> None:
    """Told to use it, the index finds the one name, or hands out all of them.

    Short words between others are looked up too, but in vain as a rule: not asked here.
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
    is_looked_up = scan.get("Index Name") == "named_trigrams" and scan["Actual Rows"] == 1
    assert is_looked_up == condition.is_indexed
