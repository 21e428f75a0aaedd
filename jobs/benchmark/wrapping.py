"""Paragraphs of the reports."""

from textwrap import fill

WIDTH = 119


def wrapped(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
