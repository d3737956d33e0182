"""The sentence of a group: fix what, where, because of what, in words that a person acts on."""

from collections.abc import Sequence
from typing import Any, Final

from tidewaiter.core.finding import Finding, Fix
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Fail, Unknown

_LIKELY_EPSS: Final = 0.1
"""From this probability on the sentence says how likely exploitation is; below, the figure distracts."""
_OBJECTS_NAMED: Final = 2


def sentence(findings: Sequence[Finding], fix: Fix | None) -> str:
    """Return one sentence for findings that one change closes, the worst finding first.

    It says what to change, in which object, at which line, and why now: what an attacker gains, whether it is known
    to be exploited, whether it can be reached, and how many findings the change closes.
    """
    worst = findings[0]
    if isinstance(worst.verdict, Unknown):
        return f"Find out {_question(worst)}{_where(worst)} because {worst.verdict.reason}."
    failed = [finding for finding in findings if isinstance(finding.verdict, Fail)]
    if _vulnerabilities(failed):
        return f"{_upgrade(worst, fix)}{_in(failed)}{_where(worst)} because {_about_vulnerabilities(failed)}."
    return f"{_change(worst, fix)} because {_about(failed)}."


def _change(worst: Finding, fix: Fix | None) -> str:
    """Return what to change and where; the object is named once, here unless the reason names it."""
    title = _first_sentence(fix.title) if fix is not None else ""
    ref = worst.subject.ref
    if worst.subject.kind == "tree":  # The whole run has no place that a person would edit.
        return _capital(title or _first_sentence(worst.remediation or worst.title or worst.policy))
    named = ref in {"", "."} or ref in worst.message
    if title:
        return _capital(title) + ("" if named or ref in title else f" in {worst.subject}") + _where(worst)
    text = _first_sentence(worst.remediation or worst.title or worst.policy)
    if named:
        return _capital(text) + _where(worst)
    return f"In {_placed(worst)}, {text[:1].lower()}{text[1:]},"


def _placed(finding: Finding) -> str:
    """Return the object with its place, once where the object is the file itself."""
    name, where = str(finding.subject), _where(finding)
    inside = where.strip(" ()")
    return inside if inside.partition(":")[0] == name else name + where


def _upgrade(worst: Finding, fix: Fix | None) -> str:
    facts = dict(worst.facts)
    name = facts.get("sourcePackage") or facts.get("package")
    installed = facts.get("installed")
    title = _first_sentence(fix.title) if fix is not None else ""
    if title:
        told = _capital(title)
        if installed and " from " not in told and " to " in told:
            return told.replace(" to ", f" from {installed} to ", 1)
        return told
    if facts.get("fixed"):
        return f"Upgrade {name} from {installed} to {facts['fixed']}"
    return f"Replace or do without {name} {installed or ''}".rstrip() + ", which has no fix yet,"


def _in(findings: Sequence[Finding]) -> str:
    places = sorted({finding.subject.image or finding.location.image or "" for finding in findings} - {""})
    if not places:
        return ""
    rest = len(places) - _OBJECTS_NAMED
    return " in " + " and ".join(places[:_OBJECTS_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _where(finding: Finding) -> str:
    """Return the place in brackets: a file and line before a layer, because that is where a person edits."""
    places = [place for place in (finding.location, *finding.related) if place.file not in {None, "", "."}]
    edited = next((place for place in places if not place.image), None)
    if edited is not None:
        at = f"{edited.file}:{edited.line}" if edited.line is not None else str(edited.file)
        return f" ({at})"
    place = finding.location
    if place.layer is not None:
        return f" (layer {place.layer}{f', {place.file}' if place.file else ''})"
    return f" ({place.file})" if places and place.file else ""


def _vulnerabilities(findings: Sequence[Finding]) -> list[str]:
    """Return the ids of vulnerabilities among the findings, worst first, each once."""
    ids = (dict(finding.facts).get("vulnerability") for finding in findings)
    return list(dict.fromkeys(str(one) for one in ids if one))


def _about_vulnerabilities(findings: Sequence[Finding]) -> str:
    ids = _vulnerabilities(findings)
    facts = [dict(finding.facts) for finding in findings]
    parts = [_counted(findings)]
    exploited = list(dict.fromkeys(str(one.get("vulnerability")) for one in facts if one.get("kev") is True))
    if exploited:
        parts.append(f"{exploited[0] if len(ids) > 1 else 'it'} is known to be exploited")
    parts += _likelihood(facts, named=len(ids) > 1, exploited=bool(exploited))
    parts += _exposure(findings)
    return _joined(parts)


def _counted(findings: Sequence[Finding]) -> str:
    ids = _vulnerabilities(findings)
    worst = max(findings, key=lambda finding: _own_severity(finding).rank)
    severity = _own_severity(worst)
    word = "severity unknown" if severity is Severity.UNKNOWN else severity.value
    name = dict(worst.facts).get("vulnerability", ids[0])
    if len(ids) == 1:
        return f"{name} ({word}) is in it"
    return f"it closes {len(ids)} vulnerabilities, the worst {word} ({name})"


def _own_severity(finding: Finding) -> Severity:
    """Return the severity of the vulnerability itself; that of the finding is its policy's, which may differ."""
    told = dict(finding.facts).get("severity")
    return Severity(told) if told in {one.value for one in Severity} else finding.severity


def _likelihood(facts: Sequence[dict[str, Any]], *, named: bool, exploited: bool) -> list[str]:
    figures = [(one["epss"], str(one.get("vulnerability"))) for one in facts if isinstance(one.get("epss"), float)]
    if exploited or not figures or max(figures)[0] < _LIKELY_EPSS:
        return []
    epss, which = max(figures)
    return [f"{which if named else 'it'} has a {epss:.0%} chance of being exploited within 30 days (EPSS)"]


def _exposure(findings: Sequence[Finding]) -> list[str]:
    exposed = [facts for facts in (dict(finding.facts) for finding in findings) if facts.get("exposed") is True]
    if not exposed:
        return []
    by = exposed[0].get("exposedBy")
    return ["it can be reached from outside" + (f" through {by}" if isinstance(by, str) and by else "")]


def _about(findings: Sequence[Finding]) -> str:
    worst = findings[0]
    parts = [f"{_clause(worst.message)} ({worst.severity.value})"]
    facts = dict(worst.facts)
    if facts.get("kev") is True:
        parts.append("it is known to be exploited")
    if worst.severity.rank >= Severity.MEDIUM.rank and "outside" not in worst.message:
        parts += _exposure(findings)
    if len(findings) > 1:
        parts.append(f"the same change closes {len(findings) - 1} more")
    return _joined(parts)


def _question(finding: Finding) -> str:
    if finding.title:
        return f"whether {_clause(finding.title)} in {finding.subject}"
    return f"what `{finding.policy}` asks of {finding.subject}"


def _clause(text: str) -> str:
    """Return a message as the inside of a sentence: no final stop, a lower-case article or noun at the start."""
    text = text.strip().rstrip(".")
    head, blank, rest = text.partition(" ")
    if head.istitle() and head.isalpha() and blank:
        return f"{head.lower()} {rest}"
    return text


def _first_sentence(text: str) -> str:
    first = text.strip().split(". ", 1)[0].split("\n", 1)[0]
    return first.rstrip(". ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _joined(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]
