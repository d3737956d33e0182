"""The `ignore` rules of Grype's configuration (anchore/grype: README, specifying matches to ignore)."""

from collections.abc import Iterator
from typing import Any, Final

from tidewaiter.core.vuln.vex import VexStatement
from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.vex.document import VexDocument, VexError, VexText
from tidewaiter.scan.yaml_text import load_documents

_NAMES: Final = frozenset({".grype.yaml", ".grype.yml", "grype.yaml", "grype.yml"})
_SIZE: Final = 8 << 20
_KNOWN: Final = frozenset({"vulnerability", "package", "reason", "include-aliases"})


class Grype:
    """Reads files named `.grype.yaml`; rules without a vulnerability are views there and are not taken."""

    id: Final = "grype"

    def read(self, document: VexText) -> VexDocument | None:
        """Return the statements, None for files with another name; raises VexError."""
        if document.name.rpartition("/")[2] not in _NAMES:
            return None
        if len(document.data) > _SIZE:
            raise VexError(f"the file has {len(document.data)} bytes, more than the {_SIZE} that are read")
        problems: list[str] = []
        return VexDocument(form="Grype", statements=tuple(_rules(document, problems)), problems=tuple(problems))


def _rules(document: VexText, problems: list[str]) -> Iterator[VexStatement]:
    for loaded in load_documents(document.data, document.name):
        if loaded.error is not None:
            raise VexError(loaded.error.reason, loaded.error.advice)
        listed = mapping(loaded.value).get("ignore")
        for place, one in enumerate(listed if isinstance(listed, list) else ()):
            rule = mapping(one)
            name, package = text(rule.get("vulnerability")), mapping(rule.get("package"))
            strange = sorted({*rule, *(f"package.{key}" for key in package)} - _KNOWN - _PACKAGE)
            unread = _unread(rule, package)
            if not name or strange or unread:
                why = f"asks for {', '.join(strange)}" if strange else unread or "names no vulnerability"
                problems.append(f"rule {place} {why} and was not taken")
                continue
            yield VexStatement(
                ids=(name,),
                products=None,
                status="not_affected",
                reason=text(rule.get("reason")) or "ignored",
                packages=_packages(package),
                paths=(text(package.get("location")),) if text(package.get("location")) else (),
                source=document.name,
            )


_PACKAGE: Final = frozenset({"package.name", "package.version", "package.location"})


def _unread(rule: dict[str, Any], package: dict[str, Any]) -> str:
    """Return which limit of a rule cannot be kept: without it the rule would close too much."""
    if rule.get("package") is not None and not isinstance(rule["package"], dict):
        return "has a package that is no map"
    odd = [key for key, value in package.items() if not isinstance(value, str)]
    if odd:
        return f"has a package.{odd[0]} that is no text"
    return "names a version and no package" if "version" in package and not package.get("name") else ""


def _packages(package: dict[str, Any]) -> tuple[str, ...]:
    name, version = text(package.get("name")), text(package.get("version"))
    if not name:
        return ()
    return (f"{name}@{version}",) if version else (name,)


FORMAT: Final = Grype()
