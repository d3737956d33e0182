"""The page for people."""

import msgspec
import pytest

from answers import a_finding, a_patch, a_report, a_vulnerability, an_open_question
from tidewaiter.core.finding import Owner
from tidewaiter.core.model.image import Credential, Image, ImageConfig, Layer, Tool
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.severity import Severity
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.report import ExceptionNote, Note, facts_of
from tidewaiter.render.table import render
from tidewaiter.render.table.text import clean


def test_at_most_ten_groups_and_the_count_of_the_rest():
    """Ten sentences, then a count by severity."""
    found = [a_finding(policy=f"policy-{number:02}", severity="high" if number < 12 else "low") for number in range(15)]
    page = render(a_report(found), width=200)
    assert 10 == page.count("because container web runs privileged")
    assert "and 5 more groups (2 high, 3 low); `--format json` lists all of them" in page


def test_the_last_line_says_which_exit_code_and_why():
    """Nobody has to guess why the build broke."""
    page = render(a_report([a_finding()]))
    assert page.endswith("FAIL (exit 1)    1 finding fails the gate: privileged-container\n")


def test_owner_rule_fix_and_id_stand_below_the_sentence():
    """Who acts, by which rule, what is ready, and the id for `explain`."""
    owner = Owner(value="team:web", rule="CODEOWNERS line 3")
    finding = a_finding(owner=owner, fix=a_patch("/privileged"))
    page = render(a_report([finding]), width=200)
    assert f"owner team:web (CODEOWNERS line 3) · patch ready · privileged-container {finding.id}" in page
    assert "who acts: team:web 1" in page


def test_questions_exemptions_exceptions_notes_and_unknowns_are_told():
    """Nothing that was not judged is silent."""
    report = a_report(
        [an_open_question(key="q"), a_finding(exception="ticket-7"), a_finding(key="k", exception="accepted")],
        [Unknown(subject="layer 3 of shop/web", reason="it is truncated", advice="build it again")],
        exceptions=[ExceptionNote(id="old", state="expired", expires="2026-01-01", advice="remove it")],
        notes=[Note(subject="owner 'X'", text="not routable")],
    )
    page = render(report)
    for expected in (
        "1 question stayed open:",
        "privileged-container: the image was not given",
        "2 findings exempted: 1 by `ticket-7`, 1 accepted",
        "exception old: expired on 2026-01-01, exempts nothing; remove it",
        "owner 'X': not routable",
        "layer 3 of shop/web: it is truncated",
        "build it again",
        "UNKNOWN (exit 3) incomplete: layer 3 of shop/web: it is truncated",
    ):
        assert expected in page


def test_colour_is_only_written_when_asked_for():
    """A file or a pipe gets plain text."""
    report = a_report([a_finding()])
    assert "\x1b" not in render(report)
    assert "\x1b[1;31m" in render(report, colour=True)


def test_lines_keep_to_the_width():
    """Sentences are wrapped under themselves."""
    page = render(a_report([a_vulnerability("CVE-1")]), width=60)
    assert max(map(len, page.splitlines())) <= 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("a\u202eb", "a\\u202eb"),
        ("a\udcffb", "a\\udcffb"),
        ("naïve 日本", "naïve 日本"),
        ("x" * 3000, "x" * 2000 + "…"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_hostile_text_is_shown_and_not_obeyed(text, expected):
    """Escape sequences, new lines, and marks that reorder text are written as escapes."""
    assert expected == clean(text)


def _facts():
    package = Package(
        type="deb",
        name="libssl3",
        version="3.0.11",
        source_name="openssl",
        location=Location(layer=1, file="var/lib/dpkg/status"),
    )
    image = Image(
        ref="shop/web:1",
        os=OperatingSystem(id="debian", version_id="12"),
        config=ImageConfig(user="app", created="2026-01-01"),
        layers=(Layer(index=0, diff_id="sha256:0", size=2_000_000),),
        packages=(package, Package(type="pypi", name="flask", version="3.0")),
        tools=(Tool(name="bash", kind="shell", location=Location(file="bin/bash")),),
        credentials=(
            Credential(
                rule="github-token",
                title="GitHub token",
                redacted="ghp_…",
                location=Location(file="app/.env", line=3, layer=2),
                deleted_later=True,
            ),
        ),
    )
    found = [
        Vulnerability(id="CVE-1", package=package, fixed="3.0.13", severity=Severity.HIGH, kev=True),
        Vulnerability(id="CVE-2", package=package, fixed="3.0.13", severity=Severity.LOW),
        Vulnerability(id="CVE-3", package=package, suppressed="kernel-headers"),
    ]
    return facts_of(image, found)


def test_a_scan_tells_what_is_inside():
    """Counts by type, vulnerabilities by source package and fix, credentials, tools."""
    page = render(a_report(facts=_facts()))
    for expected in (
        "debian 12, user app, created 2026-01-01",
        "1 (2.0 MB as stored)",
        "1 deb, 1 pypi",
        "vulnerabilities 1 high, 1 low (1 suppressed)",
        "high     openssl 3.0.11 → 3.0.13: CVE-1 (exploited), CVE-2 (layer 1)",
        "GitHub token: app/.env:3, layer 2, deleted later but still in every pull (ghp_…)",
        "shell:",
    ):
        assert expected in page


def test_a_folder_has_no_layers_to_name():
    """`layer 0` of a folder would be noise."""
    facts = _facts()
    folder = msgspec.structs.replace(facts, image=msgspec.structs.replace(facts.image, kind="filesystem"))
    assert "(layer 1)" not in render(a_report(facts=folder))


def test_a_place_is_told_once():
    """A reason that begins with its own place does not get it a second time."""
    page = render(a_report([], [Unknown(subject="a/b.yaml", reason="a/b.yaml:4:39: it is a template")]), width=200)
    assert 0 == page.count("a/b.yaml: a/b.yaml")
    assert 2 == page.count("a/b.yaml:4:39: it is a template")


def test_there_is_one_empty_line_where_a_section_is_missing():
    """A page without findings has no hole."""
    assert "\n\n\n" not in render(a_report([]))


@pytest.mark.parametrize(
    ("ends", "extended", "told"),
    [
        ("", "", ""),
        ("2028-06-30", "", "until 2028-06-30"),
        ("2026-06-10", "2028-06-30", "ended 2026-06-10, until 2028-06-30 (by subscription)"),
        ("2022-09-10", "2024-06-30", "ended 2022-09-10, ended 2024-06-30 (by subscription)"),
        ("2026-11-25", "", "until 2026-11-25"),
    ],
)
def test_a_scan_tells_until_when_its_system_is_mended(ends: str, extended: str, told: str):
    """The last day counts in, and there is no line where nothing is known."""
    facts = _facts()
    image = msgspec.structs.replace(facts.image, end_of_life=ends, extended_support=extended)
    report = msgspec.structs.replace(
        a_report(facts=msgspec.structs.replace(facts, image=image)), created="2026-11-25T12:00:00+00:00"
    )
    lines = [line for line in render(report).splitlines() if line.startswith("support")]
    assert ([" ".join(line.removeprefix("support").split()) for line in lines]) == ([told] if told else [])
