"""SBOMs as images: packages and the system they belong to, without layers' contents (scanning guide 14)."""

from typing import Final, Literal

import msgspec

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.purl import PurlError, parse
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.report.carried import image_facts, image_of
from tidewaiter.scan.sbom import cyclonedx, cyclonedx_xml, in_toto, spdx, spdx_tag_value, syft
from tidewaiter.scan.sbom.bom import Bom, Component, SbomFormat
from tidewaiter.scan.sbom.error import SbomError
from tidewaiter.scan.sbom.json_document import SbomText
from tidewaiter.scan.sbom.packages import packages_of, system_of

__all__ = ["BUILTIN", "SbomError", "looks_like_sbom", "read_sbom"]

BUILTIN: Final[tuple[SbomFormat, ...]] = (
    cyclonedx.FORMAT,
    spdx.FORMAT,
    syft.FORMAT,
    in_toto.FORMAT,
    cyclonedx_xml.FORMAT,
    spdx_tag_value.FORMAT,
)
"""All formats, in the order in which they are tried."""
_NAMED: Final = 5
_MARKS: Final = (
    b'"bomFormat"',
    b'"spdxVersion"',
    b"SPDXVersion:",
    b"cyclonedx.org/schema/bom/",
    b'"in-toto.io',
    b'"payloadType"',
    b'"artifacts"',
)
_ADVICE: Final = "give CycloneDX (JSON, XML), SPDX 2.2 or 2.3 (JSON, tag-value), Syft's JSON, or a statement around one"


def looks_like_sbom(head: bytes) -> bool:
    """Tell by the first bytes whether a file may be an SBOM."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in {b"{", b"<", b"S", b"#"} and any(mark in head for mark in (*_MARKS, b"in-toto.io/Statement"))


def read_sbom(data: bytes, *, ref: str = "", source: str = "") -> Image:
    """Return the image or folder that an SBOM describes; raises SbomError when no format knows the text.

    `ref` names it, else its subject's name does. An SBOM says nothing of credentials, tools and file modes, which is
    told as a remark.
    """
    document = SbomText(data)
    for format_ in BUILTIN:
        bom = format_.read(document)
        if bom is not None:
            return _image(bom, ref, source)
    raise SbomError("the file is no SBOM of a known format", _ADVICE)


def _image(bom: Bom, ref: str, source: str) -> Image:
    subject = bom.subject or Component()
    name = ref or subject.name or source
    own = image_facts(subject.properties, ref=name)
    system = own[0].system if own is not None else system_of(bom)
    found = packages_of(bom, image=name, system=system)
    unknowns = [
        Unknown(
            subject=name,
            reason=f"{bom.format} tells packages only: credentials, tools and file modes were not looked at",
            incomplete=False,
        )
    ]
    unknowns += [
        Unknown(subject=source or name, reason=reason, advice="make the SBOM again") for reason in bom.problems
    ]
    if found.nameless:
        names = ", ".join(found.nameless[:_NAMED])
        more = f" and {len(found.nameless) - _NAMED} more" if len(found.nameless) > _NAMED else ""
        reason = f"{len(found.nameless)} components have no package URL and cannot be matched: {names}{more}"
        unknowns.append(Unknown(subject=source or name, reason=reason, incomplete=False))
    if own is not None:
        image = image_of(*own, ())
    else:
        # Others' documents do not tell the configuration: who runs it, and how, stays unknown.
        kind: Literal["image", "filesystem"] = "image" if _is_image(subject) else "filesystem"
        image = Image(ref=name, digest=_digest(subject), kind=kind, os=system)
    return msgspec.structs.replace(
        image, packages=found.packages, unknowns=tuple(unknowns), source=source or image.source
    )


def _is_image(subject: Component) -> bool:
    return subject.kind == "container" or subject.purl.startswith(("pkg:oci/", "pkg:docker/"))


def _digest(subject: Component) -> str:
    if subject.version.startswith("sha256:"):
        return subject.version
    try:
        version = parse(subject.purl, lenient=True).version
    except PurlError:
        return ""
    return version if version.startswith("sha256:") else ""
