"""The vocabulary in words, for `policy fields` and for the documentation."""

import re
from collections.abc import Iterator

from tidewaiter.core.policy.fields import records, subjects
from tidewaiter.core.policy.fields.base import Variable

COMMON = (
    ("tree", "tree", "All that is judged together."),
    ("cluster", "dyn", "The cluster; unknown at build."),
    ("now", "timestamp", "The moment of the run."),
    ("stage", "string", "`build`, `deploy` or `runtime`."),
    ("environment", "string", "As given by command or configuration; empty when not given."),
    ("params", "the policy's parameters", "Values of the declared parameters."),
    ("variables", "the policy's variables", "Each is computed when first read."),
    ("item, index", "element and its number", "Only in rules with `each`."),
)
"""What every expression may read beside its subject: name, type, meaning."""

_NAME = re.compile(r"[A-Za-z]+")


def subject_names() -> tuple[str, ...]:
    """Return the ids of all subjects in the order of the documentation."""
    return tuple(subjects())


def variables_of(subject: str) -> tuple[tuple[str, str, str], ...]:
    """Return the variables of a subject: the subject itself, its parents, and what all have."""
    found = subjects()[subject]
    own = (found.id, found.record, found.doc)
    return (own, *map(_row, found.parents), *(row for row in COMMON if row[0] != subject))


def _row(variable: Variable) -> tuple[str, str, str]:
    return variable.name, variable.type, variable.doc


def records_of(subject: str) -> tuple[str, ...]:
    """Return the records that only the subject's own fields lead to; other subjects' records have their own page."""
    others = {one.record for one in subjects().values() if one.id != subject}
    found: dict[str, None] = {}
    waiting = [subjects()[subject].record]
    while waiting:
        name = waiting.pop(0)
        if name in found or name not in records():
            continue
        found[name] = None
        waiting += [
            part
            for field in records()[name].fields
            for part in _NAME.findall(field.type)
            if part in records() and part not in others
        ]
    return tuple(found)


def describe(subject: str) -> str:
    """Return the vocabulary of a subject as plain text; of the empty name, the list of subjects."""
    return "\n".join(_subjects() if not subject else _fields(subject)) + "\n"


def _subjects() -> Iterator[str]:
    width = max(map(len, subjects()))
    for subject in subjects().values():
        yield f"{subject.id:<{width}}  {subject.doc}"


def _fields(subject: str) -> Iterator[str]:
    yield f"subject {subject}: {subjects()[subject].doc}"
    yield "variables:"
    for name, kind, doc in variables_of(subject):
        yield f"  {name} ({kind}): {doc}"
    for name in records_of(subject):
        record = records()[name]
        yield f"{name}: {record.doc}"
        for field in record.fields:
            yield f"  .{field.name} ({field.type}): {field.doc}"
