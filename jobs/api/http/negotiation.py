"""Content negotiation by the quality values of Accept (RFC 9110, section 12.5.1)."""

from collections.abc import Iterable, Iterator

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType


class QualityNegotiation(DefaultContentNegotiation):
    """Respects quality values, which the framework ignores. Malformed media ranges match nothing.

    An empty Accept is like none: elements of a list may be empty, too (RFC 9110, section 5.6.1).
    """

    def get_accept_list(self, request: Request) -> list[str]:
        if not request.META.get("HTTP_ACCEPT", "").strip(" \t,"):
            return ["*/*"]
        return super().get_accept_list(request)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Of formats with equal quality, selects the one matched most specifically, then the first that is offered."""
        accepted = list(_read(self.get_accept_list(request)))

        def preference(renderer: BaseRenderer) -> tuple[float, int]:
            offered = _MediaType(renderer.media_type)
            matches = [(a.precedence, _quality(a)) for a in accepted if offered.match(a)]
            # The most specific range applies, even if it excludes the format.
            precedence, quality = max(matches, default=(0, 0.0))
            return quality, precedence

        offered = list(renderers)
        best = max(offered, key=preference)
        if not preference(best)[0]:
            raise NotAcceptable(available_renderers=offered)
        return best, best.media_type


class FastJson(QualityNegotiation):
    """Skips the negotiation for the usual values of Accept: it would be a tenth of a list's cost."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        if request.META.get("HTTP_ACCEPT", "*/*") in {"*/*", "application/json"}:
            [renderer] = renderers
            return renderer, renderer.media_type
        return super().select_renderer(request, renderers, format_suffix)


class IgnoreAccept(QualityNegotiation):
    """For an operation whose format is a parameter, so that a link can set it. Problems are always JSON."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        [renderer] = renderers
        return renderer, renderer.media_type


def _read(texts: Iterable[str]) -> Iterator[_MediaType]:
    for text in texts:
        try:
            yield _MediaType(text)
        except Exception:  # noqa: S112  # the parser raises undocumented exceptions
            continue


def _quality(accepted: _MediaType) -> float:
    """From 0 to 1; 1 if it is invalid."""
    try:
        quality = float(accepted.params.get("q", 1))
    except ValueError:
        return 1
    return quality if 0 <= quality <= 1 else 1
