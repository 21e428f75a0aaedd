"""A smoke suite in the Firefox of the distribution: eleven flows, of the hundreds that are tested in Chromium.

Playwright drives it by WebDriver BiDi, without a browser of its own. Run it with `make test SUITES=firefox`.
"""
