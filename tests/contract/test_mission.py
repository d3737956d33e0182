"""The table of demands is whole, and every row that claims something names a proof that exists."""

import re

import pytest

from shared import REPOSITORY, shared

ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+?) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
PAGE = (REPOSITORY / "docs/mission.md").read_text()


@pytest.mark.parametrize(("demand", "state", "proof"), [(row[0], row[2], row[3]) for row in ROW.findall(PAGE)])
def test_a_claim_has_a_proof(demand: str, state: str, proof: str) -> None:
    """`done` and `partly` name tests or fixtures that are there; `not yet` names none."""
    named = re.findall(r"`(tests/[^`]+)`", proof)
    assert bool(named) == (state != "not yet"), demand
    assert re.match(r"(done|partly|not yet)\b", state), demand
    assert [] == [path for path in named if not (REPOSITORY / path).exists()], demand


@pytest.mark.corpus
def test_no_demand_is_left_out() -> None:
    """The page has the same ids as the guide, in the same order."""
    asked = re.findall(r"^\| ([A-Z]\d+) \|", shared("guide/mission.md").read_text(), re.MULTILINE)
    assert asked == [row[0] for row in ROW.findall(PAGE)]
