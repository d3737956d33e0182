"""Every built-in policy keeps the house rules of a policy."""

import re
from pathlib import Path

import pytest

from policies import sources
from shared import REPOSITORY
from tidewaiter.core.policy import CompiledPolicy, load
from tidewaiter.core.policy.catalogue import catalogue

FOLDER = REPOSITORY / "src/tidewaiter/core/policy/builtin"
FILES = sorted(FOLDER.glob("*.yaml"))


def compiled(path: Path) -> CompiledPolicy:
    """Return the one policy of a file, which must be well-formed."""
    loaded = load(sources(path.read_text(encoding="utf-8")))
    assert [] == [str(defect) for defect in loaded.defects]
    (policy,) = loaded.policies
    return policy


def test_there_are_at_least_thirty() -> None:
    """The catalogue is not empty by accident."""
    assert len(FILES) >= 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_policy(path: Path) -> None:
    """The id is the file's name, and a person learns what, why and what to do."""
    policy = compiled(path)
    spec = policy.document.spec
    assert path.stem == policy.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", policy.name)
    assert all((spec.title, spec.description, spec.rationale, spec.remediation, spec.categories))
    assert not spec.title.endswith(".")
    assert all(text.rstrip().endswith(".") for text in (spec.description, spec.rationale, spec.remediation))
    for rule in spec.rules:
        assert not rule.message.rstrip().endswith("."), rule.name
        assert rule.fix is None or rule.fix.why, rule.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_policy_names_another(path: Path) -> None:
    """A policy can be renamed or removed without touching its neighbours."""
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    others = [other.stem for other in FILES if other != path]
    assert [] == [name for name in others if re.search(rf"(?<![\w-]){name}(?![\w-])", text)]


def test_page_is_current() -> None:
    """`tools/docs_policies.py` was run after the last change of a policy; each id has its section."""
    page = (REPOSITORY / "docs/policies.md").read_text(encoding="utf-8")
    assert catalogue(map(compiled, FILES)) == page
    assert [path.stem for path in FILES] == re.findall(r"^## (\S+)$", page, re.MULTILINE)
