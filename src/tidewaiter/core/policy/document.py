"""The native policy document, field by field (decision 3); decoded strictly, nothing is ignored."""

from typing import Annotated, Any, Literal

import msgspec

from tidewaiter.core.model.location import Positions
from tidewaiter.core.policy.selector import Selector
from tidewaiter.core.policy.stages import STAGES, BuildAction, DeployAction, OnUnknown, Stage

API_VERSION = "tidewaiter.dev/v1"
Name = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Cel = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class PolicySource(msgspec.Struct, frozen=True, kw_only=True):
    """One decoded document of a policy file, as `scan.yaml_text` gives it."""

    file: str
    value: Any
    positions: Positions | None = None
    text: str = ""
    """The document's own text; with it, errors point into one-line and block expressions."""
    line: int = 1
    """First line of `text` in the file."""


class _Strict(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True
):
    """Base of the document's parts."""


class Metadata(_Strict, frozen=True, kw_only=True):
    """Name and place of the policy."""

    name: Name
    """Kebab-case noun of the defect: the policy's id in every output."""
    namespace: str = ""
    """Only for kind `Policy`: the namespace in which it acts."""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class Param(_Strict, frozen=True, kw_only=True):
    """One parameter; expressions read `params.<name>`."""

    type: Text
    """`string`, `int`, `double`, `bool`, `list(string)`, `map(string, string)` …"""
    default: Any
    description: str = ""


class PatchOperation(_Strict, frozen=True, kw_only=True):
    """One operation of RFC 6902 on the subject (or item)."""

    op: Literal["add", "replace", "remove"]
    path: str
    """JSON Pointer relative to the subject or item; may hold `{{ CEL }}`."""
    value: Any = None
    """A value, or `{expression: CEL}` at any depth."""


class TextReplacement(_Strict, frozen=True, kw_only=True, rename={"replacement": "with"}):
    """A change of a text file on the finding's line."""

    find: Text
    """May hold `{{ CEL }}`, as may `with`."""
    replacement: str


class FixTemplate(_Strict, frozen=True, kw_only=True):
    """The change that closes the finding."""

    patch: tuple[PatchOperation, ...] = ()
    replace_text: TextReplacement | None = None
    safe: bool = False
    """True when it may be applied without a person."""
    why: str = ""
    """Why it breaks nothing, or what to check first."""


class Rule(_Strict, frozen=True, kw_only=True):
    """One condition: `forbid` true is a violation, `require` false is a violation."""

    name: Name
    each: Cel | None = None
    """A list; the rule is judged once per element, bound to `item`, its number to `index`."""
    forbid: Cel | None = None
    require: Cel | None = None
    message: Text
    """One sentence, with `{{ CEL }}`."""
    at: str = ""
    """JSON Pointer relative to the subject, or to the item; may hold `{{ CEL }}`."""
    related: Cel | None = None
    """A CEL list of JSON Pointers relative to the subject's object, or of records with a `path`."""
    fix: FixTemplate | None = None


class Enforce(_Strict, frozen=True, kw_only=True):
    """What each stage does with a violation."""

    build: BuildAction | None = None
    deploy: DeployAction | None = None
    runtime: tuple[str, ...] = ()


class Spec(_Strict, frozen=True, kw_only=True):
    """What is judged, how bad a violation is, and what follows."""

    title: Text
    description: str = ""
    rationale: str = ""
    remediation: str = ""
    severity: Literal["critical", "high", "medium", "low", "info"]
    categories: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    mitre: tuple[Annotated[str, msgspec.Meta(pattern="^TA?[0-9]{4}([.][0-9]{3})?$")], ...] = ()
    stages: tuple[Stage, ...] = STAGES
    params: dict[str, Param] = {}
    subject: Text
    match: Selector = Selector()
    exclude: Selector | None = None
    where: Cel | None = None
    variables: dict[str, Cel] = {}
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(min_length=1)]
    on_unknown: dict[Stage, OnUnknown] = {}
    enforce: Enforce = Enforce()


class PolicyDocument(_Strict, frozen=True, kw_only=True):
    """A `ClusterPolicy` acts everywhere; a `Policy` is a team's own and acts in its namespace only."""

    api_version: Literal["tidewaiter.dev/v1"]
    kind: Literal["ClusterPolicy", "Policy"]
    metadata: Metadata
    spec: Spec
