"""The columns that a CREATE TABLE statement of SQLite names (sqlite.org: lang_createtable)."""

import re
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_WORD: Final = re.compile(r"""\s*(?:"((?:[^"]|"")*)"|\[([^\]]*)\]|`([^`]*)`|'([^']*)'|([^\s(,]+))""")
_CONSTRAINT: Final = frozenset({"constraint", "primary", "unique", "check", "foreign"})
_ROW_ID: Final = re.compile(r"\s*integer\s+(?:not\s+null\s+)?primary\s+key\b(?!\s+desc)", re.IGNORECASE)
_TABLE_KEY: Final = re.compile(
    r"\s*primary\s+key\s*\(\s*[\"`\[]?(\w+)[\"`\]]?(?:\s+autoincrement)?\s*\)", re.IGNORECASE
)
_LONGEST: Final = 65_536


def columns_of(sql: str) -> tuple[tuple[str, ...], str]:
    """Return the columns in lower case, and the one that is the row id (INTEGER PRIMARY KEY), empty without one."""
    columns: list[str] = []
    integers: set[str] = set()
    key = ""
    for part in _parts(_COMMENT.sub(" ", sql[:_LONGEST])):
        match = _WORD.match(part)
        if match is None:
            continue
        quoted = match[5] is None
        name = next(group for group in match.groups() if group is not None).lower()
        if not quoted and name in _CONSTRAINT:
            table_key = _TABLE_KEY.match(part)
            key = table_key[1].lower() if table_key else key
            continue
        columns.append(name)
        rest = part[match.end() :]
        if _ROW_ID.match(rest):
            key = name
        if rest.split()[:1] and rest.split()[0].lower() == "integer":
            integers.add(name)
    return tuple(columns), key if key in integers else ""


def _parts(sql: str) -> list[str]:
    """Return what stands between the outer brackets, cut at the commas outside of inner ones."""
    start = sql.find("(")
    if start < 0:
        return []
    parts: list[str] = []
    depth, begin = 0, start + 1
    for place in range(start, len(sql)):
        letter = sql[place]
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if not depth:
                return [*parts, sql[begin:place]]
        elif letter == "," and depth == 1:
            parts.append(sql[begin:place])
            begin = place + 1
    return parts
