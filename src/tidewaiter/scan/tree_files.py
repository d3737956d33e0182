"""Which files of a source tree hold facts, by name alone."""

from enum import StrEnum

from tidewaiter.scan.lockfiles import wants_lockfile

_CODEOWNERS = frozenset({"CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"})
_DOCKER_NAMES = ("dockerfile", "containerfile")
_MANIFESTS = (".yaml", ".yml", ".json")


class FileKind(StrEnum):
    """Which reader a file goes to."""

    MANIFEST = "manifest"
    DOCKERFILE = "dockerfile"
    LOCKFILE = "lockfile"
    CODEOWNERS = "codeowners"


def file_kind(path: str) -> FileKind | None:
    """Return the reader for a path relative to the root, None when the file holds no facts we read."""
    if path in _CODEOWNERS:
        return FileKind.CODEOWNERS
    if wants_lockfile(path):
        return FileKind.LOCKFILE
    if is_dockerfile(path):
        return FileKind.DOCKERFILE
    return FileKind.MANIFEST if path.lower().endswith(_MANIFESTS) else None


def is_dockerfile(path: str) -> bool:
    """Tell whether a file is a Dockerfile: `Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`, `Containerfile`."""
    name = path.rpartition("/")[2].lower()
    if name in _DOCKER_NAMES:
        return True
    stem, dot, suffix = name.partition(".")
    if dot and stem in _DOCKER_NAMES:
        return not suffix.endswith(("dockerignore", "containerignore", ".md", ".j2", ".tmpl", ".tpl", "template"))
    return name.endswith((".dockerfile", ".containerfile"))
