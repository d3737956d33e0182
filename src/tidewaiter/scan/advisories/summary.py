"""What the one-line summary of an enterprise notice tells: `Moderate: nodejs:18 security update`."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from tidewaiter.core.vuln.advisory import Statement

_WORDS: Final = frozenset({"critical", "important", "moderate", "low"})
_STREAM: Final = re.compile(r"(?<![\w:.+-])([A-Za-z0-9][\w+.-]*:[\w+.-]*[\w+])(?![\w:])")


def severity_of(summary: str) -> str:
    """Return the first word when it is a severity, in lower case; else an empty text."""
    word = summary.partition(":")[0].strip().lower()
    return word if word in _WORDS else ""


def streams_of(summary: str) -> tuple[str, ...]:
    """Return every `name:stream` in a summary, each once; several modules are often built together."""
    text = summary.partition(":")[2] if severity_of(summary) else summary
    return tuple(dict.fromkeys(_STREAM.findall(text)))


def by_module(statements: Iterable[Statement], summary: str, *, ecosystem: str) -> tuple[Statement, ...]:
    """Return statements with the summary's severity; those whose fix is a build of a module once per stream.

    Without a stream in the summary they stay without module: which packages they hold for cannot be told then.
    Statements about other ecosystems, as a mixed file may hold, stay as they are.
    """
    severity, streams = severity_of(summary), streams_of(summary)
    result: list[Statement] = []
    for statement in statements:
        if statement.key.ecosystem != ecosystem:
            result.append(statement)
            continue
        modular = ".module" in (statement.interval.fixed or "")
        for module in (streams or ("",)) if modular else ("",):
            qualifiers = msgspec.structs.replace(statement.qualifiers, module=module)
            result.append(msgspec.structs.replace(statement, qualifiers=qualifiers, severity=severity))
    return tuple(result)
