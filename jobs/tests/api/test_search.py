"""The search query language in the API."""

from urllib.parse import parse_qs, urlsplit

import pytest

from jobs.tests.conftest import Api
from jobs.tests.factories import FAILED, RUNNING, make_job
from jobs.tests.problems import problem_of

pytestmark = pytest.mark.django_db


def found(api: Api, query: str) -> list[str]:
    return [job["name"] for job in api.get(f"/api/jobs/?ordering=name&{query}")["results"]]


def test_terms_are_combined_with_each_other_and_with_parameters(api: Api) -> None:
    make_job("Turbine blade", FAILED)
    make_job("Turbine rotor", RUNNING)
    make_job("Blade of a turbine", FAILED)
    assert found(api, "q=turbine+blade") == ["Blade of a turbine", "Turbine blade"]
    assert found(api, "q=%22turbine+blade%22") == ["Turbine blade"]
    assert found(api, "q=name:turbine+-status:failed") == ["Turbine rotor"]
    assert found(api, "q=status:failed&search=of+a") == ["Blade of a turbine"]
    assert found(api, "q=turbine&status=RUNNING") == ["Turbine rotor"]
    assert found(api, "q=created:<1h+updated:<1h+rotor") == ["Turbine rotor"]
    assert found(api, "q=created:>1h") == []


def test_finds_several_ids(api: Api) -> None:
    ids = [make_job(f"job {number}").pk for number in range(3)]
    answer = api.get(f"/api/jobs/?q=id:{ids[0]},{ids[2]},{2**63 - 1}")
    assert [job["name"] for job in answer["results"]] == ["job 2", "job 0"]
    assert (answer["count"], answer["count_relation"]) == (2, "exact")


def test_links_keep_the_query(api: Api) -> None:
    for number in range(3):
        make_job(f"Wing {number}")
    url, seen = "/api/jobs/?page_size=1&search=wing&q=STATUS:Pending+created:<1h", []
    while url:
        page = api.get(url)
        seen += [job["name"] for job in page["results"]]
        if url := page["next"]:
            parameters = parse_qs(urlsplit(url).query)
            assert parameters["q"] == ["wing status:pending created:<1h"]
    assert seen == ["Wing 2", "Wing 1", "Wing 0"]


def test_an_invalid_term_is_quoted_with_a_suggestion(api: Api) -> None:
    answer = api.call("GET", "/api/jobs/?q=wing+stauts:failed+created:soon")
    problem = problem_of(answer, 400)
    assert problem["code"] == "invalid_query"
    first, second = problem["errors"]
    assert first == {
        "field": "q",
        "code": "unknown_filter",
        "detail": '"stauts:failed" is not a valid filter. Did you mean status:failed?',
    }
    assert (second["field"], second["code"]) == ("q", "unknown_time")
