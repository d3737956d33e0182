"""What `pyproject.toml` asks for: project metadata (PEP 621), dependency groups (PEP 735), Poetry's and PDM's own tables."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tidewaiter.core.model.package import normalised_python_name
from tidewaiter.scan.json_text import mapping, texts
from tidewaiter.scan.lockfiles.graph import Roots, scope_of_group
from tidewaiter.scan.lockfiles.manifest import sibling
from tidewaiter.scan.lockfiles.reader import Beside, DamageError
from tidewaiter.scan.lockfiles.source import toml_table

_NAME: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def python_roots(path: str, beside: Beside) -> Roots | None:
    """Return the normalised names that the project beside a lock file asks for; None without any."""
    data = beside(sibling(path, "pyproject.toml"))
    try:
        document = toml_table(data) if data is not None else {}
    except DamageError:
        return None
    asked: dict[str, set[str]] = {"prod": set(), "optional": set(), "dev": set(), "test": set()}
    for scope, name in _asked(document):
        asked[scope].add(normalised_python_name(name))
    asked["prod"].discard("python")
    return Roots(**{scope: frozenset(names) for scope, names in asked.items()}) if any(asked.values()) else None


def _asked(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield scope and name of everything that is asked for."""
    project, tool = mapping(document.get("project")), mapping(document.get("tool"))
    poetry, pdm = mapping(tool.get("poetry")), mapping(tool.get("pdm"))
    yield from (("prod", name) for name in _names(project.get("dependencies")))
    for names in mapping(project.get("optional-dependencies")).values():
        yield from (("optional", name) for name in _names(names))
    for groups in (document.get("dependency-groups"), pdm.get("dev-dependencies")):
        for group, names in mapping(groups).items():
            yield from ((scope_of_group(group), name) for name in _names(names))
    for name, value in mapping(poetry.get("dependencies")).items():
        yield ("optional" if mapping(value).get("optional") is True else "prod"), name
    yield from (("dev", name) for name in mapping(poetry.get("dev-dependencies")))
    for group, table in mapping(poetry.get("group")).items():
        yield from ((scope_of_group(group), name) for name in mapping(mapping(table).get("dependencies")))


def _names(value: Any) -> Iterator[str]:
    """Yield the names of a list of requirements (PEP 508)."""
    for written in texts(value):
        match = _NAME.match(written)
        if match is not None:
            yield match[1]
