"""Names that are hard to write as CSV or JSON, or that a spreadsheet would take for formulas."""

ODD_NAMES = [
    'a "quoted", name', "back\\slash \\t \\N", "two\nlines", "tab\there", "Z\tZ", 'end"', "end\\", "ünï 😀",
    "a\r\nb", "\x02\x01\x7fx", "x\v\b\f\x1b", "\\v \\\v", '{"id":1}', "\\.", "NULL", "'", "Z", '","current_status":"FAILED',
]  # fmt: skip
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "''=1",
    "'@",
    "\t=1",
    "\r=1",
    "\n1",
]
HARMLESS = ["1=1", "'quoted'", "''", "a=1", "(=1)", "’=1", "x-1", "9-1"]
