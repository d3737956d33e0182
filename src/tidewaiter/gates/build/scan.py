"""The inventory of one image or folder, without judgement."""

import msgspec

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.report import Input, Report, ToolFacts, build_report, facts_of
from tidewaiter.gates.build.bases import with_base
from tidewaiter.gates.build.images import match, read_one
from tidewaiter.gates.build.newer_base import base_notes
from tidewaiter.gates.build.support import with_end_of_life
from tidewaiter.gates.build.told import advisory_facts, told_time
from tidewaiter.gates.build.tools import ImageInput, Tools


def scan(wanted: ImageInput, *, tools: Tools) -> Report:
    """Return a report that holds facts and no findings; raises `ports.images.ImageError`."""
    image = with_end_of_life(with_base(read_one(wanted, tools), tools.bases), tools.advisories)
    vulnerabilities, coverage, unknowns = match([image], (), tools)
    report = build_report(
        tool=ToolFacts(version=tools.version, advisories=advisory_facts(coverage)),
        inputs=[
            Input(
                kind="filesystem" if image.kind == "filesystem" else "image",
                name=image.ref,
                source=image.source,
                digest=image.digest,
            )
        ],
        findings=(),
        groups=(),
        unknowns=(*image.unknowns, *unknowns, *_without_data(tools)),
        notes=tuple(base_notes(image, vulnerabilities.get(image.ref, ()), tools)),
        created=told_time(tools.clock),
        facts=facts_of(image, vulnerabilities.get(image.ref, ())),
    )
    if report.exit_code == 0:
        return msgspec.structs.replace(report, reasons=(_listed(report),))
    return report


def _listed(report: Report) -> str:
    """Return why a scan passed; it does not claim to have read what stands among the unknowns."""
    read = "everything was read" if not report.unknowns else "everything was read but what is told as not looked at"
    return f"{read}; `tidewaiter check` judges it"


def _without_data(tools: Tools) -> tuple[Unknown, ...]:
    """Return the open question of missing data even when no package was found: a scan never passes without it."""
    return (tools.advisories,) if isinstance(tools.advisories, Unknown) else ()
