"""What every built-in policy promises, shown by its fixtures (see `tests/policy_fixtures.py`)."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import policy_mutants
from policy_fixtures import Case, Workshop, cases, sources, told
from tidewaiter.core.finding import Finding, JsonPatch, ReplaceText
from tidewaiter.scan.edit import EditError, apply

POLICIES = sorted(sources())


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Build the images and data of each case once."""
    return Workshop(tmp_path_factory.mktemp("policies"))


def of_policy(policy: str) -> Iterator[Case]:
    """Yield the cases of one policy."""
    return (case for case in cases() if case.policy == policy)


@pytest.mark.parametrize("policy", POLICIES)
def test_fixtures_cover_the_policy(policy: str) -> None:
    """Each has a case that fires, a clean one, and one that is odd, unknown or hostile; each rule fires in some case."""
    found = {case.name: case.expected for case in of_policy(policy)}
    fired = {line["rule"] for lines in found.values() for line in lines if line["verdict"] == "Fail"}
    assert {rule["name"] for rule in sources()[policy].value["spec"]["rules"]} == fired
    assert found["fires"] != []
    assert [line for line in found["clean"] if line["verdict"] == "Fail"] == []
    assert len(found) >= 3


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_check_says_what_the_case_expects(case: Case, workshop: Workshop) -> None:
    """Rule, verdict, severity, message, file, line, image and layer, through `check` and its JSON."""
    assert case.expected == told(workshop.report(case), case.policy)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_mutant_of_a_condition_is_noticed(policy: str, workshop: Workshop) -> None:
    """Negating a rule, or putting true or false for a part of a condition, changes what is said about a case."""
    source = sources()[policy]
    read = [workshop.facts(case) for case in of_policy(policy)]
    before = [_gist(one.findings(source)) for one in read]
    survivors = [
        mutant.name
        for mutant in policy_mutants.mutants(source)
        if all(_gist(one.findings(mutant.source)) == was for one, was in zip(read, before, strict=True))
    ]
    assert [name for name in survivors if (policy, name) not in policy_mutants.EQUIVALENT] == []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_fix_closes_its_finding(case: Case, workshop: Workshop, tmp_path: Path) -> None:
    """Applying the patches of one finding to the files makes the re-check silent about it, and about nothing else less."""
    source = sources()[case.policy]
    before = workshop.facts(case).findings(source)
    for number, finding in enumerate(before):
        if not _patches(finding):
            continue
        changed = tmp_path / str(number)
        shutil.copytree(case.folder / "tree", changed)
        try:
            _apply(finding, changed)
        except EditError:
            # A manifest whose fields have the wrong shape cannot be patched, and the editor says so.
            assert case.name == "hostile"
            continue
        after = workshop.facts(case, changed).findings(source)
        assert finding.id not in {one.id for one in after}, finding.message
        assert {one.id for one in after} <= {one.id for one in before}


def _gist(findings: tuple[Finding, ...]) -> list[Any]:
    return [(one.rule, type(one.verdict).__name__, one.subject.ref, one.subject.key, one.message) for one in findings]


def _patches(finding: Finding) -> list[JsonPatch | ReplaceText]:
    patches = finding.fix.patches if finding.fix is not None else ()
    return [patch for patch in patches if isinstance(patch, JsonPatch | ReplaceText)]


def _apply(finding: Finding, tree: Path) -> None:
    patches = _patches(finding)
    for file in {patch.file for patch in patches}:
        place = tree / file
        place.write_text(apply(place.read_text(), [patch for patch in patches if patch.file == file]))
