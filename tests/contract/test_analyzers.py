"""Every analyzer against its own cases: files that hold packages, files that hold none, damaged files."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tidewaiter.scan.analyzer import Analyzer, AnalyzerResult
from tidewaiter.scan.analyzers import BUILTIN
from tidewaiter.scan.dispatch import Dispatcher

CASES = Path(__file__).parent / "analyzers"
by_id = pytest.mark.parametrize("analyzer", BUILTIN, ids=lambda analyzer: analyzer.id)


def parse_all(analyzer: Analyzer, case: str) -> dict[str, AnalyzerResult]:
    """Parse the files of a case that the analyzer wants, by their path."""
    folder = CASES / analyzer.id / case
    dispatcher = Dispatcher((glob, analyzer.id) for glob in analyzer.globs)
    results = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = file.relative_to(folder).as_posix()
        parent, _, name = path.rpartition("/")
        data = file.read_bytes()
        if (dispatcher.find(path, parent, name) and analyzer.wants(path)) or data.startswith(analyzer.magics):
            results[path] = analyzer.parse(data, path)
    return results


def built(analyzer: Analyzer) -> Any:
    """Return the results of all cases as JSON values, with the analyzer's version."""
    cases = {case: parse_all(analyzer, case) for case in ("fires", "silent", "damaged")}
    told = json.loads(msgspec.json.encode(cases))
    for result in (result for case in told.values() for result in case.values()):
        if not result["origins"]:
            del result["origins"]
    return {"version": analyzer.version, **told}


@by_id
def test_cases(analyzer: Analyzer):
    """An analyzer says what is recorded; whoever changes the record raises the version in it."""
    assert built(analyzer) == json.loads((CASES / analyzer.id / "expected.json").read_text())
    assert built(analyzer) == built(analyzer)


@by_id
def test_fires_silent_damaged(analyzer: Analyzer):
    """Packages (or their origins) come from the good files only; every damaged file gives an Unknown."""
    assert any(result.packages or result.origins for result in parse_all(analyzer, "fires").values())
    assert not any(result.unknowns for result in parse_all(analyzer, "fires").values())
    silent = parse_all(analyzer, "silent").values()
    assert not any(result.packages or result.origins or result.unknowns for result in silent)
    damaged = parse_all(analyzer, "damaged")
    assert damaged
    assert all(result.unknowns for result in damaged.values())


@by_id
def test_truncation_never_raises(analyzer: Analyzer):
    """A file cut at any byte gives some of its packages, or an Unknown; `status.d` has no mark of its end."""
    folder = CASES / analyzer.id / "fires"
    for path, whole in parse_all(analyzer, "fires").items():
        data = (folder / path).read_bytes()
        identities = {(package.name, package.version) for package in whole.packages}
        for end in range(len(data)):
            result = analyzer.parse(data[:end], path)
            found = {(package.name, package.version) for package in result.packages}
            assert found <= identities or result.unknowns or "/status.d/" in path


@by_id
def test_declaration(analyzer: Analyzer):
    """An analyzer is named as its file and says how much of a file it reads."""
    module = Path(__file__).parents[2] / "src/tidewaiter/scan/analyzers" / f"{analyzer.id.replace('-', '_')}.py"
    assert module.exists()
    assert analyzer.max_bytes > 0
    assert analyzer.version >= 1
    assert {"image", "installed"} <= analyzer.tags


def test_every_folder_of_cases_has_an_analyzer():
    """No case is left behind when an analyzer is renamed."""
    assert {path.name for path in CASES.iterdir()} == {analyzer.id for analyzer in BUILTIN}
