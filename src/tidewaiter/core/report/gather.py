"""Gathers the facts of one image in the order in which people and diffs read them best."""

from collections.abc import Mapping, Sequence

from tidewaiter.core.model.image import BaseImage, Credential, Image, Tool
from tidewaiter.core.model.package import Package
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.report.facts import (
    BaseFacts,
    CredentialFacts,
    Facts,
    ImageFacts,
    LayerFacts,
    PackageFacts,
    ToolFact,
    VulnerabilityFacts,
)
from tidewaiter.core.vuln.classes import Defect, classes_of


def facts_of(image: Image, vulnerabilities: Sequence[Vulnerability]) -> Facts:
    """Return the facts of one image in the order in which people and diffs read them best."""
    config = image.config
    origins = {layer.index: layer.origin for layer in image.layers}
    return Facts(
        image=ImageFacts(
            ref=image.ref,
            digest=image.digest,
            os=" ".join(part for part in (image.os.id, image.os.version_id) if part) if image.os else "",
            created=config.created if config else "",
            user=config.user if config else "",
            kind=image.kind,
            tags=image.tags,
            source=image.source,
            architecture=config.architecture if config else "",
            system=image.os,
            end_of_life=image.os.end_of_life if image.os else "",
            extended_support=image.os.extended_support if image.os else "",
            base=_base(image.base),
        ),
        layers=tuple(
            LayerFacts(
                index=layer.index,
                diff_id=layer.diff_id,
                digest=layer.digest,
                size=layer.size,
                created_by=layer.created_by,
                origin=layer.origin,
            )
            for layer in image.layers
        ),
        packages=tuple(
            sorted(
                (_package(package, origins) for package in image.packages),
                key=lambda fact: (fact.type, fact.name, fact.purl, fact.path, fact.inside),
            )
        ),
        vulnerabilities=tuple(
            sorted(
                (_vulnerability(found, origins) for found in vulnerabilities),
                key=lambda fact: (fact.purl, fact.id, fact.path, fact.inside),
            )
        ),
        credentials=tuple(map(_credential, image.credentials)),
        tools=tuple(sorted(map(_tool, image.tools), key=lambda fact: (fact.kind, fact.name, fact.path))),
    )


def _base(base: BaseImage | None) -> BaseFacts | None:
    if base is None:
        return None
    return BaseFacts(
        names=base.names, source=base.source, digest=base.digest, chain_id=base.chain_id, layers=base.layers
    )


def _origin(layer: int | None, origins: Mapping[int, str]) -> str:
    return "unknown" if layer is None else _word(origins.get(layer, "unknown"), "unknown")


def _word(value: str, default: str) -> str:
    """Return the default itself when the text equals it: defaults are left out of JSON by identity."""
    return default if value == default else value


def _package(package: Package, origins: Mapping[int, str]) -> PackageFacts:
    place = package.location
    layer = place.layer if place else None
    return PackageFacts(
        purl=package.purl,
        name=package.name,
        version=package.version,
        type=package.type,
        source=package.source[0],
        layer=layer,
        path=(place.file if place else "") or "",
        origin=_origin(layer, origins),
        source_version=package.source_version,
        arch=package.arch,
        namespace=package.namespace,
        distro=package.distro,
        maintainer=package.maintainer,
        licence=package.licence,
        module=package.module,
        repository=package.repository,
        owner=package.owner,
        inside=package.inside,
        is_main=package.is_main,
        is_guess=package.is_guess,
        found=_word(package.found, "installed"),
        scope=_word(package.scope, "unknown"),
        direct=package.direct,
        requires=package.requires,
    )


def _vulnerability(found: Vulnerability, origins: Mapping[int, str]) -> VulnerabilityFacts:
    place = found.package.location
    layer = place.layer if place else None
    return VulnerabilityFacts(
        id=found.id,
        aliases=found.aliases,
        purl=found.package.purl,
        installed=found.package.version,
        fixed=found.fixed,
        severity=found.severity.value,
        cvss=found.cvss,
        epss=found.epss,
        kev=found.kev,
        status=found.status.value,
        layer=layer,
        path=(place.file if place else "") or "",
        suppressed=found.suppressed,
        package=found.package.name,
        source=found.package.source[0],
        title=found.title,
        match=found.match,
        origin=_origin(layer, origins),
        inside=found.package.inside,
        severity_source=found.severity_source,
        kind=_word(found.kind, "vulnerability"),
        cvss_vector=found.cvss_vector,
        classes=classes_of(Defect(cwes=found.cwes, vector=found.cvss_vector, package=found.package.source[0])),
        cwes=found.cwes,
        epss_percentile=found.epss_percentile,
        kev_due=found.kev_due,
        kev_ransomware=found.kev_ransomware,
        published=found.published,
        feed=found.feed,
        fix_needs=found.fix_needs,
    )


def _credential(credential: Credential) -> CredentialFacts:
    return CredentialFacts(
        rule=credential.rule,
        title=credential.title,
        layer=credential.location.layer,
        path=credential.location.file or "",
        line=credential.location.line,
        redacted=credential.redacted,
        source=credential.source,
        deleted_later=credential.deleted_later,
        verified=credential.verified,
    )


def _tool(tool: Tool) -> ToolFact:
    return ToolFact(
        name=tool.name,
        kind=tool.kind,
        layer=tool.location.layer,
        path=tool.location.file or "",
        package=tool.package,
    )
