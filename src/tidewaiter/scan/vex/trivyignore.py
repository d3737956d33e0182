"""`.trivyignore`: a line per vulnerability, and `.trivyignore.yaml` (aquasecurity/trivy: docs, filtering)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from tidewaiter.core.vuln.vex import Product, VexStatement
from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.vex.document import MOST_PROBLEMS, VexDocument, VexError, VexText
from tidewaiter.scan.yaml_text import load_documents

_EXPIRES: Final = re.compile(r"\bexp:\s*(\S*)")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIZE: Final = 8 << 20
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*-[\w.:-]+")


class Trivyignore:
    """Reads files named `.trivyignore`, with `.yaml` or `.yml` in the second form."""

    id: Final = "trivyignore"

    def read(self, document: VexText) -> VexDocument | None:
        """Return the statements, None for files with another name; raises VexError."""
        name = document.name.rpartition("/")[2]
        if not name.startswith(".trivyignore"):
            return None
        if len(document.data) > _SIZE:
            raise VexError(f"the file has {len(document.data)} bytes, more than the {_SIZE} that are read")
        problems: list[str] = []
        if name.endswith((".yaml", ".yml")):
            statements = tuple(_from_yaml(document, problems))
        else:
            statements = tuple(_from_lines(document, problems))
        return VexDocument(form=".trivyignore", statements=statements, problems=tuple(problems))


def _from_lines(document: VexText, problems: list[str]) -> Iterator[VexStatement]:
    reason: list[str] = []
    for number, line in enumerate(document.data.decode("utf-8", "replace").splitlines(), 1):
        words = line.strip()
        if words.startswith("#"):
            reason.append(words.lstrip("# "))
            continue
        if not words:
            reason.clear()
            continue
        code, _, comment = words.partition("#")
        name = code.split()[0] if code.split() else ""
        expires = _EXPIRES.search(code)
        if not _ID.fullmatch(name):
            _note(problems, f"line {number} names no vulnerability")
        elif expires is not None and not _DAY.fullmatch(expires[1]):
            _note(problems, f"line {number}: `exp:` needs a date like 2026-01-31")
        else:
            yield VexStatement(
                ids=(name,),
                products=None,
                status="not_affected",
                reason=comment.strip() or " ".join(reason) or "ignored",
                expires=expires[1] if expires is not None else "",
                source=f"{document.name}:{number}",
            )
        reason.clear()


def _from_yaml(document: VexText, problems: list[str]) -> Iterator[VexStatement]:
    for loaded in load_documents(document.data, document.name):
        if loaded.error is not None:
            raise VexError(loaded.error.reason, loaded.error.advice)
        listed = mapping(loaded.value).get("vulnerabilities")
        for place, one in enumerate(listed if isinstance(listed, list) else ()):
            entry = mapping(one)
            name = text(entry.get("id"))
            if not name:
                _note(problems, f"entry {place} has no id")
                continue
            expires = str(entry.get("expired_at") or "")
            if expires and not _DAY.match(expires):
                _note(problems, f"entry {place} ({name}): `expired_at` needs a date like 2026-01-31")
                continue
            strange = [key for key in ("purls", "paths") if not _is_texts(entry.get(key))]
            if strange:
                _note(problems, f"entry {place} ({name}): `{strange[0]}` is no list of texts, so it was not taken")
                continue
            purls = _texts(entry.get("purls"))
            yield VexStatement(
                ids=(name,),
                products=tuple(Product(names=(purl,)) for purl in purls) if purls else None,
                status="not_affected",
                reason=text(entry.get("statement")) or "ignored",
                paths=tuple(_texts(entry.get("paths"))),
                expires=expires,
                source=document.name,
            )


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _is_texts(value: Any) -> bool:
    """Tell whether a limit is absent or a list of texts; any other would be lost, and the entry then close too much."""
    return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _note(problems: list[str], reason: str) -> None:
    if len(problems) < MOST_PROBLEMS:
        problems.append(reason)


FORMAT: Final = Trivyignore()
