"""What every format promises; a new one is tested the moment it is listed."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from answers import a_finding, a_patch, a_report, a_vulnerability, an_inventory, an_open_question
from tidewaiter.core.finding import Owner, SubjectRef
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.report import report_schema
from tidewaiter.render import BUILTIN, renderers

HOSTILE = "\x1b]0;owned\x07\x1b[2J\nnext\r\u202eright\u2066\x00\x7f\x9b31m<script>\udcff"
SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0-subset.json").read_text())


def hostile_report():
    """Return a report in which every text is hostile."""
    finding = a_finding(
        policy="a-policy",
        title=HOSTILE,
        message=HOSTILE,
        subject=SubjectRef(kind=HOSTILE, ref=HOSTILE, container=HOSTILE, image=HOSTILE, key=HOSTILE),
        location=Location(file=HOSTILE, line=1, pointer=HOSTILE),
        related=(Location(image=HOSTILE, layer=1, file=HOSTILE),),
        owner=Owner(value=HOSTILE, rule=HOSTILE, routable=False),
        remediation=HOSTILE,
        facts=(("package", HOSTILE), ("installed", HOSTILE), ("vulnerability", HOSTILE)),
    )
    return a_report(
        [finding, a_finding(key="x", exception=HOSTILE)], [Unknown(subject=HOSTILE, reason=HOSTILE, advice=HOSTILE)]
    )


REPORTS = {
    "empty": a_report(),
    "mixed": a_report(
        [
            a_finding(fix=a_patch("/a", {"b": 1})),
            a_vulnerability("CVE-1"),
            an_open_question(key="q"),
            a_finding(key="e", exception="t"),
        ],
        [Unknown(subject="layer 3", reason="truncated")],
    ),
    "hostile": hostile_report(),
    "inventory": an_inventory(),
    "hostile-inventory": an_inventory(HOSTILE),
}


@pytest.mark.parametrize("renderer", BUILTIN, ids=lambda one: one.id)
def test_ids_are_unique_and_named_like_their_files(renderer):
    """The word of `--format` is the file's name."""
    assert renderer is renderers()[renderer.id]
    assert type(renderer).__module__.rpartition(".")[2] == renderer.id.replace("-", "_")


@pytest.mark.parametrize("renderer", BUILTIN, ids=lambda one: one.id)
@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_the_same_report_gives_the_same_text(renderer, report):
    """Pure: nothing but the report decides, and the report is not changed."""
    before = repr(report)
    assert renderer.render(report) == renderer.render(report)
    assert before == repr(report)


@pytest.mark.parametrize("renderer", BUILTIN, ids=lambda one: one.id)
@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_the_text_ends_in_one_newline_and_can_be_written(renderer, report):
    """It is text that any UTF-8 stream takes."""
    text = renderer.render(report)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    text.encode()


@pytest.mark.parametrize("renderer", BUILTIN, ids=lambda one: one.id)
@pytest.mark.parametrize("name", ["hostile", "hostile-inventory"])
def test_hostile_text_controls_nothing(renderer, name):
    """No control character of a document reaches the output, and no bidi mark reaches a person's terminal."""
    text = renderer.render(REPORTS[name])
    assert not {character for character in text if ord(character) < 0x20} - {"\n"}
    if "people" in renderer.tags:
        assert not {"\u202e", "\u2066", "\x7f", "\x9b"} & set(text)
        assert not any(line.startswith("next") for line in text.splitlines())


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_json_obeys_the_published_schema(report):
    """Whatever a report holds."""
    Draft202012Validator(report_schema()).validate(json.loads(renderers()["json"].render(report)))


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_sarif_obeys_the_standard(report):
    """A subset of the standard's schema in our own words: every property that we write, none else."""
    Draft202012Validator(SARIF).validate(json.loads(renderers()["sarif"].render(report)))
