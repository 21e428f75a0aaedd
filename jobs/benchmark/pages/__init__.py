"""Measures the pages in a browser: how soon each key is answered, and what a tab keeps in memory.

Needs Playwright and a Chromium, unlike the other benchmarks.
"""
