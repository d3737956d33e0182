"""`tidewaiter check` over every file of the shared corpora, through the public command."""

import json

import pytest

from commands import tidewaiter
from shared import shared


@pytest.mark.corpus
def test_check_takes_the_whole_corpora(tmp_path) -> None:
    """No file crashes it; the one malformed file is told with its place, and everything else is judged."""
    root = shared("corpora")
    report = tmp_path / "report.json"
    done = tidewaiter("check", str(root), "--format", "json", "--output", str(report), cwd=tmp_path)
    assert 1 == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(report.read_text())
    assert ["malformed-pod-example-5/pod.yaml"] == [
        one["location"]["file"].partition("tests/")[2] for one in told["unknowns"] if one.get("location")
    ]
    assert [] == [one["reason"] for one in told["unknowns"] if "internal" in one["reason"]]
    assert [] == [one["message"] for one in told["findings"] if "the expression failed" in one["message"]]
    judged = {one["subject"]["ref"] for one in told["findings"]}
    assert len(judged) > 200
    assert [] == [
        one["id"] for one in told["findings"] if one["subject"]["kind"] == "container" and not one["location"]["line"]
    ]
