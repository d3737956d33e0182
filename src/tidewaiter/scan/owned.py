"""Which files of a package's file list are worth keeping: those that other readers of the same image ask about.

A distribution's lists name some hundred thousand files. Kept are programs and libraries (they may be tools, or carry
the build information of Go and Rust) and the metadata of language packages. A folder that the list names right before its
content is left out.
"""

from collections.abc import Iterable
from typing import Final

_NAMES: Final = frozenset(
    {"METADATA", "PKG-INFO", "RECORD", "package.json", "installed.json", "release", ".bitnami_components.json"}
)
"""Files of metadata that are known by their whole name."""
_JAVA: Final = ("jar", "war", "ear", "par", "sar", "nar", "kar", "rar", "hpi", "jpi", "far", "lpkg")
_EXTENSIONS: Final = frozenset({*_JAVA, "egg", "egg-info", "gemspec", "so", "dll", "exe", "spdx"})
_ENDINGS: Final = (".deps.json", ".spdx.json", ".cdx.json")
_PROGRAM_FOLDERS: Final = ("usr/lib", "usr/local/lib", "opt/", "lib/", "lib64/")
"""Below these a name without an extension may be a program: `usr/libexec/…`, `usr/lib/git-core/git`."""


def evidence(paths: Iterable[str]) -> list[str]:
    """Return those paths, written without leading `/`, whose owner some reader may ask for."""
    kept: list[str] = []
    before: str | None = None  # the path right before, if it was kept and may be a folder
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder == before:
            kept.pop()
        before = None
        dot = name.rfind(".")
        if dot <= 0:
            if folder.endswith("bin") or name in _NAMES or folder.startswith(_PROGRAM_FOLDERS):
                kept.append(path)
                before = path
        elif (
            name[dot + 1 :] in _EXTENSIONS
            or name in _NAMES
            or folder.endswith("bin")
            or ".so." in name
            or name.endswith(_ENDINGS)
        ):
            kept.append(path)
    return kept


def evidence_lines(data: bytes) -> list[str]:
    """Return the same of a list of absolute paths, one a line."""
    text = data.decode("utf-8", "surrogateescape")
    return evidence(line[1:] for line in text.split("\n") if line.startswith("/"))
