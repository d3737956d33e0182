"""The example keeps what its README promises."""

import json
import re
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
