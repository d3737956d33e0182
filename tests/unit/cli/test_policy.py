"""`tidewaiter policy`: what each verb prints and its exit code."""

import json
from pathlib import Path

import pytest

from policies import DEPLOYMENT, policy
from tidewaiter.cli import main

RULE = "    - {name: one, forbid: container.security.privileged, message: '{{ container.name }} is privileged'}"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as left:
        main(["policy", *arguments])
    captured = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, captured.out, captured.err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Every policy is listed once, for people and for machines."""
    code, table, _ = run(capsys, "list")
    _, text, _ = run(capsys, "list", "--format", "json")
    rows = json.loads(text)
    assert (0, len(rows) + 1) == (code, len(table.splitlines()))
    assert {"name": "privileged-container", "severity": "high", "subject": "container"}.items() <= next(
        row for row in rows if row["name"] == "privileged-container"
    ).items()


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    """A policy is told in words; a misspelt name gets a suggestion."""
    code, text, _ = run(capsys, "show", "privileged-container")
    assert (0, True) == (code, text.startswith("privileged-container (high, judged per container): "))
    code, _, error = run(capsys, "show", "privileged-contaner")
    assert (2, True) == (code, "did you mean `privileged-container`?" in error)


def test_lint(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Mistakes are told with file, line and column; exit codes tell good, bad and nothing."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(policy(RULE, name="good-one"))
    assert (0, "1 well-formed policy, 0 mistakes\n", "") == run(capsys, "lint", str(good))
    bad.write_text(policy(RULE.replace("privileged,", "priviledged,"), name="bad-one"))
    code, text, _ = run(capsys, "lint", str(tmp_path))
    assert 1 == code
    assert f"{bad}:10:46: `security` has no field `priviledged` (did you mean `privileged`?)" in text
    assert 2 == run(capsys, "lint", str(tmp_path / "missing"))[0]
    assert 2 == run(capsys, "lint")[0]


def test_lint_tells_broken_yaml(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file that is no YAML is a mistake with its place, not a crash."""
    (tmp_path / "broken.yaml").write_text("a: [1\nb: }")
    code, text, _ = run(capsys, "lint", str(tmp_path))
    assert (1, True) == (code, "broken.yaml:" in text)


def test_eval_judges_by_the_given_policies_only(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nothing but the given policy finds anything."""
    tree, file = tmp_path / "tree", tmp_path / "own.yaml"
    tree.mkdir()
    (tree / "web.yaml").write_text(DEPLOYMENT)
    file.write_text(policy(RULE, name="own-one"))
    code, text, _ = run(capsys, "eval", "-f", str(file), str(tree), "--format", "json")
    findings = json.loads(text)["findings"]
    assert (1, [("own-one", "web is privileged")]) == (code, [(f["policy"], f["message"]) for f in findings])


def test_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """Subjects are listed, and one subject's vocabulary is told."""
    code, text, _ = run(capsys, "fields")
    assert (0, True) == (code, text.startswith("image"))
    code, text, _ = run(capsys, "fields", "container")
    assert (0, True) == (code, "  .privileged (bool): " in text)
    assert 2 == run(capsys, "fields", "contaner")[0]
