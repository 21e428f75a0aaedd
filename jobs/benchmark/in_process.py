"""Every call in this process, in turn, many times: what disturbs the machine disturbs all of them alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from jobs.benchmark.app import Answer, App
from jobs.benchmark.figures import median
from jobs.benchmark.limits import Limits
from jobs.benchmark.plans import Work, work_of
from jobs.benchmark.requests import Call


@dataclass
class Sample:
    """The answers to one call: times in ms, the size of a body in bytes."""

    work: Work
    size: int
    cpu: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)
    unexpected: int = 0

    def add(self, answer: Answer, expected: int) -> None:
        self.cpu.append(answer.cpu)
        self.elapsed.append(answer.elapsed)
        self.unexpected += answer.status != expected

    def wants_more(self, limits: Limits) -> bool:
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
    """By the calls' names. The first requests of each, which find caches cold, are not measured."""
    samples = {call.name: _warmed_up(app, call) for call in calls}
    number, random = 0, Random(1)  # noqa: S311  # so that no call always follows the same other
    while unfinished := [call for call in calls if samples[call.name].wants_more(limits)]:
        number += 1
        random.shuffle(unfinished)
        for call in unfinished:
            request = app.request_of(call, number)
            samples[call.name].add(app.answer(request), request.expected)
    return samples


def _warmed_up(app: App, call: Call) -> Sample:
    work = work_of(app, call)
    return Sample(work, len(app.answer(app.request_of(call, 0)).body))
