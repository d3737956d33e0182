"""What the types of package URLs ask of their parts (package-url/purl-spec: type definitions)."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

_UPPER_TO_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_FOLDED: Final = frozenset(
    {"apk", "alpm", "bitbucket", "brew", "composer", "git", "github", "hex", "npm", "oci", "pub"}
)
"""Types whose namespaces and names have no case. Go's has one in the end: a module path is kept as written."""
_WITH_NAMESPACE: Final = frozenset({"swift", "vscode-extension"})
_WITHOUT_NAMESPACE: Final = frozenset({"cran", "julia", "otp", "pypi", "vcpkg"})
_NEEDED: Final[Mapping[str, str]] = {"julia": "uuid"}
_PATHS: Final = frozenset({"npm", "golang", "composer", "hex", "swift", "githubactions", "github"})
"""Types whose names in lists of packages are the whole path."""
_EXTENSION: Final = re.compile(r"[a-p]{32}")
_EXTENSION_VERSION: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]+){0,3})?")


class PurlError(ValueError):
    """A text that is no package URL; the message is a clause without final stop."""


class Parts(msgspec.Struct, frozen=True):
    """The parts that types have rules for."""

    namespace: str
    name: str
    version: str = ""


def normalised_python_name(name: str) -> str:
    """Return the PEP 503 form: lower case, runs of `-`, `_`, `.` as one `-`."""
    parts = name.lower().replace("_", "-").replace(".", "-").split("-")
    return "-".join(part for part in parts if part)


def folded(text: str) -> str:
    """Return the text with ASCII letters in lower case; a homoglyph never becomes what it imitates."""
    return text.lower() if text.isascii() else text.translate(_UPPER_TO_LOWER)


def normalised(kind: str, parts: Parts, qualifiers: Mapping[str, str]) -> Parts:
    """Return the parts as the type writes them."""
    if kind == "pypi":
        return Parts(parts.namespace, normalised_python_name(parts.name), parts.version)
    if kind == "git":
        # The namespace is the host alone; the path below it is the name.
        host, _, path = f"{parts.namespace}/{parts.name}".strip("/").partition("/")
        return Parts(folded(host), folded(path), parts.version)
    if kind in _FOLDED or (kind == "mlflow" and "azuredatabricks" in qualifiers.get("repository_url", "")):
        return Parts(folded(parts.namespace), folded(parts.name), parts.version)
    if kind in {"deb", "rpm", "bitnami", "qpkg"}:
        return Parts(folded(parts.namespace), parts.name, parts.version)
    if kind == "huggingface":
        return Parts(parts.namespace, parts.name, folded(parts.version))
    return parts


def refuse(kind: str, parts: Parts, qualifiers: Mapping[str, str]) -> None:
    """Raise PurlError when the type does not allow the parts."""
    if not parts.name:
        raise PurlError("a package URL needs a name")
    if kind in _WITH_NAMESPACE and not parts.namespace:
        raise PurlError(f"a package URL of type {kind} needs a namespace")
    if kind in _WITHOUT_NAMESPACE and parts.namespace:
        raise PurlError(f"a package URL of type {kind} has no namespace")
    needed = _NEEDED.get(kind)
    if needed is not None and needed not in qualifiers:
        raise PurlError(f"a package URL of type {kind} needs the qualifier `{needed}`")
    if kind == "cpan" and "::" in parts.name:
        raise PurlError("a package URL of type cpan names a distribution, not a module")
    if kind == "chrome-extension" and not (
        _EXTENSION.fullmatch(parts.name) and _EXTENSION_VERSION.fullmatch(parts.version)
    ):
        raise PurlError("a package URL of type chrome-extension needs an id of 32 letters and a version of numbers")


def split_name(kind: str, namespace: str, name: str) -> tuple[str, str, str]:
    """Return (namespace, name, subpath) of a package by the name that its ecosystem uses.

    `group:artifact` of Maven, `@scope/name` of npm, the module path of Go, `Pod/Subspec` of CocoaPods.
    """
    if kind in _PATHS:
        before, _, last = name.rpartition("/")
        return (before or namespace, last, "") if last else (namespace, name, "")
    if kind == "maven":
        group, colon, artifact = name.partition(":")
        return (group, artifact, "") if colon and artifact else (namespace, name, "")
    if kind == "cocoapods":
        pod, _, below = name.partition("/")
        return namespace, pod or name, below
    return namespace, name, ""


def joined_name(kind: str, namespace: str, name: str, subpath: str) -> tuple[str, str]:
    """Return (namespace, name) of a package as its ecosystem writes it: the inverse of `split_name`."""
    if kind in _PATHS:
        return "", f"{namespace}/{name}" if namespace else name
    if kind == "maven":
        return "", f"{namespace}:{name}" if namespace else name
    if kind == "cocoapods" and subpath:
        return namespace, f"{name}/{subpath}"
    return namespace, name
