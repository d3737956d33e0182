"""What a policy says about a fact: the finding, its subject, its place and its fix."""

import hashlib
from typing import Any, Literal

import msgspec

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Verdict


class SubjectRef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Names what was judged, without line numbers, so that the name survives edits."""

    kind: str
    """The subject kind of the policy: `container`, `image`, `vulnerability`, ..."""
    ref: str
    """`shop/Deployment/web`, `shop/web:1.0`, `services/web/Dockerfile`."""
    namespace: str = ""
    container: str = ""
    image: str = ""
    key: str = ""
    """Key of the judged element: env name, CVE id + purl, instruction text."""

    def __str__(self) -> str:
        """Write the subject as one phrase for tables."""
        return f"{self.ref}[{self.container}]" if self.container else self.ref


class JsonPatch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="json-patch", tag_field="type"):
    """One operation on one document of a YAML or JSON file (RFC 6902); missing parents of `add` are made."""

    file: str
    document: int = 0
    op: Literal["add", "replace", "remove"]
    path: str
    """JSON Pointer from the root of the document."""
    value: Any = None


class ReplaceText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="replace-text", tag_field="type"):
    """Replaces the first occurrence of `find` at or after `line` in a text file."""

    file: str
    line: int
    find: str
    replacement: str


class ManualChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="manual", tag_field="type"):
    """A change that a person or another tool makes; `identity` joins findings closed by the same change."""

    identity: str


Patch = JsonPatch | ReplaceText | ManualChange


class Fix(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change at the source that closes the finding."""

    title: str
    """What to do, imperative: `set allowPrivilegeEscalation: false`, `upgrade openssl to 3.0.13-1~deb12u1`."""
    patches: tuple[Patch, ...] = ()
    safe: bool = False
    """True when it may be applied without a person."""
    why: str = ""
    """Why it does not break the application, or what to check first."""


class Owner(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who acts on a finding, and by which rule that was decided."""

    value: str
    """`team:payments`, `mailto:…`, `slack:#…`, or free text that cannot be routed; empty when nobody is named."""
    rule: str
    """`annotation tidewaiter.dev/owner of Deployment/web`, `CODEOWNERS line 3`, `none`."""
    routable: bool = True


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One violation (verdict `Fail`) or one question that stayed open (verdict `Unknown`)."""

    id: str
    policy: str
    rule: str
    title: str = ""
    severity: Severity
    verdict: Verdict
    message: str
    subject: SubjectRef
    location: Location
    related: tuple[Location, ...] = ()
    owner: Owner | None = None
    fix: Fix | None = None
    remediation: str = ""
    enforce: str = "warn"
    """What the stage does with it: `fail`, `warn` at build; `deny`, `warn`, `audit` at deploy."""
    on_unknown: Literal["allow", "warn", "deny"] = "warn"
    exception: str | None = None
    """Id of the exception or acceptance that exempts it."""
    facts: tuple[tuple[str, Any], ...] = ()
    """Figures that ranking reads (`cvss`, `epss`, `kev`, `exposed`), JSON values."""


def finding_id(*, policy: str, rule: str, subject: SubjectRef) -> str:
    """Return 16 hex digits that stay the same while lines move and messages are reworded (decision 3b)."""
    parts = (policy, rule, subject.kind, subject.ref, subject.container, subject.key)
    text = "\x1f".join(part.replace("\x1f", " ") for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
