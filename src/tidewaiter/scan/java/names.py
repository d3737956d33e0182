"""File names of Java archives: `artifact-version[-classifier].jar` (Maven: repository layout)."""

import re
from typing import Final, NamedTuple

EXTENSIONS: Final = ("jar", "war", "ear", "par", "sar", "nar", "kar", "rar", "hpi", "jpi", "far", "lpkg")
"""Archives that carry a manifest of their own."""

_CERTAIN: Final = frozenset({"jar", "war", "ear", "hpi", "jpi", "lpkg"})
"""Extensions that no other format uses."""

_QUALIFIER: Final = re.compile(
    r"(?:alpha|beta|b|m|milestone|rc|cr|snapshot|release|final|ga|sp|jre|android|jdk|java|pre|preview|incubating|redhat"
    r"|build|v|r|patch|hotfix|fix|ea|dev|atlassian|jenkins|cdh|hdp|amzn|google|spring|empty)[\d.]*\w*",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(r"\d[\w.+~]*")
_LONGEST: Final = 255
"""Characters of a file name; members of archives may claim more."""
NOT_CODE: Final = frozenset({"sources", "javadoc", "tests", "test-sources", "test-javadoc"})


class FileName(NamedTuple):
    """The parts of a file name; `version` is empty when there is none in it."""

    artifact: str
    version: str
    classifier: str


def split_name(path: str) -> FileName:
    """Return what the file name says, without its extension and folders."""
    stem = stem_of(path)
    if len(stem) > _LONGEST:
        return FileName(stem, "", "")
    parts = stem.split("-")
    starts = [at for at in range(1, len(parts)) if _FIRST.fullmatch(parts[at])]
    for at in starts:
        end = _version_end(parts, at)
        if end is not None:
            return FileName("-".join(parts[:at]), "-".join(parts[at:end]), "-".join(parts[end:]))
    return FileName(stem, "", "")


def is_archive(path: str, start: bytes) -> bool:
    """Return whether a file of one of the extensions is, or should be, a zip archive: RAR and Nix files end alike."""
    return path.rpartition(".")[2].lower() in _CERTAIN or start[:2] == b"PK"


def stem_of(path: str) -> str:
    """Return the file name without folders and without an archive's extension."""
    name = path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and extension.lower() in {*EXTENSIONS, "zip"} else name


def _version_end(parts: list[str], start: int) -> int | None:
    """Return where the version ends, or None when it is a part of the artifact: `log4j-1.2-api-2.17.1`."""
    at = start + 1
    while at < len(parts) and (_FIRST.fullmatch(parts[at]) or _QUALIFIER.fullmatch(parts[at])):
        at += 1
    rest = parts[at:]
    return None if any(_FIRST.fullmatch(part) and "." in part for part in rest) else at
