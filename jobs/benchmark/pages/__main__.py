"""`python -m jobs.benchmark.pages ADDRESS`, which `make bench-pages` runs. It changes jobs of that dashboard."""

import argparse
import sys

from playwright.sync_api import sync_playwright

from jobs.benchmark.pages import answers, hours
from jobs.benchmark.pages.report import report
from jobs.benchmark.pages.steps import steps
from jobs.browser_tests.chromium import launch_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a dashboard with more than 400 disposable jobs")
    parser.add_argument("--times", type=int, default=5, help="how often each key is pressed")
    parser.add_argument("--slowdown", type=float, default=4)
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=500, help="of dialogs and page turns")
    parser.add_argument("--only", default="", help="measure only keys with this word")
    parser.add_argument("--title", default="python -m jobs.benchmark.pages")
    options = parser.parse_args()
    chosen = (step for step in steps() if options.only in step.label)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(playwright))
        found = answers.measure(
            browser, options.address, chosen, options.times, options.slowdown, say
        )
        say(f"{options.hours:g} hours")
        day = hours.measure(browser, options.address, options.hours, options.rounds)
        how = {
            "times": options.times,
            "slowdown": options.slowdown,
            "settle": answers.SETTLE_MS,
        }
        sys.stdout.write(report(options.title, browser.version, found, day, how))


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
