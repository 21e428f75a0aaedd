"""What a new token is to be, read from a form or from the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from jobs.access.principal import Scope
from jobs.limits import MAX_TOKEN_NAME_LENGTH
from jobs.mistakes import UNSTORABLE, FieldError, quoted
from jobs.names import is_visible

DEFAULT_DAYS: Final = 90
MAX_DAYS: Final = 3_650
MAX_NETWORKS: Final = 20
NUMBER: Final = re.compile(r"[0-9]{1,4}")
MAPPED: Final = IPv6Network("::ffff:0:0/96")


class Mistakes(ValueError):
    """What is wrong with the values."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(" ".join(error.detail for error in errors))
        self.errors = errors


@dataclass(frozen=True)
class TokenValues:
    """Always valid."""

    name: str
    scope: Scope
    days: int = DEFAULT_DAYS
    networks: tuple[str, ...] = ()


def read_values(name: str, scope: str, days: str, networks: str) -> TokenValues:
    """Raises Mistakes, with all of them."""
    name, days = name.strip(), days.strip()
    blocks = [text for text in re.split(r"[\s,]+", networks) if text]
    errors = [*_name_errors(name), *_scope_errors(scope), *_days_errors(days)]
    read: list[str] = []
    for text in blocks:
        network = _network(text)
        if network is None:
            errors.append(FieldError("networks", "invalid_network", _network_detail(text)))
        elif str(network) not in read:
            read.append(str(network))
    if len(blocks) > MAX_NETWORKS:
        detail = f"Give at most {MAX_NETWORKS} networks."
        errors.append(FieldError("networks", "too_many", detail))
    if errors:
        raise Mistakes(errors)
    return TokenValues(name, Scope(scope), int(days), tuple(read))


def _name_errors(name: str) -> Iterator[FieldError]:
    if UNSTORABLE.search(name) or not is_visible(name):
        yield FieldError("name", "blank", "Enter a name: what the token is for.")
    elif len(name) > MAX_TOKEN_NAME_LENGTH:
        detail = f"A name has at most {MAX_TOKEN_NAME_LENGTH} characters; this one has {len(name)}."
        yield FieldError("name", "max_length", detail)


def _scope_errors(scope: str) -> Iterator[FieldError]:
    if scope not in list(Scope):
        detail = f"{quoted(scope)} is not a scope. Choose {', '.join(Scope)}."
        yield FieldError("scope", "invalid_choice", detail)


def _days_errors(days: str) -> Iterator[FieldError]:
    if not NUMBER.fullmatch(days) or not 1 <= int(days) <= MAX_DAYS:
        detail = f"{quoted(days)} is not a number of days from 1 to {MAX_DAYS:,}."
        yield FieldError("days", "out_of_range", detail)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        network = ip_network(text)
    except ValueError:
        return None
    return None if "%" in text or _is_mapped(network) else network


def _is_mapped(network: IPv4Network | IPv6Network) -> bool:
    """Whether it is an IPv4 network in the form of IPv6. No address arrives in that form."""
    return isinstance(network, IPv6Network) and network.subnet_of(MAPPED)


def _network_detail(text: str) -> str:
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        return f"{quoted(text)} is not a network. Write it as 192.0.2.0/24 or 2001:db8::/32."
    if _is_mapped(meant):
        return f"{quoted(text)} is not a network. Write an IPv4 network as 192.0.2.0/24."
    if "%" in text:
        return f"{quoted(text)} is not a network. Write it without the part that begins with %."
    return f"{quoted(text)} is an address within a network. Did you mean {meant}?"
