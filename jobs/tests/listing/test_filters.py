import pytest
from django.http import QueryDict

from jobs.filters import JobFilter
from jobs.job_list import JobList
from jobs.listing.keyset import Window
from jobs.listing.reader import ORDERINGS, job_reader, window_query
from jobs.mistakes import InvalidQuery
from jobs.models import Job
from jobs.querysets import Count
from jobs.search.parser import parse
from jobs.search.query import name_query
from jobs.statuses import StatusType
from jobs.tests.factories import COMPLETED, FAILED, PENDING, RUNNING, database_rows, make_job

pytestmark = pytest.mark.django_db


def names(query: str = "") -> list[str]:
    return [row.name for row in JobList(JobFilter.parse(QueryDict(query))).page().rows]


def make(*job_names: str) -> None:
    for name in job_names:
        make_job(name)


def found(term: str) -> list[str]:
    return sorted(row.name for row in JobList(JobFilter(q=name_query(term))).page().rows)


def test_names_are_ordered_case_insensitively() -> None:
    make("Zeta", "alpha", "Alpha", "beta", "Émile", "émile 2")
    order = ["alpha", "Alpha", "beta", "Zeta", "Émile", "émile 2"]
    assert names("ordering=name") == order
    assert names("ordering=-name") == order[::-1]


def test_times_are_ordered_in_both_directions() -> None:
    make("first", "second", "third")
    Job.objects.get(name="second").record_status(RUNNING)
    assert names() == ["third", "second", "first"]
    assert names("ordering=created_at") == ["first", "second", "third"]
    assert names("ordering=-updated_at") == ["second", "third", "first"]
    assert names("ordering=updated_at") == ["first", "third", "second"]


def test_several_statuses_are_alternatives() -> None:
    for status in StatusType:
        make_job(f"1 {status}", status), make_job(f"2 {status}", status)
    for statuses in [
        (FAILED,),
        (RUNNING, FAILED),
        (PENDING, RUNNING, COMPLETED),
        tuple(StatusType),
    ]:
        for ordering in ("-created_at", "updated_at", "name", "-name"):
            rows = JobList(JobFilter(statuses=statuses, ordering=ordering)).page().rows
            key = ordering.removeprefix("-").replace("name", "name_key")
            sign = "-" if ordering.startswith("-") else ""
            plain = Job.objects.filter(current_status__in=statuses)
            plain = plain.order_by(f"{sign}{key}", f"{sign}id")
            assert [row.id for row in rows] == list(plain.values_list("id", flat=True))


def test_search_matches_part_of_a_name_case_insensitively() -> None:
    make("Wing Flutter", "wingtip", "Tail")
    assert found("WING") == ["Wing Flutter", "wingtip"]
    assert found("g f") == ["Wing Flutter"]
    assert found("a") == ["Tail"]
    assert found("nothing") == []


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Émile", "émi"),
        ("émile", "ÉMI"),
        ("Øresund", "øRE"),
        ("СИМУЛЯЦИЯ", "симуля"),
        ("Ωmega", "ω"),
    ],
)
def test_search_is_case_insensitive_beyond_ascii(name: str, term: str) -> None:
    make(name, "other")
    assert found(term) == [name]


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", '"', "\\%", "%%"])
def test_like_wildcards_are_literal(sign: str) -> None:
    make(f"a{sign}b", "axb", "a b", "ab")
    assert found(f"a{sign}b") == [f"a{sign}b"]
    assert found(sign) == [f"a{sign}b"]


def test_search_is_trimmed_like_a_name() -> None:
    assert JobFilter.parse(QueryDict("search=%20wing%20")).q == name_query("wing")


def test_all_errors_are_reported_at_once_with_the_allowed_values() -> None:
    with pytest.raises(InvalidQuery) as caught:
        JobFilter.parse(QueryDict("status=PAUSED&status=x&ordering=size&page_size=201&search=%00"))
    errors = caught.value.errors
    fields = ["status", "status", "search", "ordering", "page_size"]
    assert [error.field for error in errors] == fields
    assert "PENDING, RUNNING, COMPLETED, FAILED" in errors[0].detail
    assert "-updated_at" in errors[3].detail
    assert "1 to 200" in errors[4].detail


@pytest.mark.parametrize("size", ["0", "201", "-1", "1.5", "٣", "", "1e2", "9" * 5000])
def test_invalid_page_size_is_rejected(size: str) -> None:
    with pytest.raises(InvalidQuery):
        JobFilter.parse(QueryDict(f"page_size={size}"))


def test_query_string_omits_defaults_and_parses_to_the_same_filter() -> None:
    assert JobFilter().query_string() == ""
    query = "status=FAILED&status=PENDING&q=a%26b&ordering=name&page_size=10&cursor=x"
    job_filter = JobFilter.parse(QueryDict(query))
    assert job_filter.statuses == (PENDING, FAILED)
    assert JobFilter.parse(QueryDict(job_filter.query_string())) == job_filter


def test_changed_filter_starts_at_its_first_page() -> None:
    job_filter = JobFilter(q=name_query("wing"), cursor="x")
    assert job_filter.query_string(page_size=10) == "q=wing&page_size=10&cursor=x"
    assert job_filter.query_string(ordering="name") == "q=wing&ordering=name"
    assert job_filter.query_string(cursor=None) == "q=wing"


@pytest.mark.parametrize("text", ["", "wing", "created:<1h"])
@pytest.mark.parametrize("ordering", ["name", "-created_at"])
def test_no_status_is_an_empty_list_and_none_any_status(text: str, ordering: str) -> None:
    make("Wing")
    query = parse(text)
    nothing, everything = (
        JobList(JobFilter(statuses, query, ordering=ordering)) for statuses in ((), None)
    )
    assert (nothing.page().rows, nothing.count()) == ([], Count(0))
    assert [row.name for row in everything.page().rows] == ["Wing"]
    assert everything.count() == Count(1)
    window = Window(ORDERINGS[ordering], (), backwards=False, size=5)
    assert job_reader(())(window).rows == []
    assert [row.name for row in job_reader(None)(window).rows] == ["Wing"]
    assert database_rows(window_query("*", (), window).sql) == []
    assert len(database_rows(window_query("*", None, window).sql)) == 1
