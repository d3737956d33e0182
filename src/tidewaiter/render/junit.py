"""A report as JUnit XML, which every CI server shows as tests.

The form is the one that Jenkins and GitLab read (jenkinsci/xunit-plugin: junit-10.xsd). A test is one policy about one
subject: it fails when the finding fails the gate, is skipped when the question stayed open, and passes when the finding
only warns or is exempted, with the message as its output.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tidewaiter.core.report import Report, ReportFinding, ReportUnknown

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = _TEXT | str.maketrans({"\n": "&#10;", "\t": "&#9;"})
"""A parser makes spaces of line ends and tabs in attributes (XML 1.0, 3.3.3). The standard library's own function brings
an HTTP client and TLS with it."""
_BLOCKING: Final = frozenset({"fail", "deny"})


class _Junit(msgspec.Struct, frozen=True):
    """Member of the renderer family."""

    id: str = "junit"
    tags: frozenset[str] = frozenset({"machines", "check"})
    media_type: str = "application/xml"

    def render(self, report: Report, *, colour: bool = False, width: int = 100) -> str:
        """Return the test suites."""
        _ = colour, width
        return render(report)


def render(report: Report) -> str:
    """Return one suite per policy and one for what could not be read, ending in a newline."""
    by_policy: dict[str, list[ReportFinding]] = {}
    for finding in report.findings:
        by_policy.setdefault(finding.policy, []).append(finding)
    suites = [_suite(policy, found) for policy, found in sorted(by_policy.items())]
    unread = [one for one in report.unknowns if one.incomplete]
    suites.append(_unread(unread))
    failed = sum(_fails(finding) for finding in report.findings)
    tests = len(report.findings) + max(len(unread), 1)
    head = (
        f'<testsuites name={_attribute(report.tool.name)} tests="{tests}" failures="{failed}" errors="{len(unread)}">'
    )
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>")) + "\n"


def _suite(policy: str, findings: Sequence[ReportFinding]) -> str:
    failed = sum(map(_fails, findings))
    skipped = sum(map(_is_open, findings))
    head = f'<testsuite name={_attribute(policy)} tests="{len(findings)}" failures="{failed}" skipped="{skipped}">'
    return "\n".join((f"  {head}", *map(_case, findings), "  </testsuite>"))


def _case(finding: ReportFinding) -> str:
    name = f"{finding.subject} {finding.subject.key}".strip()
    place = finding.location.file or finding.location.image or ""
    head = f"    <testcase classname={_attribute(finding.policy)} name={_attribute(f'{name} ({finding.id})')}"
    if place:
        head += f" file={_attribute(place)}"
    if finding.location.line is not None:
        head += f' line="{finding.location.line}"'
    return f"{head}>\n{_outcome(finding)}\n    </testcase>"


def _outcome(finding: ReportFinding) -> str:
    if _is_open(finding):
        return f"      <skipped message={_attribute(f'{finding.message}: {finding.reason}')}/>"
    told = _text("\n".join(_lines(finding)))
    if _fails(finding):
        head = f"<failure type={_attribute(finding.severity)} message={_attribute(finding.message)}>"
        return f"      {head}{told}</failure>"
    return f"      <system-out>{told}</system-out>"


def _lines(finding: ReportFinding) -> Iterable[str]:
    yield f"{finding.severity}: {finding.message}"
    yield f"at {finding.location}"
    if finding.owner.value:
        yield f"owner {finding.owner.value}"
    if finding.fix is not None:
        yield f"fix: {finding.fix.title}"
    elif finding.remediation:
        yield f"fix: {finding.remediation}"
    if finding.exception is not None:
        yield f"exempted by {finding.exception}"


def _unread(unknowns: Sequence[ReportUnknown]) -> str:
    """Return the suite of reading: an error per thing that was not read, one passing test when all was."""
    cases = [
        f'    <testcase classname="reading" name={_attribute(one.subject)}>\n'
        f"      <error message={_attribute(one.reason)}>{_text(one.advice)}</error>\n    </testcase>"
        for one in unknowns
    ] or ['    <testcase classname="reading" name="everything was read"/>']
    head = f'  <testsuite name="reading" tests="{len(cases)}" errors="{len(unknowns)}">'
    return "\n".join((head, *cases, "  </testsuite>"))


def _fails(finding: ReportFinding) -> bool:
    is_live = finding.verdict == "Fail" and finding.exception is None
    return is_live and finding.enforce in _BLOCKING and finding.severity != "info"


def _is_open(finding: ReportFinding) -> bool:
    return finding.verdict == "Unknown" and finding.exception is None


def _clean(text: str) -> str:
    """Return text without the characters that XML 1.0 has no way to write."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _attribute(text: str) -> str:
    told = _clean(text).translate(_ATTRIBUTE)
    if '"' not in told:
        return f'"{told}"'
    return f"'{told}'" if "'" not in told else '"' + told.replace('"', "&quot;") + '"'


def _text(text: str) -> str:
    return _clean(text).translate(_TEXT)


RENDERER: Final = _Junit()
