"""Modules of rpm distributions: streams, modular builds, and what of a modular version may be compared."""

import re

MODULAR = frozenset({"Red Hat", "AlmaLinux", "Rocky Linux", "Oracle Linux", "Fedora"})
"""Ecosystems whose packages may belong to modules."""

_MARK = re.compile(r"(?:^|[._-])module[+_](?:el|f)[0-9]|module_el[0-9]|\+module[+_]")
_CONTEXT = re.compile(r"(module[+_][A-Za-z0-9._]+\+[0-9]+)\+[0-9a-f]{8}")
_BUILD = re.compile(r"(module[+_][A-Za-z0-9._]+)\+[0-9]+\+[0-9a-f]{8}")
_STREAM = re.compile(r"(?<![\w/.:])([A-Za-z][A-Za-z0-9_.+-]*:[A-Za-z0-9][A-Za-z0-9_.-]*)(?![\w:/])")


def is_modular(version: str) -> bool:
    """Tell whether a release says that the package was built within a module: `.module+el8…`, `.module_el8…`."""
    return "module" in version and _MARK.search(version) is not None


def stream_of(label: str) -> str:
    """Return `name:stream` of a modularity label `name:stream:version:context`; empty for an empty label."""
    return ":".join(label.split(":")[:2])


def streams_in(title: str) -> tuple[str, ...]:
    """Return the streams that a notice's title names: `Moderate: nodejs:18 security update` has (`nodejs:18`,)."""
    _, colon, text = title.partition(": ")
    return tuple(dict.fromkeys(_STREAM.findall(text))) if colon else ()


def severity_in(title: str) -> str:
    """Return the first word of a notice's title in lower case, when it rates: `Moderate: …`."""
    word = title.partition(":")[0].strip().lower()
    return word if word in {"critical", "important", "moderate", "low"} else ""


def without_context(version: str) -> str:
    """Return a version without the context hash of its module, which has no order (decision 8.1).

    `12.module+el8.10.0+23147+63faba8d` and the builds of the same run in other contexts become one text; the build
    number stays and decides.
    """
    return _CONTEXT.sub(r"\1", version) if "module" in version else version


def series_of(version: str) -> str:
    """Return a version without build number and context of its module: what builds of one update have in common."""
    return _BUILD.sub(r"\1", version) if "module" in version else version


def without_epoch(version: str) -> str:
    """Return a version without its epoch; a source rpm's name, which gives source versions, carries none."""
    epoch, colon, rest = version.partition(":")
    return rest if colon and epoch.isdigit() else version
