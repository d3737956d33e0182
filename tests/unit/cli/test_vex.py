"""`--vex` from the outside."""

import json

import pytest

from images import build_image
from tidewaiter.cli import main

PACKAGE = {"app/node_modules/x/package.json": '{"name": "x", "version": "1.0.0"}'}
ADVISORY = {
    "id": "GHSA-1",
    "aliases": ["CVE-2026-1"],
    "modified": "2026-01-01T00:00:00Z",
    "database_specific": {"severity": "CRITICAL"},
    "affected": [
        {
            "package": {"ecosystem": "npm", "name": "x"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}],
        }
    ],
}
VEX = {"@context": "https://openvex.dev/ns/v0.2.0", "author": "Shop", "timestamp": "2026-01-01T00:00:00Z",
       "statements": [{"vulnerability": {"name": "CVE-2026-1"}, "products": [{"@id": "pkg:npm/x"}],
                       "status": "not_affected", "justification": "vulnerable_code_not_present"}]}  # fmt: skip


def call(capsys, *arguments):
    """Run the command line; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main([*arguments])
    captured = capsys.readouterr()
    return caught.value.code, captured.out, captured.err


@pytest.fixture
def image(tmp_path, monkeypatch, capsys):
    """Return an image with one vulnerable package, and advisory data that knows it."""
    for name in ("TIDEWAITER_STATE", "TIDEWAITER_DB", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    record = tmp_path / "record.json"
    record.write_text(json.dumps(ADVISORY))
    call(capsys, "db", "import", str(record))
    return str(build_image(tmp_path / "web.tar", layers=[PACKAGE], tags=["shop/web:1"]))


def scan(capsys, image, *more):
    """Return the suppression of the one vulnerability and the remarks."""
    _, out, _ = call(capsys, "scan", image, "--format", "json", *more)
    report = json.loads(out)
    (found,) = report["facts"]["vulnerabilities"]
    return found["suppressed"], [(one["subject"], one["reason"]) for one in report["unknowns"]]


def test_a_statement_suppresses_and_says_who(tmp_path, capsys, image):
    """The vulnerability stays in the report with justification, author and document."""
    path = tmp_path / "vex.json"
    path.write_text(json.dumps(VEX))
    assert "" == scan(capsys, image)[0]
    suppressed, _ = scan(capsys, image, "--vex", str(path))
    assert f"not affected: vulnerable_code_not_present (Shop, {path})" == suppressed


def test_a_document_that_matches_nothing_is_told_with_the_names_on_offer(tmp_path, capsys, image):
    """So that people see what they should have written."""
    path = tmp_path / "vex.json"
    path.write_text(json.dumps(VEX).replace("pkg:npm/x", "pkg:oci/other"))
    suppressed, remarks = scan(capsys, image, "--vex", str(path))
    assert "" == suppressed
    (reason,) = (reason for subject, reason in remarks if subject == str(path))
    assert "its statement matches nothing; the names of the image are" in reason
    assert "docker.io/shop/web:1" in reason


def test_check_takes_statements_from_options_and_configuration(tmp_path, capsys, image):
    """`vex` of the configuration is relative to the tree; ignore files of other scanners count too."""
    tree = tmp_path / "tree"
    (tree / "security").mkdir(parents=True)
    (tree / "security" / ".trivyignore").write_text("CVE-2026-1 # not used\n")
    arguments = ("check", str(tree), "--image", image)
    code, out, _ = call(capsys, *arguments, "--format", "json")
    assert any("CVE-2026-1" in finding["message"] for finding in json.loads(out)["findings"]), out
    (tree / ".tidewaiter.yaml").write_text("vex: [security/.trivyignore]\n")
    code, out, _ = call(capsys, *arguments, "--format", "json")
    assert not any("CVE-2026-1" in finding["message"] for finding in json.loads(out)["findings"])
    assert code in {0, 3}


def test_what_cannot_be_read_leaves_the_run_incomplete(tmp_path, capsys, image):
    """A missing path is bad usage; a file without statements and a damaged one are told."""
    code, _, err = call(capsys, "scan", image, "--vex", str(tmp_path / "none"))
    assert 2 == code
    assert "check the path given to `--vex`" in err
    for name, text in (("a.json", "{}"), ("b.json", '{"@context": ')):
        (tmp_path / name).write_text(text)
        code, out, _ = call(capsys, "scan", image, "--vex", str(tmp_path / name), "--format", "json")
        assert 3 == code
        assert any(name in one["subject"] for one in json.loads(out)["unknowns"])
