"""The example keeps what its README promises."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"
ADVISORIES = SHOP / "advisories"
MOST_BYTES = 500_000
# What facts are written in: ids, versions, dates, vectors, file formats' own words; blanks would make a sentence.
FACT = re.compile(r"[A-Za-z0-9@/:.,+~^_<>=*-]*(?: [0-9a-z.<>=-]+)?")


def build(output: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run the image script."""
    command = [sys.executable, str(SHOP / "build_image.py"), "--output", str(output), *names]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Return a folder with the shop's archives, made once."""
    folder = tmp_path_factory.mktemp("shop")
    outcome = build(folder)
    if not (folder / "web.tar").exists():
        pytest.skip(f"the wheels of the shop are not at hand: {outcome.stderr.strip().splitlines()[-1]}")
    return folder


def texts(value):
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_images_are_the_same_byte_for_byte(archives, tmp_path):
    """A second build from the same input gives the same archives."""
    made = sorted(path.name for path in archives.glob("*.tar"))
    assert build(tmp_path, *(name.removesuffix(".tar") for name in made)).returncode == 0
    assert sorted(path.name for path in tmp_path.glob("*.tar")) == made
    for name in made:
        assert (tmp_path / name).read_bytes() == (archives / name).read_bytes(), name


def test_a_second_run_leaves_archives_alone(archives):
    """An archive whose input has not changed is not written again."""
    before = (archives / "web.tar").stat().st_mtime_ns
    assert "web.tar: up to date" in build(archives, "web").stdout
    assert (archives / "web.tar").stat().st_mtime_ns == before


def test_orders_is_pinned_to_the_image_it_is_built_as(archives):
    """The digest in the manifest is that of the archive; after a change to orders write the new one there."""
    stamp = json.loads((archives / ".build" / "orders.json").read_text())
    assert f"shop/orders:2.3.1@{stamp['digest']}" in (SHOP / "deploy" / "orders.yaml").read_text()


def test_an_unknown_image_is_bad_usage(tmp_path):
    """A name that is no image is refused with the names there are."""
    outcome = build(tmp_path, "webb")
    assert outcome.returncode == 2
    assert "there are web, orders, notify" in outcome.stderr


