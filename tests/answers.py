"""Builds findings and reports for tests of everything that comes after judgement."""

from collections.abc import Sequence
from typing import Any

from tidewaiter.core.finding import Finding, Fix, JsonPatch, ManualChange, SubjectRef, finding_id
from tidewaiter.core.model.image import BaseImage, Credential, Image, ImageConfig, Layer, Tool
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Fail, Unknown
from tidewaiter.core.model.vulnerability import Status, Vulnerability
from tidewaiter.core.rank import rank
from tidewaiter.core.report import AdvisoryFacts, Facts, Input, Report, ToolFacts, build_report, facts_of


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


def an_inventory(text: str = "") -> Report:
    """Return the report of a scan: two layers, a base, packages, vulnerabilities, a credential, a tool.

    `text` takes the place of every text that comes from an image or from advisory data.
    """
    openssl = Package(
        type="deb",
        name=text or "libssl3",
        version=text or "3.0.11-1",
        source_name=text or "openssl",
        location=Location(file=text or "var/lib/dpkg/status", layer=0, image="shop/web:1"),
    )
    log4j = Package(
        type="maven",
        name=text or "org.apache.logging.log4j:log4j-core",
        version=text or "2.14.1",
        inside=text or "BOOT-INF/lib/log4j-core.jar",
        location=Location(file=text or "app/web.jar", layer=1, image="shop/web:1"),
    )
    image = Image(
        ref=text or "registry.example/shop/web:1",
        digest="sha256:" + "0" * 64,
        source="web.tar",
        config=ImageConfig(user=text or "app", created=text or "2026-01-01T00:00:00Z"),
        layers=(
            Layer(index=0, diff_id="sha256:1", origin="base", created_by=text or "ADD rootfs"),
            Layer(index=1, diff_id="sha256:2", origin="own", created_by=text or "COPY web.jar /app"),
        ),
        os=OperatingSystem(id=text or "debian", version_id=text or "12", name=text or "Debian"),
        base=BaseImage(names=(text or "debian:12",), layers=1),
        packages=(openssl, log4j),
        credentials=(
            Credential(
                rule="aws-access-key",
                title=text or "AWS access key",
                location=Location(file=text or "root/.aws/credentials", line=2, layer=1, image="shop/web:1"),
                redacted=text or "AKIA… 20 characters",
                deleted_later=True,
            ),
        ),
        tools=(
            Tool(name=text or "curl", kind="network-client", location=Location(file=text or "usr/bin/curl", layer=0)),
        ),
    )
    found = (
        Vulnerability(id=text or "CVE-2024-1", package=openssl, fixed=text or "3.0.13-1", severity=Severity.HIGH, cvss=7.5,
                      cvss_vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", cwes=("CWE-476",)),
        Vulnerability(id=text or "CVE-2021-44228", aliases=(text or "GHSA-jfh8-c2jp-5v3q",), package=log4j, fixed=text or "2.15.0",
                      severity=Severity.CRITICAL, kev=True, epss=0.97, title=text or "Log4Shell"),
        Vulnerability(id=text or "CVE-2024-2", package=openssl, status=Status.WILL_NOT_FIX, severity=Severity.UNKNOWN),
        Vulnerability(id=text or "CVE-2024-3", package=openssl, severity=Severity.LOW, suppressed=text or "kernel-headers"),
    )  # fmt: skip
    unknowns = [Unknown(subject=text or "layer 1", reason=text or "cut off", advice=text or "pull it again")]
    return build_report(
        tool=ToolFacts(version="0.1", advisories=AdvisoryFacts(built="2026-11-25T00:00:00Z", age=1.0)),
        inputs=[Input(kind="image", name=image.ref, source="web.tar", digest=image.digest)],
        findings=(),
        groups=(),
        unknowns=unknowns,
        created="2026-11-25T07:00:00+00:00",
        facts=facts_of(image, found),
    )
