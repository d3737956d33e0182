"""The installed command on small trees and images: what people type and what they get."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from commands import DEPLOYMENT, GOOD, tidewaiter
from images import build_image

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((REPOSITORY / "docs" / "schema" / "report-v1.json").read_text())
SARIF = json.loads((REPOSITORY / "tests" / "contract" / "sarif-2.1.0-subset.json").read_text())


@pytest.fixture
def shop(tmp_path):
    """Make a tree with one flawed Deployment."""
    tree = tmp_path / "shop"
    (tree / "deploy").mkdir(parents=True)
    (tree / "deploy" / "web.yaml").write_text(DEPLOYMENT)
    return tree


@pytest.fixture
def image(tmp_path):
    """Make an image with a dpkg and a dist-info database."""
    status = (
        "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.11-1\nSource: openssl\n\n"
    )
    return build_image(
        tmp_path / "web.tar",
        layers=[
            {"etc/os-release": "ID=debian\nVERSION_ID=12\n", "var/lib/dpkg/status": status, "bin/sh": b"\x7fELF"},
            {
                "usr/lib/python3/dist-packages/flask-2.0.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: Flask\nVersion: 2.0.0\n"
            },
        ],
        tags=["shop/web:1"],
    )


def report_of(done):
    """Decode a report and hold it against its schema."""
    report = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    assert done.returncode == report["exitCode"]
    return report


def test_a_flaw_fails_with_its_place_owner_and_id(shop):
    """The table says what, where, who, and why the exit code is 1."""
    done = tidewaiter("check", ".", cwd=shop)
    assert 1 == done.returncode
    assert "deploy/web.yaml:19" in done.stdout
    assert "owner team:web (annotation tidewaiter.dev/owner of shop/Deployment/web)" in " ".join(done.stdout.split())
    assert "FAIL (exit 1)" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "" == done.stderr


def test_a_clean_tree_passes(tmp_path):
    """Nothing to say is exit 0."""
    (tmp_path / "settings.yaml").write_text(GOOD)
    done = tidewaiter("check", cwd=tmp_path)
    assert (0, True) == (done.returncode, "PASS (exit 0)" in done.stdout)


def test_json_holds_the_contract_and_the_image_is_joined(shop, image):
    """The image's facts reach the container that runs it."""
    report = report_of(tidewaiter("check", shop, "--image", f"shop/web={image}", "--format", "json", cwd=shop))
    assert 1 == report["exitCode"]
    assert ["tree", "image"] == [one["kind"] for one in report["inputs"]]
    policies = {finding["policy"] for finding in report["findings"]}
    assert {"privileged-container", "root-user"} <= policies
    finding = next(one for one in report["findings"] if one["policy"] == "privileged-container")
    assert ("deploy/web.yaml", 19) == (finding["location"]["file"], finding["location"]["line"])
    assert any("advisory data" in one["subject"] for one in report["unknowns"])


def test_sarif_is_valid_and_an_image_finding_has_a_place(shop, image):
    """Code hosts can read it."""
    done = tidewaiter("check", ".", "--image", image, "--format", "sarif", cwd=shop)
    log = json.loads(done.stdout)
    Draft202012Validator(SARIF).validate(log)
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]}
    assert {"deploy/web.yaml", "shop/web%3A1"} <= uris


def test_output_goes_to_a_file_and_the_verdict_to_standard_error(shop):
    """A pipeline keeps the report and its log says why."""
    done = tidewaiter("check", ".", "--format", "json", "--output", "out/report.json", cwd=shop)
    assert "" == done.stdout
    assert "FAIL (exit 1): " in done.stderr
    assert 1 == json.loads((shop / "out" / "report.json").read_text())["exitCode"]


def test_accepted_findings_stay_and_only_new_ones_fail(shop):
    """Accept, pass; add a flaw, fail for that one; nothing disappears from the report."""
    accepting = tidewaiter("check", "--accept-current", cwd=shop)
    assert 0 == accepting.returncode
    file = shop / ".tidewaiter" / "accepted.json"
    first = file.read_bytes()
    again = report_of(tidewaiter("check", "--format", "json", cwd=shop))
    assert {"accepted"} == {one.get("exception") for one in again["findings"] if one["verdict"] == "Fail"}
    (shop / "deploy" / "new.yaml").write_text(DEPLOYMENT.replace("name: web", "name: new", 1))
    new = report_of(tidewaiter("check", "--format", "json", cwd=shop))
    assert 1 == new["exitCode"]
    failing = [one for one in new["findings"] if one["verdict"] == "Fail" and one.get("exception") is None]
    assert {"shop/Deployment/new"} == {one["subject"]["ref"] for one in failing}
    (shop / "deploy" / "new.yaml").unlink()
    tidewaiter("check", "--accept-current", cwd=shop)
    assert first == file.read_bytes()


def test_an_exception_exempts_and_an_expired_one_is_told(shop):
    """The finding stays in the report with the exception's id."""
    (shop / ".tidewaiter.yaml").write_text(
        "exceptions:\n"
        "  - {id: node-agent, policies: [privileged-container], select: {name: web}, reason: needs it, expires: 2099-01-01}\n"
        "  - {id: old, policies: ['*'], reason: was, expires: 2020-01-01}\n"
    )
    report = report_of(tidewaiter("check", "--format", "json", cwd=shop))
    finding = next(one for one in report["findings"] if one["policy"] == "privileged-container")
    assert "node-agent" == finding["exception"]
    states = {one["id"]: one["state"] for one in report["exceptions"]}
    assert {"node-agent": "active", "old": "expired"} == states


