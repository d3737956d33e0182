"""Docker references in normal form (distribution/reference: reference.go, normalize.go)."""

import re

import msgspec

_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_PATH = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])(?:\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*"
    r"(?::[0-9]+)?|\[[0-9A-Fa-f:]+\](?::[0-9]+)?"
)
_LONGEST = 512


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """One image reference, every part spelled out."""

    domain: str
    """Registry, with port when there is one: `docker.io`, `localhost:5000`."""
    path: str
    """Repository: `library/debian`."""
    tag: str = ""
    """As written; empty when none was written."""
    digest: str = ""

    @property
    def name(self) -> str:
        """Return registry and repository: `docker.io/library/debian`."""
        return f"{self.domain}/{self.path}"

    @property
    def effective_tag(self) -> str:
        """Return the tag that is pulled: `latest` when there is neither tag nor digest."""
        return self.tag or ("" if self.digest else "latest")

    def __str__(self) -> str:
        """Write the normal form: name, effective tag and digest."""
        tag = f":{self.effective_tag}" if self.effective_tag else ""
        return f"{self.name}{tag}" + (f"@{self.digest}" if self.digest else "")


def parse_reference(text: str) -> Reference | None:
    """Return the reference that `text` means, or None when it is none (a variable, a bare digest, upper case)."""
    if not text or len(text) > _LONGEST:
        return None
    rest, at, digest = text.partition("@")
    if at and _DIGEST.fullmatch(digest) is None:
        return None
    slash = rest.rfind("/")
    colon = rest.rfind(":")
    tag = ""
    if colon > slash:
        rest, tag = rest[:colon], rest[colon + 1 :]
        if _TAG.fullmatch(tag) is None:
            return None
    domain, path = _split_domain(rest)
    if _DOMAIN.fullmatch(domain) is None or _PATH.fullmatch(path) is None:
        return None
    return Reference(domain=domain, path=path, tag=tag, digest=digest)


def _split_domain(name: str) -> tuple[str, str]:
    first, slash, rest = name.partition("/")
    is_domain = bool(slash) and ("." in first or ":" in first or first == "localhost" or first.lower() != first)
    domain, path = (first, rest) if is_domain else ("docker.io", name)
    if domain == "index.docker.io":
        domain = "docker.io"
    if domain == "docker.io" and "/" not in path:
        path = f"library/{path}"
    return domain, path
