"""Measures the product through its URLs, in process and over HTTP, with the clock and PostgreSQL's query plans.

No other module of the product depends on it.
"""