def test_no_wheels_and_no_index_is_said(tmp_path, monkeypatch):
    """Without a cache and without an index the script fails and names what to do."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    outcome = build(tmp_path, "web")
    assert outcome.returncode == 1
    assert "copy the wheels into" in outcome.stderr
    assert not (tmp_path / "web.tar").exists()


def test_advisories_are_small():
    """The data that ships stays within its bound."""
    assert sum(path.stat().st_size for path in ADVISORIES.iterdir()) <= MOST_BYTES


def test_advisories_hold_facts_only():
    """No sentence and no address is in the data."""
    values = [json.loads(line) for path in ADVISORIES.glob("*.jsonl") for line in path.read_text().splitlines()]
    values.append(json.loads((ADVISORIES / "kev.json").read_text()))
    found = {text for value in values for text in texts(value) if not FACT.fullmatch(text) or "://" in text}
    assert found == set()
    assert re.fullmatch(r"cve,epss,percentile\n(?:CVE-\d+-\d+,[\d.]+,[\d.]+\n)+", (ADVISORIES / "epss.csv").read_text())


def test_notice_names_each_file():
    """Every file of data has its source and licence named."""
    notice = (ADVISORIES / "NOTICE").read_text()
    assert [path.name for path in ADVISORIES.iterdir() if path.name not in notice and path.name != "NOTICE"] == []


def test_lock_files_carry_no_address():
    """No lock file says where to download from."""
    locks = [*SHOP.rglob("requirements*.txt"), *SHOP.rglob("package-lock.json"), SHOP / "image" / "base-wheels.txt"]
    assert len(locks) == 4
    assert [path for path in locks if "://" in path.read_text()] == []


# Policy -> (file as findings name it, text that stands on the line); image findings may stand at a Dockerfile line.
FLAWS = [
    ("unpinned-base-image", "services/web/Dockerfile", "FROM python:3.11-slim-bookworm"),
    ("add-from-url", "services/web/Dockerfile", "ADD https://"),
    ("pipe-to-shell", "services/web/Dockerfile", "RUN curl"),
    ("leaked-credential", "services/web/Dockerfile", "COPY .netrc"),
    ("known-exploited-vulnerability", "services/web/Dockerfile", "RUN apt-get update"),
    ("network-client-in-image", "services/web/Dockerfile", ""),
    ("compiler-in-image", "services/web/Dockerfile", ""),
    ("package-manager-in-image", "services/web/Dockerfile", ""),
    ("shell-in-image", "services/web/Dockerfile", ""),
    ("old-image", "services/web/Dockerfile", ""),
    ("fixable-severe-vulnerability", "services/web/requirements.txt", "urllib3=="),
    ("fixable-severe-vulnerability", "services/notify/package-lock.json", '"node_modules/lodash"'),
    ("root-user", "deploy/web.yaml", ""),
    ("mutable-image-tag", "deploy/web.yaml", "image: shop/web:latest"),
    ("secret-in-environment", "deploy/web.yaml", "value: 5f2b8e0c9d71a4463b7e"),
    ("missing-resource-limits", "deploy/web.yaml", ""),
    ("capabilities-not-dropped", "deploy/web.yaml", ""),
    ("privilege-escalation", "deploy/web.yaml", ""),
    ("writable-root-filesystem", "deploy/web.yaml", ""),
    ("seccomp-not-set", "deploy/web.yaml", ""),
    ("unneeded-service-account-token", "deploy/web.yaml", ""),
    ("exposed-without-network-policy", "deploy/web.yaml", ""),
    ("ingress-missing-backend", "deploy/ingress.yaml", "backend:"),
    ("ingress-without-tls", "deploy/ingress.yaml", ""),
    ("ingress-duplicate-host", "deploy/ingress.yaml", "host: shop.example"),
    ("host-namespaces", "deploy/notify.yaml", "hostNetwork: true"),
    ("privileged-container", "deploy/notify.yaml", "privileged: true"),
    ("added-capabilities", "deploy/notify.yaml", "add: [NET_RAW]"),
    ("dangerous-host-path", "deploy/notify.yaml", ""),
    ("untrusted-registry", "deploy/notify.yaml", "image: quay.io/harbourlogs/shipper:2.4.0"),
    ("missing-owner", "deploy/notify.yaml", ""),
    ("service-selects-nothing", "deploy/notify.yaml", ""),
]


def tidewaiter(database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a database of its own."""
    command = [sys.executable, "-m", "tidewaiter", *arguments]
    environment = os.environ | {"TIDEWAITER_DB": str(database)}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Return a database with the facts of the example."""
    path = tmp_path_factory.mktemp("database") / "advisories.sqlite"
    outcome = tidewaiter(path, "db", "import", str(ADVISORIES))
    assert outcome.returncode == 0, outcome.stderr
    return path


@pytest.fixture(scope="module")
def report(archives, database):
    """Return the report on the shop with all of its images, and the exit code."""
    images = [f"--image=shop/{path.stem}={path}" for path in sorted(archives.glob("*.tar"))]
    outcome = tidewaiter(database, "check", str(SHOP), *images, "--format", "json")
    return json.loads(outcome.stdout), outcome.returncode


def line(file: str, number: int) -> str:
    """Return one line of a file of the shop."""
    return (SHOP / file).read_text().splitlines()[number - 1]


def test_the_shop_fails_the_gate(report):
    """The exit code and the report agree that the gate failed."""
    document, code = report
    assert (document["verdict"], document["exitCode"], code) == ("Fail", 1, 1)


@pytest.mark.parametrize(("policy", "file", "text"), FLAWS)
def test_each_flaw_is_found_where_it_is(report, policy, file, text):
    """Every flaw of the README is a finding of its policy, at its line."""
    places = [
        finding["location"]
        for finding in report[0]["findings"]
        if finding["policy"] == policy and finding["verdict"] == "Fail"
    ]
    here = [place["line"] for place in places if place.get("file") == file and "image" not in place]
    assert here, places
    assert [number for number in here if text in line(file, number)], [line(file, number) for number in here]


def test_the_readme_lists_the_policies_that_are_found(report):
    """Neither the README nor the test is ahead of the other."""
    listed = {name for name in re.findall(r"`([a-z-]+)`", (SHOP / "README.md").read_text()) if "-" in name}
    assert {policy for policy, _, _ in FLAWS} <= listed
    found = {finding["policy"] for finding in report[0]["findings"]}
    assert found - listed - {"setuid-file", "suspected-credential"} == set()


def test_the_well_made_service_passes(report):
    """Nothing is said about orders: not about its image, its lock file, its manifests or its Dockerfile."""
    own = ("services/orders/", "deploy/orders.yaml")
    said = [
        (finding["policy"], finding["message"])
        for finding in report[0]["findings"]
        if str(finding["location"].get("file", "")).startswith(own)
        or finding["location"].get("image", "").startswith("shop/orders")
        or "orders" in finding["subject"]["ref"].split("/")
    ]
    assert said == []


def test_the_issue_command_needs_one_image_only(archives, database):
    """The shop is judged with one of its images as well as with all."""
    outcome = tidewaiter(database, "check", str(SHOP), f"--image=shop/web={archives / 'web.tar'}")
    assert outcome.returncode == 1, outcome.stderr


def test_the_fixes_it_may_apply_alone_apply(database, tmp_path):
    """The diff is one that `patch` accepts and that closes what it says."""
    shutil.copytree(SHOP, tmp_path / "shop", ignore=shutil.ignore_patterns("*.tar", ".build", "__pycache__"))
    diff = tidewaiter(database, "fix", "--diff", str(tmp_path / "shop")).stdout
    assert diff.startswith("--- a/deploy/web.yaml\n")
    applied = subprocess.run(["git", "apply", "-"], cwd=tmp_path / "shop", input=diff, text=True, check=False)
    assert applied.returncode == 0
    again = json.loads(tidewaiter(database, "check", str(tmp_path / "shop"), "--format", "json").stdout)
    closed = {"privilege-escalation", "seccomp-not-set"}
    assert closed & {finding["policy"] for finding in again["findings"]} == set()
