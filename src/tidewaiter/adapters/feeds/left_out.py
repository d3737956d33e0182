"""Documents that stand beside advisories and bring nothing, so that a person learns why they were left out."""

import re
from typing import Final

_SNIFFED: Final = 4096
_REASONS: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (
        re.compile(rb"^\s*(<\?xml[^>]*>\s*)?<rss\b"),
        "a news feed without versions; take the repositories' updateinfo.xml",
    ),
    (re.compile(rb"^\s*(<\?xml[^>]*>\s*)?<repomd\b"), "an index of a repository; it names the updateinfo.xml to take"),
    (re.compile(rb"(?i)^\s*<(!doctype )?html"), "a page for people"),
    (re.compile(rb"(?m)^document: modulemd"), "a list of modules; updates name their module themselves"),
    (re.compile(rb"^\s*\{\s*\"motd\""), "Amazon's catalogue of extras"),
    (re.compile(rb"^\s*\{\s*\"branches\""), "a list of branches"),
    (
        re.compile(rb"\"category\"\s*:\s*\"csaf_(security_advisory|base)\""),
        "a notice by product; VEX says the same by CVE",
    ),
    (
        re.compile(rb"\"category\"\s*:\s*\"csaf_vex\""),
        "a VEX document; give it with `--vex`",
    ),
    (re.compile(rb"openvex\.dev/ns"), "a VEX document; give it with `--vex`"),
    (
        re.compile(rb"^\s*\{\s*(\"\w+\"\s*:\s*\"[^\"]*\"\s*,\s*)*\"(threat_severity|bugzilla)\""),
        "Red Hat's older security data; its VEX documents know more",
    ),
    (re.compile(rb"(?m)^CVE-\d{4}-\S+ [(\[]"), "the notes from which Debian's tracker is made; take its data.json"),
    (
        re.compile(rb"(?m)^(Candidate|PublicDate): "),
        "the notes from which Ubuntu's OSV archive is made; take osv-all.tar.xz",
    ),
    (re.compile(rb"Canonical USN OVAL Generator"), "Ubuntu's OVAL; take osv-all.tar.xz, which knows unfixed ones too"),
    (re.compile(rb"(?m)^distroversion: "), "Alpine's form until 2020; take the JSON of secdb.alpinelinux.org"),
)
_STAMP: Final = re.compile(rb"\d{4}-\d\d-\d\d(?:T[\d:.+Z-]+)?|\.(?:json|tar\.zst)\b")


def why_left_out(head: bytes) -> str:
    """Return why a document that no feed takes brings nothing; empty when it is in no format that is known."""
    start = head[:_SNIFFED]
    for pattern, reason in _REASONS:
        if pattern.search(start) is not None:
            return reason
    lines = start.splitlines()[:20]
    if lines and all(_is_index(line) for line in lines):
        return "an index of other documents"
    return ""


def _is_index(line: bytes) -> bool:
    text = line.strip().strip(b'"')
    return 0 < len(text) < 300 and _STAMP.search(text) is not None and not text.startswith((b"{", b"[", b"<"))
