"""Which paths git would not see: every `.gitignore` on the way down, and the patterns given by the user."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from pathspec import GitIgnoreSpec

SKIPPED_DIRECTORIES = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".terraform",
        ".tox",
        ".venv",
        "__pycache__",
        "node_modules",
        "venv",
    }
)
"""Directories that hold other people's files or caches, whatever `.gitignore` says."""
_LARGEST = 1024 * 1024
_MOST = 10_000


class Rules:
    """The patterns that hold in one directory: its own and those of the directories above."""

    __slots__ = ("_specs",)

    def __init__(self, specs: Sequence[tuple[str, GitIgnoreSpec]] = ()) -> None:
        """Hold specs with the directory (relative to the root, ending in `/` or empty) that each is relative to."""
        self._specs = tuple(specs)

    def below(self, directory: str, lines: Iterable[str]) -> "Rules":
        """Return the rules for `directory` when its `.gitignore` has these lines."""
        spec = parse_patterns(lines)
        return Rules((*self._specs, (directory, spec))) if len(spec) else self

    def ignores(self, path: str) -> bool:
        """Tell whether `path` is ignored; a directory's path ends in `/`. The innermost matching rule decides."""
        for directory, spec in reversed(self._specs):
            verdict = spec.check_file(path[len(directory) :]).include
            if verdict is not None:
                return verdict
        return False


def parse_patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    """Return the spec of the lines that are patterns; git skips a malformed line as well.

    More than 10,000 lines, or lines that cannot be compiled together, ignore nothing: then more is judged, never less.
    """
    written = list(islice(lines, _MOST + 1))
    if len(written) > _MOST:
        return GitIgnoreSpec.from_lines([])
    whole = _compiled(written)
    if whole is None:
        whole = _compiled([line for line in written if _compiled([line]) is not None])
    return whole or GitIgnoreSpec.from_lines([])


def _compiled(lines: Sequence[str]) -> GitIgnoreSpec | None:
    """Return None for what pathspec refuses; its backends raise errors that have no base of their own."""
    try:
        return GitIgnoreSpec.from_lines(lines)
    except Exception:  # noqa: BLE001 - ValueError, re.error for `[z-a]`, and RE2's error for a set that is too large
        return None


def read_lines(path: Path) -> list[str]:
    """Return the lines of an ignore file; none when it is missing, unreadable, a link or unreasonably large."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return []
        return path.read_text("utf-8", "backslashreplace").splitlines()
    except OSError:
        return []
