"""Turns verdicts into the vulnerabilities that policies see: severity, exploitation, explanation."""

from collections.abc import Collection, Sequence

from tidewaiter.core.model.package import Package
from tidewaiter.core.model.vulnerability import Status, Vulnerability
from tidewaiter.core.vuln.advisory import ANY, Exploitation, Opinion, Qualifiers
from tidewaiter.core.vuln.aliases import CVE, ranked
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS, compared_version, key_of
from tidewaiter.core.vuln.judge import Verdict
from tidewaiter.core.vuln.kernel import REASON, is_kernel_headers
from tidewaiter.core.vuln.severity import Rating, rate
from tidewaiter.core.vuln.source import AdvisorySource

_UNDECIDED = {Status.UNKNOWN, Status.UNDER_INVESTIGATION}
_OF_ITS_OWN = "Bottlerocket"  # compares releases of the system, whatever its packages are
_NOBODY = Exploitation(cve="")
_SCHEMES = {one.purl_type: one.scheme.id for one in ECOSYSTEMS.values() if one.name != _OF_ITS_OWN}


def is_told(verdict: Verdict) -> bool:
    """Tell whether a verdict becomes a vulnerability: vulnerable, or left open by the vendor itself.

    What we could not compare is told once per package, as an Unknown (`unmatched.refused_versions`).
    """
    if verdict.status.is_vulnerable:
        return True
    return verdict.status in _UNDECIDED and not verdict.judgements[0].why


