"""SBOMs within in-toto statements and DSSE envelopes, as signing tools attach them (in-toto/attestation: spec/v1)."""

import base64
import binascii
from typing import Any, Final

import msgspec

from tidewaiter.scan.json_text import mapping, text
from tidewaiter.scan.sbom import cyclonedx, spdx
from tidewaiter.scan.sbom.bom import Bom
from tidewaiter.scan.sbom.error import SbomError
from tidewaiter.scan.sbom.json_document import SbomText, decode, objects

_PAYLOAD: Final = "application/vnd.in-toto+json"
_STATEMENT: Final = "https://in-toto.io/Statement/"


class InToto:
    """Reads statements whose predicate is an SBOM; signatures are not looked at here."""

    id: Final = "in-toto"

    def read(self, document: SbomText) -> Bom | None:
        """Return the document, None for anything else; raises SbomError."""
        value = document.value
        if value is not None and text(value.get("payloadType")) == _PAYLOAD:
            value = decode(_payload(text(value.get("payload"))))
        if value is None or not text(value.get("_type")).startswith(_STATEMENT):
            return None
        return _bom(value)


def _payload(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SbomError(f"the payload of the envelope is no base64 ({error})") from error


def _bom(statement: dict[str, Any]) -> Bom:
    predicate = statement.get("predicate")
    inner = mapping(predicate).get("Data", predicate)
    value = decode(inner.encode()) if isinstance(inner, str) else mapping(inner)
    found: Bom | None = None
    if value is not None and value.get("bomFormat") == "CycloneDX":
        found = cyclonedx.bom_of(value)
    elif value is not None and text(value.get("spdxVersion")):
        found = spdx.bom_of(value)
    if found is None:
        kind = text(statement.get("predicateType")) or "nothing"
        raise SbomError(f"the statement holds no SBOM but {kind}", "give a statement about CycloneDX or SPDX")
    return _about(found, statement)


def _about(bom: Bom, statement: dict[str, Any]) -> Bom:
    """Let the statement's subject say the digest that the SBOM itself does not."""
    subject = next(objects(statement.get("subject")), {})
    digest = text(mapping(subject.get("digest")).get("sha256"))
    if bom.subject is None or bom.subject.version.startswith("sha256:") or not digest:
        return bom
    about = msgspec.structs.replace(bom.subject, version=f"sha256:{digest}")
    return msgspec.structs.replace(bom, subject=about)


FORMAT: Final = InToto()
