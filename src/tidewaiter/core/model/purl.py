"""Package URLs: parse, normalise and write (package-url/purl-spec: PURL-SPECIFICATION, type definitions)."""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

import msgspec

from tidewaiter.core.model.purl_types import Parts, PurlError, normalised, refuse

__all__ = ["Purl", "PurlError", "build", "encoded", "normalise", "parse"]

_LONGEST = 8192
_MOST_QUALIFIERS = 64
_TYPE = re.compile(r"[a-z][a-z0-9.-]*")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~:-]*")
_KEY = re.compile(r"[a-z][a-z0-9._-]*")


class Purl(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The parts of a package URL, decoded and as its type writes them; `str` gives the canonical form."""

    type: str
    namespace: str = ""
    """Segments joined by `/`."""
    name: str
    version: str = ""
    qualifiers: Mapping[str, str] = {}
    """Sorted by key, none empty."""
    subpath: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return type, namespace and name: what two package URLs of one package share."""
        return self.type, self.namespace, self.name

    def __str__(self) -> str:
        """Write the canonical form."""
        name = encoded(self.name, "/") if self.type == "git" else encoded(self.name)
        text = f"pkg:{self.type}/{encoded(self.namespace, '/')}/{name}" if self.namespace else f"pkg:{self.type}/{name}"
        if self.version:
            text += f"@{encoded(self.version)}"
        if self.qualifiers:
            text += "?" + "&".join(f"{key}={encoded(value)}" for key, value in self.qualifiers.items())
        return f"{text}#{encoded(self.subpath, '/')}" if self.subpath else text


def build(
    kind: str,
    name: str,
    *,
    namespace: str = "",
    version: str = "",
    qualifiers: Mapping[str, str] | None = None,
    subpath: str = "",
) -> Purl:
    """Return the package URL of decoded parts; PurlError when its type does not allow them."""
    small = kind.strip().lower()
    if _TYPE.fullmatch(small) is None:
        raise PurlError(f"`{kind[:60]}` is no type of a package URL")
    kept = {key.lower(): value for key, value in (qualifiers or {}).items() if value}
    for key in kept:
        if _KEY.fullmatch(key) is None:
            raise PurlError(f"`{key[:60]}` is no name of a qualifier")
    parts = Parts("/".join(part for part in namespace.split("/") if part), name.strip("/"), version)
    refuse(small, parts, kept)
    parts = normalised(small, parts, kept)
    return Purl(
        type=small,
        namespace=parts.namespace,
        name=parts.name,
        version=parts.version,
        qualifiers=dict(sorted(kept.items())),
        subpath="/".join(part for part in subpath.split("/") if part not in {"", ".", ".."}),
    )


def parse(text: str, *, lenient: bool = False) -> Purl:
    """Return the parts of a package URL; PurlError when it is none.

    A qualifier whose name begins with a capital is refused, as the specification's own cases ask; `lenient` takes it,
    for documents of others.
    """
    if len(text) > _LONGEST:
        raise PurlError(f"the package URL is longer than {_LONGEST} characters")
    scheme, colon, rest = text.strip().partition(":")
    if not colon or scheme.lower() != "pkg":
        raise PurlError(f"`{text[:60]}` does not begin with `pkg:`")
    rest, _, subpath = rest.partition("#")
    rest, _, query = rest.partition("?")
    kind, slash, path = rest.lstrip("/").partition("/")
    if not slash:
        raise PurlError(f"`{text[:60]}` names a type and no package")
    path, version = _split_version(path.strip("/"))
    namespace, _, name = path.rpartition("/")
    return build(
        kind,
        unquote(name),
        namespace="/".join(unquote(part) for part in namespace.split("/")),
        version=unquote(version),
        qualifiers=_qualifiers(query, lenient=lenient),
        subpath="/".join(unquote(part) for part in subpath.split("/")),
    )


def normalise(text: str) -> str:
    """Return the canonical form of a package URL as others write it; PurlError when it is none."""
    return str(parse(text, lenient=True))


def encoded(text: str, more: str = "") -> str:
    """Percent-encode one part; `more` names characters that stay besides letters, digits and `-._~:`."""
    if _UNRESERVED.fullmatch(text):
        return text
    return quote(text, safe=f"-._~:{more}", errors="surrogateescape")


def _split_version(path: str) -> tuple[str, str]:
    """Part off the version at the last `@`, unless a segment begins with it: an npm scope that was not encoded."""
    at = path.rfind("@")
    if at < 0 or ("/" in path[at:] and path[at - 1 : at] in {"", "/"}):
        return path, ""
    return path[:at], path[at + 1 :]


def _qualifiers(query: str, *, lenient: bool) -> dict[str, str]:
    result: dict[str, str] = {}
    pairs = [pair for pair in query.split("&") if pair]
    if len(pairs) > _MOST_QUALIFIERS:
        raise PurlError(f"the package URL has more than {_MOST_QUALIFIERS} qualifiers")
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or (key[:1].isupper() and not lenient):
            raise PurlError(f"`{pair[:60]}` is no qualifier")
        small = key.lower()
        if small in result:
            raise PurlError(f"the qualifier `{small[:60]}` stands twice")
        result[small] = unquote(value)
    return result
