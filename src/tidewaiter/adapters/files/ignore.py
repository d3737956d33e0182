"""Which paths git would not see: every `.gitignore` on the way down, and the patterns given by the user."""

from collections.abc import Iterable, Sequence
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
    """Return the spec of the lines that are patterns; git skips a malformed line as well."""
    kept = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        kept.append(line)
    return GitIgnoreSpec.from_lines(kept)


def read_lines(path: Path) -> list[str]:
    """Return the lines of an ignore file; none when it is missing, unreadable, a link or unreasonably large."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return []
        return path.read_text("utf-8", "backslashreplace").splitlines()
    except OSError:
        return []
