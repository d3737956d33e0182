"""Builds findings and reports for tests of everything that comes after judgement."""

from collections.abc import Sequence
from typing import Any

from tidewaiter.core.finding import Finding, Fix, JsonPatch, ManualChange, SubjectRef, finding_id
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Fail, Unknown
from tidewaiter.core.rank import rank
from tidewaiter.core.report import AdvisoryFacts, Facts, Input, Report, ToolFacts, build_report


def a_finding(
    *,
    policy: str = "privileged-container",
    severity: str = "high",
    ref: str = "shop/Deployment/web",
    key: str = "",
    **changes: Any,
) -> Finding:
    """Return a violation in a container of a Deployment; every field can be changed."""
    subject = changes.pop("subject", SubjectRef(kind="container", ref=ref, namespace="shop", container="web", key=key))
    fields: dict[str, Any] = {
        "id": finding_id(policy=policy, rule="rule", subject=subject),
        "policy": policy,
        "rule": "rule",
        "title": "Container runs privileged",
        "severity": Severity(severity),
        "verdict": Fail(),
        "message": "Container web runs privileged",
        "subject": subject,
        "location": Location(file="deploy/web.yaml", line=23, column=9, pointer="/spec/privileged"),
        "enforce": "fail" if severity in {"critical", "high"} else "warn",
    }
    return Finding(**(fields | changes))


def an_open_question(**changes: Any) -> Finding:
    """Return a policy's own Unknown."""
    verdict = Unknown(subject="image shop/web", reason="the image was not given", incomplete=False)
    return a_finding(verdict=verdict, **changes)


def a_vulnerability(
    cve: str, *, package: str = "openssl", fixed: str = "3.0.13", image: str = "shop/web:1", **changes: Any
) -> Finding:
    """Return a vulnerable package of an image, which an upgrade closes."""
    facts = {
        "vulnerability": cve,
        "package": package,
        "installed": "3.0.11",
        "fixed": fixed,
        "purl": f"pkg:deb/debian/{package}@3.0.11",
    }
    facts |= changes.pop("more", {})
    return a_finding(
        policy="fixable-severe-vulnerability",
        severity=changes.pop("severity", "high"),
        subject=SubjectRef(kind="vulnerability", ref=image, image=image, key=f"{cve} {package}"),
        location=changes.pop("location", Location(image=image, layer=2, file="var/lib/dpkg/status")),
        message=f"{package} has {cve}",
        facts=tuple(facts.items()),
        fix=changes.pop(
            "fix",
            Fix(
                title=f"upgrade {package} to {fixed}", patches=(ManualChange(identity=f"upgrade {package} in {image}"),)
            ),
        ),
        **changes,
    )


def a_patch(path: str, value: Any = False, *, file: str = "deploy/web.yaml", safe: bool = True) -> Fix:
    """Return a fix of one manifest field."""
    return Fix(
        title=f"set {path.rpartition('/')[2]}",
        safe=safe,
        patches=(JsonPatch(file=file, op="add", path=path, value=value),),
    )


def a_report(findings: Sequence[Finding] = (), unknowns: Sequence[Unknown] = (), **more: Any) -> Report:
    """Return the report of these findings."""
    facts: Facts | None = more.pop("facts", None)
    return build_report(
        tool=ToolFacts(version="0.1.0", advisories=AdvisoryFacts(built="2026-11-20T00:00:00Z", age=120.0)),
        inputs=[Input(kind="tree", name="examples/shop")],
        findings=findings,
        groups=rank(findings),
        unknowns=unknowns,
        facts=facts,
        **more,
    )
