"""What holds for every file of the repository."""

import re
import tomllib
from pathlib import Path

import pytest

import tidewaiter
from shared import REPOSITORY
from tracked import tracked

LINES = 300
# Files that may be longer, each with its reason.
LONGER: dict[str, str] = {}

# A package index, a mirror or a download address in a lock file: where packages come from is the machine's business.
ADDRESS = re.compile(
    rb"""(?:index[-_]url|find[-_]links|goproxy|registry)[ =:]+["']?https?://|"resolved":\s*"https?://|"""
    rb"""resolved "https?://|files[.]pythonhosted|registry[.]npmjs""",
    re.IGNORECASE,
)
LOCKS = re.compile(r"(^|/)requirements[^/]*(/[^/]+)?[.](txt|in)$|(^|/)(uv|poetry|pdm|Cargo|composer)[.]lock$")
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def test_source_files_hold_one_concept() -> None:
    """No source file is longer than 300 lines, and no exception outlives its file."""
    sizes = {
        str(path): len((REPOSITORY / path).read_text(encoding="utf-8").splitlines())
        for path in tracked()
        if path.suffix == ".py" and path.parts[0] == "src"
    }
    assert {} == {path: size for path, size in sizes.items() if size > LINES and path not in LONGER}
    assert [] == [path for path in LONGER if sizes.get(path, 0) <= LINES]


def test_no_file_names_a_package_index() -> None:
    """No file says where packages are to be downloaded from."""
    assert [] == [str(p) for p in tracked() if ADDRESS.search((REPOSITORY / p).read_bytes())]


def test_locks_hold_no_address() -> None:
    """Locks are names, versions and hashes."""
    locks = [path for path in tracked() if LOCKS.search(str(path))]
    assert Path("requirements/dev.txt") in locks
    assert [] == [str(path) for path in locks if b"://" in (REPOSITORY / path).read_bytes()]


@pytest.mark.parametrize("setting", [b'--index-url "', b'"resolved": "', b"registry=", b"--find-links="])
def test_address_is_seen(setting: bytes) -> None:
    """The search finds the usual ways to name an index."""
    assert ADDRESS.search(setting + b"https:" + b"//example.org")


def test_no_file_names_this_machine() -> None:
    """No file holds the absolute path of this checkout."""
    if len(REPOSITORY.parts) < 3:
        pytest.skip(f"{REPOSITORY} is too short a path to be told from paths inside images")
    path = re.compile(re.escape(str(REPOSITORY).encode()) + rb"(?![\w-])")
    assert [] == [str(p) for p in tracked() if path.search((REPOSITORY / p).read_bytes())]


def test_version_is_said_once() -> None:
    """The package and its metadata name the same version."""
    assert PYPROJECT["project"]["version"] == tidewaiter.__version__


def test_run_requirements_are_those_of_the_package() -> None:
    """The lock of a run is compiled from the dependencies that the package declares."""
    lines = (REPOSITORY / "requirements" / "run.in").read_text().splitlines()
    assert sorted(PYPROJECT["project"]["dependencies"]) == sorted(li for li in lines if li and li[0] != "#")


@pytest.mark.parametrize("name", ["run", "dev", "lock"])
def test_lock_has_a_hash_for_every_package(name: str) -> None:
    """Every package of a lock is pinned to one version and at least one hash."""
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=[^\s#])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    assert entries
    assert [] == [entry for entry in entries if not re.match(r"[\w.-]+==\S+ [^\n]*\\\n\s+--hash=sha256:", entry)]


def test_entry_points_are_executable() -> None:
    """What a person starts can be started."""
    assert [] == [name for name in ("dev", ".ci/run") if not (REPOSITORY / name).stat().st_mode & 0o111]
