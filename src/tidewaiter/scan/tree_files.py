"""Which files of a source tree hold facts, by name alone."""

from enum import StrEnum

from tidewaiter.scan.lockfiles import wants_lockfile

_CODEOWNERS = frozenset({"CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"})
_DOCKER_NAMES = ("dockerfile", "containerfile")
_MANIFESTS = (".yaml", ".yml", ".json")
_NO_DOCKERFILES = (
    *(".md", ".j2", ".tmpl", ".tpl", "template", "dockerignore", "containerignore"),
    *(".golden", ".html", ".json", ".nanorc", ".rego", ".rst", ".snap", ".tmlanguage", ".tmpreferences", ".vim"),
)
_SOURCES = (".c", ".go", ".java", ".js", ".kt", ".php", ".pl", ".py", ".rb", ".rs", ".ts", ".toml", ".yaml", ".yml")


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
    """Tell whether a file is a Dockerfile: `Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`, `Containerfile`.

    `Dockerfile.go` builds a Go program, while `dockerfile.go` is one that speaks of Dockerfiles.
    """
    written = path.rpartition("/")[2]
    name = written.lower()
    if name in _DOCKER_NAMES:
        return True
    stem, dot, _ = name.partition(".")
    if dot and stem in _DOCKER_NAMES:
        return not name.endswith(_NO_DOCKERFILES) and not written.endswith(tuple(stem + end for end in _SOURCES))
    return name.endswith((".dockerfile", ".containerfile"))