class Teller:
    """Looks everything up once for all verdicts, then tells them one by one."""

    def __init__(self, verdicts: Sequence[Verdict], advisories: AdvisorySource) -> None:
        """Fetch what other records say about the same ids, and what is known about their exploitation."""
        self._verdicts = {id(verdict): verdict for verdict in verdicts}
        self._opinions: dict[str, list[Opinion]] = {}
        wanted = {name for verdict in self._verdicts.values() if _asks_others(verdict) for name in verdict.ids}
        for opinion in advisories.opinions(sorted(wanted)):
            for name in opinion.ids:
                self._opinions.setdefault(name, []).append(opinion)
        self._known_names = {key: self._names(verdict, ()) for key, verdict in self._verdicts.items()}
        cves = {name for names in self._known_names.values() for name in names if name.startswith("CVE-")}
        self._exploitation = advisories.exploitation(sorted(cves))
        self._ratings: dict[int, Rating] = {}

    def tell(
        self, package: Package, verdict: Verdict, *, suppressed: str = "", note: str = "", more: Collection[str] = ()
    ) -> Vulnerability:
        """Return one vulnerability of one package; `more` are ids that another finding hands over to this one."""
        names = self._names(verdict, more) if more else self._known_names[id(verdict)]
        rating = self._rating(verdict)
        known = [self._exploitation[name] for name in names if name in self._exploitation]
        listed = likely = _NOBODY
        if known:
            listed = next((one for one in known if one.kev), _NOBODY)
            likely = max(known, key=lambda one: (one.epss or 0.0, one.cve))
        rows = [judgement.row for judgement in verdict.judgements]
        if verdict.status in _UNDECIDED and not suppressed:
            suppressed = f"{verdict.status.value.replace('_', ' ')}: the feed leaves it open"
        if is_kernel_headers(package):
            suppressed = REASON
        return Vulnerability(
            id=names[0],
            aliases=names[1:],
            package=package,
            status=verdict.status,
            fixed=_written(package, verdict.fixed) if verdict.status.is_vulnerable else None,
            severity=rating.severity,
            severity_source=rating.source,
            kind=_kind(verdict),
            title=next((row.title for row in rows if row.title), ""),
            cvss=rating.score.score if rating.score is not None else None,
            cvss_vector=rating.score.vector if rating.score is not None else "",
            cwes=self._cwes(verdict),
            fix_needs=verdict.needs if verdict.status.is_vulnerable else "",
            epss=likely.epss,
            epss_percentile=likely.epss_percentile,
            kev=listed.kev,
            kev_due=listed.kev_due,
            kev_ransomware=any(one.kev_ransomware for one in known),
            published=min((row.published for row in rows if row.published), default=""),
            feed=rows[0].feed,
            match=_explained(package, verdict) + (f"; {note}" if note else ""),
            suppressed=suppressed,
        )

    def _names(self, verdict: Verdict, more: Collection[str]) -> tuple[str, ...]:
        """Return all ids, the reported one first; a record of another package may know the CVE that ours does not."""
        if not more and _has_cve(verdict):
            return verdict.ids
        names = {*verdict.ids, *more}
        if not _has_cve(verdict):
            for name in verdict.ids:
                for opinion in self._opinions.get(name, ()):
                    names.update(opinion.ids)
        return ranked(names)

    def _cwes(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the weaknesses that our own records name, or else those that other records of the defect name."""
        own = {name for judgement in verdict.judgements for name in judgement.row.cwes}
        others = (opinion for name in verdict.ids for opinion in self._opinions.get(name, ()))
        return tuple(sorted(own or {name for opinion in others for name in opinion.cwes}))

    def _rating(self, verdict: Verdict) -> Rating:
        """Return the rating; what rests on one row alone is rated once for all versions that the row speaks of.

        Others are heard only where this verdict asked for them: what other packages ask must not change the answer.
        """
        judgements = verdict.judgements
        key = id(judgements[0].row) if len(judgements) == 1 else id(verdict)
        rating = self._ratings.get(key)
        if rating is None:
            asked = verdict.ids if _asks_others(verdict) else ()
            others = [opinion for name in asked for opinion in self._opinions.get(name, ())]
            status = verdict.status.is_vulnerable
            rows = [j.row for j in judgements if j.status.is_vulnerable == status]
            rating = self._ratings[key] = rate(rows, others)
        return rating


def _asks_others(verdict: Verdict) -> bool:
    """Tell whether our own records lack a score, a weakness or a CVE, so that records of other packages are asked."""
    rows = [judgement.row for judgement in verdict.judgements]
    return not _has_cve(verdict) or all(row.cvss is None for row in rows) or not any(row.cwes for row in rows)


def _has_cve(verdict: Verdict) -> bool:
    return CVE.fullmatch(verdict.ids[0]) is not None  # the ids are ranked, a CVE comes first


def _written(package: Package, version: str | None) -> str | None:
    """Return a version as installed ones are written: rpms without an epoch of 0, which some feeds spell out."""
    return version.removeprefix("0:") if version is not None and package.type == "rpm" else version


def _kind(verdict: Verdict) -> str:
    """Return the class: malicious if any record says so, informational only if all do."""
    kinds = {judgement.row.kind for judgement in verdict.judgements if judgement.status.is_vulnerable}
    if "malicious" in kinds:
        return "malicious"
    return "informational" if kinds == {"informational"} else "vulnerability"


def _explained(package: Package, verdict: Verdict) -> str:
    """Return row, interval and comparer: `source openssl 3.0.11-1 < 3.0.13-1~deb12u1 (dpkg; debian-tracker CVE-…)`."""
    first = verdict.judgements[0]
    row = first.row
    is_source = package.type in {"deb", "apk"} or bool(first.version)
    name = package.source[0] if is_source else _own_name(package)
    word = "source " if is_source else ""
    version = first.version or compared_version(package)
    interval = row.interval
    compared = f"{interval} ({_SCHEMES.get(package.type, '')}; {row.feed} {row.record})"
    if not interval.lo and interval.hi is None:
        state = f"{row.status.value.replace('_', ' ')}, no fixed version"
        compared = f"{state} ({row.feed} {row.record})"
    asked = _asked(row.qualifiers)
    others = [f"{j.row.feed} {j.row.record}" for j in verdict.judgements[1:] if j.status.is_vulnerable]
    also = f"; also {', '.join(others)}" if others else ""
    return f"{word}{name} {version} {compared}{asked}{also}"


def _own_name(package: Package) -> str:
    key = key_of(package, None)
    return key.name if key is not None else package.name


def _asked(qualifiers: Qualifiers) -> str:
    """Return what the row asked for beyond the name, as far as it helps to understand the match."""
    if qualifiers is ANY:
        return ""
    parts = [f"module {qualifiers.module}"] if qualifiers.module else []
    if qualifiers.flavour:
        parts.append(f"flavour {qualifiers.flavour}")
    if qualifiers.needs:
        parts.append(f"channel {qualifiers.needs}")
    if qualifiers.review:
        parts.append("needs review: its record has ranges that versions of this ecosystem cannot express")
    return f"; {', '.join(parts)}" if parts else ""
