"""Rules for the SQL of migrations that squawk does not have.

A migration that has to break one says so before the statement: `-- linter-ignore changes-rows`.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

# Longer than deadlock_timeout, and shorter than twice that (jobs/sql/running.py).
LONGEST_WAIT: Final = 2_000
MILLISECONDS: Final = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


class Rule(NamedTuple):
    name: str
    statement: re.Pattern[str]
    reason: str


def _rule(name: str, statement: str, reason: str) -> Rule:
    return Rule(name, re.compile(statement, re.IGNORECASE | re.DOTALL), reason)


# squawk knows of a new type, a generated column, a volatile default, and an index or constraint that reads the table.
RULES: Final = (
    _rule(
        "rewrites-table",
        r"ALTER\b.*\bSET\s+(EXPRESSION|(UN)?LOGGED|TABLESPACE|ACCESS\s+METHOD)\b"
        r"|CLUSTER\b|VACUUM\b.*\bFULL\b|REFRESH\s+MATERIALIZED\s+VIEW\s+(?!CONCURRENTLY\b)",
        "rewrites the table under an exclusive lock",
    ),
    _rule(
        "reads-table",
        r"ALTER\b.*\bADD\s+(?!CONSTRAINT\b|CHECK\b)(\([^()]*\)|[^,()])*\bCHECK\b"
        r"|ALTER\b.*\bATTACH\s+PARTITION\b",
        "reads the table under an exclusive lock; add the constraint by itself, NOT VALID, and validate it later",
    ),
    _rule(
        "locks-table",
        r"LOCK\b|TRUNCATE\b",
        "keeps others waiting until the transaction ends",
    ),
    _rule(
        "changes-rows",
        r"(UPDATE|DELETE|MERGE)\b|WITH\b.*\b(UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b",
        "locks all rows that it changes until the transaction ends; change them in batches",
    ),
    _rule(
        "removes-behavior",
        r"DROP\s+(TRIGGER|RULE|POLICY)\b|CREATE\s+(OR\s+REPLACE\s+)?RULE\b"
        r"|ALTER\b.*\b(DISABLE|ENABLE)\s+((ALWAYS|REPLICA)\s+)?(TRIGGER|RULE)\b"
        r"|ALTER\b.*\b(ENABLE|FORCE)\s+ROW\s+LEVEL\s+SECURITY\b",
        "the previous release relies on what the table does",
    ),
)
LOCKING: Final = re.compile(
    r"(?:ALTER\s+TABLE|CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\b.*?\bON)\s+"
    r"(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?([\w.]+)",
    re.IGNORECASE | re.DOTALL,
)
CREATED: Final = re.compile(
    r"CREATE\s+(?:\w+\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w.]+)", re.IGNORECASE
)
READING: Final = re.compile(r"(INSERT|SELECT|WITH|COPY)\b.*\bFROM\b", re.IGNORECASE | re.DOTALL)
VALIDATING: Final = re.compile(r"ALTER\b.*\bVALIDATE\s+CONSTRAINT\b", re.IGNORECASE | re.DOTALL)
LOCK_TIMEOUT: Final = re.compile(
    r"SET\s+(?:LOCAL\s+|SESSION\s+)?lock_timeout\s*(?:=|\bTO\b)\s*(.+)|RESET\s+lock_timeout\b",
    re.IGNORECASE,
)
LITERAL: Final = re.compile(
    r"""(--[^\n]*)|/\*.*?\*/|[eE]'(?:[^'\\]|\\.|'')*'|('(?:[^']|'')*')|"([^"]*)"|\$(\w*)\$.*?\$\4\$""",
    re.DOTALL,
)
IGNORE: Final = re.compile(r"--\s*linter-ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)")
KEPT_STRING: Final = re.compile(r"'\d+\s*\w*'")


def findings(sql: str) -> list[str]:
    """What is wrong with the statements, as "rule: reason: statement"."""
    return [
        f"{name}: {reason}: {' '.join(statement.split())[:100]}"
        for name, reason, statement, ignored in _check(sql)
        if name not in ignored
    ]


def _check(sql: str) -> Iterator[tuple[str, str, str, set[str]]]:
    created: set[str] = set()
    within = False
    locked = ""
    for statement, ignored in _statements(sql):
        for rule in RULES:
            if rule.statement.match(statement):
                yield rule.name, rule.reason, statement, ignored
        if LOCK_TIMEOUT.match(statement) and not 0 < _wait(statement) <= LONGEST_WAIT:
            reason = f"others queue behind a statement that waits; at most {LONGEST_WAIT} ms"
            yield "long-lock-timeout", reason, statement, ignored
        created |= set(CREATED.findall(statement))
        validates = VALIDATING.match(statement)
        if re.match(r"(COMMIT|END|ROLLBACK)\b", statement, re.IGNORECASE):
            within, locked = False, ""
        elif re.match(r"BEGIN\b", statement, re.IGNORECASE):
            within = True
        elif locked and (READING.match(statement) or validates):
            reason = f"{locked} stays locked meanwhile; use a transaction of its own"
            yield "reads-under-lock", reason, statement, ignored
        elif within and not validates:
            locked = next((t for t in LOCKING.findall(statement) if t not in created), locked)


def _statements(sql: str) -> Iterator[tuple[str, set[str]]]:
    """Each without comments, strings and the bodies of functions, and with the names of rules that it may break."""
    for text in LITERAL.sub(_shortened, sql).split(";"):
        ignored = {name for names in IGNORE.findall(text) for name in re.split(r"\s*,\s*", names)}
        if statement := re.sub(r"--[^\n]*", "", text).strip():
            yield statement, ignored


def _shortened(literal: re.Match[str]) -> str:
    comment, string, name = literal[1], literal[2], literal[3]
    if comment:
        return comment if IGNORE.match(comment) else ""
    if name:
        return re.sub(r"\W", "_", name)
    return string if string and KEPT_STRING.fullmatch(string) else "''"


def _wait(statement: str) -> int:
    """In milliseconds; 0 if it is unlimited or unknown."""
    found = re.search(r"(\d+)\s*(us|ms|s|min|h|d)?\W*$", statement)
    return int(found[1]) * MILLISECONDS.get(found[2] or "ms", 0) if found else 0
