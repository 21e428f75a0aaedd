"""What an API token costs: the same calls in open mode, and with a token in login mode, in turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.auth.models import User
from django.test.utils import override_settings

from jobs.access.principal import Scope
from jobs.access.tokens.changes import create_token
from jobs.access.tokens.values import TokenValues
from jobs.benchmark.app import App
from jobs.benchmark.figures import median
from jobs.benchmark.limits import Limits
from jobs.benchmark.requests import Request
from project.handler import Handler
from project.login import login_middleware

# No limit that is reached: a request that is counted costs the same as one that is not.
RATE = {"RATE_LIMIT_PER_SECOND": 1_000_000, "RATE_LIMIT_BURST": 1_000_000}


@dataclass(frozen=True)
class TokenCost:
    """By the name of the call, medians of CPU time in ms: in open mode, and of what a token adds to the same round."""

    without: dict[str, float]
    added: dict[str, float]

    @property
    def most(self) -> float:
        return max(self.added.values())


def measure(app: App, requests: dict[str, Request], limits: Limits) -> TokenCost:
    with override_settings(**RATE):
        guarded, header = login_app(), {"Authorization": f"Bearer {_token()}"}
        without: dict[str, float] = {}
        added: dict[str, float] = {}
        for name, request in requests.items():
            pairs = _pairs(app, guarded, request, replace(request, headers=header), limits.rounds)
            without[name] = median([plain for plain, _ in pairs])
            added[name] = median([token - plain for plain, token in pairs])
    return TokenCost(without, added)


def login_app() -> App:
    """The product in login mode, which its handler and its guard know from when they are made."""
    middleware = login_middleware(settings.MIDDLEWARE)
    with override_settings(ACCESS="login", MIDDLEWARE=middleware):
        return App(Handler())


def _pairs(
    app: App, guarded: App, request: Request, with_token: Request, rounds: int
) -> Sequence[tuple[float, float]]:
    """CPU times of both, the first of which, with cold caches, are left out. Each goes first in every other round."""
    found = []
    for number in range(rounds + 1):
        if number % 2:
            plain = app.expect(request).cpu
            token = guarded.expect(with_token).cpu
        else:
            token = guarded.expect(with_token).cpu
            plain = app.expect(request).cpu
        found.append((plain, token))
    return found[1:]


def _token() -> str:
    user, _ = User.objects.get_or_create(username="benchmark", is_superuser=True)
    return create_token(user.pk, TokenValues("Benchmark", Scope.ADMIN)).text
