"""What a new token is to be."""

import pytest

from jobs.access.principal import Scope
from jobs.access.tokens.values import MAX_DAYS, Mistakes, TokenValues, read_values


def mistakes(
    name: str = "CI", scope: str = "read", days: str = "90", networks: str = ""
) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        read_values(name, scope, days, networks)
    return [f"{error.field} {error.code}" for error in caught.value.errors]


def test_values_are_read() -> None:
    assert read_values(" CI ", "agent", "7", "") == TokenValues("CI", Scope.AGENT, 7)


def test_networks_are_separated_by_commas_spaces_or_lines() -> None:
    found = read_values("CI", "read", "1", "192.0.2.0/24, 10.0.0.1\r\n2001:DB8::/32 10.0.0.1/32,")
    assert found.networks == ("192.0.2.0/24", "10.0.0.1/32", "2001:db8::/32")


def test_all_mistakes_are_reported_at_once() -> None:
    assert mistakes("", "root", "0", "x") == [
        "name blank",
        "scope invalid_choice",
        "days out_of_range",
        "networks invalid_network",
    ]


@pytest.mark.parametrize("name", [" ", "\u200b", "a\0b", "\ud800"])
def test_a_name_can_be_seen(name: str) -> None:
    assert mistakes(name=name) == ["name blank"]


def test_a_name_is_short() -> None:
    assert mistakes(name="x" * 61) == ["name max_length"]
    assert read_values("é" * 60, "read", "1", "").name == "é" * 60


@pytest.mark.parametrize("days", ["", "0", "-1", "1.5", "٣", "1e3", str(MAX_DAYS + 1), "9" * 5_000])
def test_a_token_expires_within_ten_years(days: str) -> None:
    assert mistakes(days=days) == ["days out_of_range"]


@pytest.mark.parametrize("text", ["x", "10.0.0.0/33", "10.1.2.3/8", "fe80::%eth0/64", "::ffff:10.0.0.0/104", "0x0a000000", "\0"])  # fmt: skip
def test_a_network_is_an_exact_one(text: str) -> None:
    assert mistakes(networks=text) == ["networks invalid_network"]


def test_an_address_within_a_network_is_corrected() -> None:
    with pytest.raises(Mistakes, match=r"Did you mean 10\.0\.0\.0/8\?"):
        read_values("CI", "read", "1", "10.1.2.3/8")


def test_networks_are_few() -> None:
    networks = " ".join(f"10.0.{number}.0/24" for number in range(21))
    assert mistakes(networks=networks) == ["networks too_many"]