def test_explain_shows_everything_about_one_finding(shop):
    """By the beginning of its id: policy, source, owner, diff, and how to except it."""
    report = report_of(tidewaiter("check", "--format", "json", cwd=shop))
    finding = next(one for one in report["findings"] if one["policy"] == "privileged-container")
    done = tidewaiter("explain", finding["id"][:8], cwd=shop)
    assert 0 == done.returncode
    for expected in (
        "privileged-container",
        ">    19 |             privileged: true  # why?",
        "team:web",
        "+            privileged: false",
        "policies: [privileged-container]",
        "expires: ",
    ):
        assert expected in done.stdout


def test_explain_of_a_stored_report(shop):
    """The report is enough; nothing is judged again."""
    tidewaiter("check", "--format", "json", "--output", "r.json", cwd=shop)
    finding = json.loads((shop / "r.json").read_text())["findings"][0]
    done = tidewaiter("explain", finding["id"], "--report", "r.json", cwd=shop)
    assert (0, True) == (done.returncode, finding["policy"] in done.stdout)


@pytest.mark.parametrize(("wanted", "words"), [("ffffffffffff", "no finding has the id"), ("a", "too short")])
def test_explain_of_an_unknown_id(shop, wanted, words):
    """It says so and what to do."""
    done = tidewaiter("explain", wanted, cwd=shop)
    assert (2, True) == (done.returncode, words in done.stderr)


def test_the_diff_applies_and_closes_what_it_says(shop):
    """`git apply` takes it, comments stay, and everything that had a patch is gone."""
    report = report_of(tidewaiter("check", "--format", "json", cwd=shop))
    patched = {
        one
        for group in report["groups"]
        for one in group["findings"]
        if group.get("fix", {}).get("patches")
        and one in {f["id"] for f in report["findings"] if f["verdict"] == "Fail"}
    }
    done = tidewaiter("fix", "--diff", "--unsafe", cwd=shop)
    assert 0 == done.returncode
    assert f"close {len(patched)} findings" in done.stderr
    git = ["git", "apply", "-"]
    applied = subprocess.run(git, input=done.stdout, text=True, cwd=shop, capture_output=True, check=False)
    assert (0, "") == (applied.returncode, applied.stderr)
    text = (shop / "deploy" / "web.yaml").read_text()
    assert "# the shop's front" in text
    assert "privileged: false  # why?" in text
    after = {one["id"] for one in report_of(tidewaiter("check", "--format", "json", cwd=shop))["findings"]}
    assert set() == after & patched


@pytest.mark.skipif(shutil.which("patch") is None, reason="the tool `patch` is not installed")
def test_the_diff_is_one_that_patch_takes(shop):
    """`patch -p1` takes it too."""
    done = tidewaiter("fix", "--unsafe", cwd=shop)
    applied = subprocess.run(["patch", "-p1"], input=done.stdout, text=True, cwd=shop, capture_output=True, check=False)
    assert 0 == applied.returncode, applied.stdout


def test_scan_without_data_prints_the_inventory_and_exits_3(image, tmp_path):
    """The one command that brings data is named."""
    done = tidewaiter("scan", image, cwd=tmp_path)
    assert 3 == done.returncode
    for expected in ("debian 12", "1 deb, 1 pypi", "shell:", "tidewaiter db import", "UNKNOWN (exit 3)"):
        assert expected in done.stdout


def test_scan_of_a_folder_as_json(tmp_path):
    """A virtual environment is read by the same analyzers."""
    site = tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "flask-2.0.0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: Flask\nVersion: 2.0.0\n")
    report = report_of(tidewaiter("scan", "fs:venv", "--format", "json", cwd=tmp_path))
    (package,) = report["facts"]["packages"]
    assert ("pkg:pypi/flask@2.0.0", "pypi") == (package["purl"], package["type"])


def test_a_scan_does_not_claim_to_have_read_all(tmp_path):
    """The last line agrees with the list of what was not looked at."""
    site = tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "flask-2.0.0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: Flask\nVersion: 2.0.0\n")
    (site.parent / "code.py").write_text("x = 1\n")
    record = {"id": "PYSEC-1", "modified": "2026-11-01T00:00:00Z", "affected": [{"versions": ["1.0"]}]}
    record["affected"][0]["package"] = {"ecosystem": "PyPI", "name": "flask"}
    (tmp_path / "osv.json").write_text(json.dumps(record))
    where = str(tmp_path / "db.sqlite")
    assert 0 == tidewaiter("db", "import", "osv.json", cwd=tmp_path, TIDEWAITER_DB=where).returncode
    done = tidewaiter("scan", "fs:venv", cwd=tmp_path, TIDEWAITER_DB=where)
    assert "1 thing not looked at:" in done.stdout
    assert "DONE (exit 0)    everything was read but what is told as not looked at;" in done.stdout


def test_fix_tells_what_is_left_within_the_width(shop):
    """Remarks are wrapped like the table, and count correctly."""
    done = tidewaiter("fix", "--diff", cwd=shop)
    first, *others = done.stderr.splitlines()
    assert re.fullmatch(r"\d+ changes? closes? \d+ findings?; \d+ groups? needs? a person", first)
    assert [] == [line for line in others if len(line) > 100]


def test_a_closed_pipe_is_quiet(shop):
    """`tidewaiter check | head -1` ends without a word."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY / "src"), "HOME": str(shop)}
    line = f"{shlex.quote(sys.executable)} -m tidewaiter check . --format json | head -c 1"
    done = subprocess.run(
        ["sh", "-c", line], cwd=shop, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert ("{", "") == (done.stdout, done.stderr)
