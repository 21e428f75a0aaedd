"""Which of its formats an address answers in: the one that Accept gives most weight (RFC 9110, section 12.5.1)."""

from collections.abc import Iterable, Iterator

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType


class ByWeight(DefaultContentNegotiation):
    """The framework looks at no weight. What is not to be read in Accept names nothing."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Of those with equal weight the one that is named most precisely, then the first that is offered."""
        accepted = list(_read(self.get_accept_list(request)))

        def wish(renderer: BaseRenderer) -> tuple[float, int]:
            offered = _MediaType(renderer.media_type)
            named = [(a.precedence, _weight(a)) for a in accepted if offered.match(a)]
            # The most precise speaks for the format, also where it forbids it.
            precedence, weight = max(named, default=(0, 0.0))
            return weight, precedence

        offered = list(renderers)
        best = max(offered, key=wish)
        if not wish(best)[0]:
            raise NotAcceptable(available_renderers=offered)
        return best, best.media_type


def _read(texts: Iterable[str]) -> Iterator[_MediaType]:
    for text in texts:
        try:
            yield _MediaType(text)
        except Exception:  # noqa: S112  # Python's own parser behind it fails in more ways than it names
            continue


def _weight(accepted: _MediaType) -> float:
    """From 0 to 1; what is no weight is none."""
    try:
        weight = float(accepted.params.get("q", 1))
    except ValueError:
        return 1
    return weight if 0 <= weight <= 1 else 1
