"""A search finds the same, in the same order, whichever of its two steps answers."""

import pytest
from django.db import connection
from django.db.models.functions import Lower
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from jobs import searching
from jobs.filters import ORDERINGS, JobFilter
from jobs.models import Job
from jobs.searching import has_trigram
from jobs.tests.factories import database_rows

pytestmark = pytest.mark.django_db

JOBS = """
    INSERT INTO job (name, current_status, created_at, updated_at)
    SELECT
        CASE WHEN n % 3 = 0 THEN 'Common ' ELSE 'Other ' END || n % 50
            || CASE WHEN n > 1950 THEN ' Legacy' ELSE '' END,
        (ARRAY['COMPLETED', 'FAILED', 'PENDING', 'RUNNING'])[1 + n % 4],
        now() - n / 3 * interval '1 minute',
        now() - (n * 7919 % 2000) * interval '1 minute'
    FROM generate_series(1, 2000) AS n
"""


@pytest.fixture(params=[3, 100, 20_000], ids="walk {}".format)
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand jobs, and walks that see few of them, a part, or all."""
    monkeypatch.setattr(searching, "WALK", request.param)
    database_rows(JOBS)


def walked_through(query: str) -> list[int]:
    """The ids of all pages, forwards; each page read a second time backwards must be the same."""
    ids: list[int] = []
    cursor: str | None = None
    while True:
        at = f"{query}&cursor={cursor}" if cursor else query
        page = JobFilter.parse(QueryDict(at)).page()
        ids += [row.id for row in page.rows]
        if page.next is None:
            return ids
        following = JobFilter.parse(QueryDict(f"{query}&cursor={page.next}")).page()
        back = JobFilter.parse(QueryDict(f"{query}&cursor={following.previous}")).page()
        assert back.rows == page.rows
        cursor = page.next


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize(
    ("term", "statuses"),
    [("common", []), ("LEGACY", []), ("egac", ["FAILED"]), ("other 7", ["RUNNING", "PENDING"])],
)
def test_pages_of_a_search_are_the_whole_search(
    ordering: str, term: str, statuses: list[str]
) -> None:
    expected = Job.objects.annotate(name_key=Lower("name")).filter(name__icontains=term)
    if statuses:
        expected = expected.filter(current_status__in=statuses)
    in_order = ORDERINGS[ordering].sort(expected, backwards=False)
    query = "&".join([f"search={term}", f"ordering={ordering}", "page_size=40"])
    query += "".join(f"&status={status}" for status in statuses)
    assert walked_through(query) == list(in_order.values_list("id", flat=True))


@pytest.mark.usefixtures("jobs")
def test_a_search_is_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        JobFilter.parse(QueryDict("search=legacy&status=FAILED&status=RUNNING")).page()
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("term", "served"),
    [("abc", True), ("a b", False), ("#76", False), ("zq", False), ("a_b_c", False), ("été", True)],
)
def test_three_letters_in_a_row_make_a_trigram(term: str, served: bool) -> None:
    assert has_trigram(term) == served
