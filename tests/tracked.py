"""The files of the repository: what git tracks or would track, or every file where this is no checkout."""

import subprocess
from functools import cache
from pathlib import Path

import pathspec

from shared import REPOSITORY


@cache
def ignored() -> pathspec.PathSpec:
    """Return the patterns of `.gitignore`."""
    return pathspec.PathSpec.from_lines("gitignore", (REPOSITORY / ".gitignore").read_text().splitlines())


@cache
def tracked() -> tuple[Path, ...]:
    """Return the repository's files, relative to it, in order."""
    if (REPOSITORY / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, text=True).stdout.split("\0")
        paths = [Path(name) for name in names if name]
    else:
        found = (path.relative_to(REPOSITORY) for path in REPOSITORY.rglob("*"))
        paths = [path for path in found if not ignored().match_file(path)]
    return tuple(sorted(path for path in paths if (REPOSITORY / path).is_file()))
