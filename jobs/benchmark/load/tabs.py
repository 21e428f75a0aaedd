"""Open tabs that poll: `python -m jobs.benchmark.load.tabs ADDRESS SECONDS TABS`. Writes a line of JSON."""

import json
import sys
from collections import Counter
from threading import Event
from urllib.parse import urlsplit

from jobs.benchmark.figures import percentile
from jobs.benchmark.open_tabs import Scheduler, allow_files


def main() -> None:
    address, seconds, tabs = sys.argv[1:]
    url = urlsplit(address)
    allow_files(int(tabs) + 100)
    scheduler = Scheduler(url.hostname or "", url.port or 80, int(tabs))
    with scheduler.polling() as responses:
        Event().wait(float(seconds))
        counted = list(responses)
    statuses = Counter(status for status, _ in counted)
    times = [took * 1000 for _, took in counted]
    found = {
        "tabs": int(tabs),
        "responses": len(counted),
        "p50": percentile(times, 0.5),
        "p99": percentile(times, 0.99),
        "slowest": max(times),
        "errors": {str(status): n for status, n in statuses.items() if status not in (200, 304)},
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
