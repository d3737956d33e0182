"""Language packages that an OS package owns: the distribution patches them, so its verdict is heard first (9.3)."""

from collections.abc import Iterable, Mapping

import msgspec

from tidewaiter.core.model.package import Package
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.judge import Verdict


class Vendor(msgspec.Struct, frozen=True, kw_only=True):
    """What the distribution says about the OS package that owns a language package."""

    package: Package
    verdicts: Mapping[str, Verdict]
    """By every id of each verdict."""


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """How the distribution's word changes one upstream finding."""

    suppressed: str = ""
    """Reason why the upstream finding is not counted; empty when it is."""
    note: str = ""
    """What is added to the explanation of the match."""
    reported: str = ""
    """Id of the distribution's own finding that takes over the upstream ids; empty when there is none."""


def index(package: Package, verdicts: Iterable[Verdict]) -> Vendor:
    """Return the distribution's verdicts about a package by each of their ids."""
    return Vendor(package=package, verdicts={name: verdict for verdict in verdicts for name in verdict.ids})


def covered(verdict: Verdict, vendor: Vendor | None, owner: str) -> Covered:
    """Return what the owner's distribution says about an upstream verdict; `owner` names the OS package.

    Fixed or not affected there: shown as covered. Vulnerable there: the distribution's finding stands for both.
    Silent or undecided: the upstream finding counts and says so. Malicious code is never covered.
    """
    if not owner or any(judgement.row.kind == "malicious" for judgement in verdict.judgements):
        return Covered()
    said = None if vendor is None else next((vendor.verdicts[i] for i in verdict.ids if i in vendor.verdicts), None)
    if vendor is None or said is None or said.status in {Status.UNKNOWN, Status.UNDER_INVESTIGATION}:
        return Covered(note=f"owned by OS package {owner}, whose distribution says nothing about it")
    whole = f"{vendor.package.name} {vendor.package.version}"
    if said.status.is_vulnerable:
        text = f"covered by vendor: {said.status.value}, reported for {whole} as {said.ids[0]}"
        return Covered(suppressed=text, reported=said.ids[0])
    detail = f" since {said.fixed}" if said.fixed else ""
    return Covered(suppressed=f"covered by vendor: {said.status.value}{detail} in {whole}")
