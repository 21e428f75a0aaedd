"""Every call in this process, interleaved and repeated, so that disturbances of the machine affect all alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from jobs.benchmark.app import App, Response
from jobs.benchmark.figures import median
from jobs.benchmark.limits import Limits
from jobs.benchmark.plans import Work, work_of
from jobs.benchmark.requests import Call


@dataclass
class Sample:
    """The measurements of one call: times in ms, the size of a body in bytes."""

    work: Work
    size: int
    cpu: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)
    unexpected: int = 0

    def add(self, response: Response, expected: int) -> None:
        self.cpu.append(response.cpu)
        self.elapsed.append(response.elapsed)
        self.unexpected += response.status != expected

    def needs_more(self, limits: Limits) -> bool:
        done, spent = len(self.cpu), sum(self.elapsed)
        return done < min(3, limits.rounds) or (
            done < limits.rounds and spent < limits.call_seconds * 1000
        )

    @property
    def cpu_ms(self) -> float:
        return median(self.cpu)

    @property
    def elapsed_ms(self) -> float:
        return median(self.elapsed)


def measure(app: App, calls: Sequence[Call], limits: Limits) -> dict[str, Sample]:
    """Samples by the name of the call. The first requests of each, with cold caches, are not measured."""
    samples = {call.name: _warm_up(app, call) for call in calls}
    number, random = 0, Random(1)  # noqa: S311  # so that the calls' order varies
    while unfinished := [call for call in calls if samples[call.name].needs_more(limits)]:
        number += 1
        random.shuffle(unfinished)
        for call in unfinished:
            request = app.request_of(call, number)
            samples[call.name].add(app.send(request), request.expected)
    return samples


def _warm_up(app: App, call: Call) -> Sample:
    work = work_of(app, call)
    return Sample(work, len(app.send(app.request_of(call, 0)).body))
