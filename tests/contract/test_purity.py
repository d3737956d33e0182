"""`core`, `scan` and `render` are functions from values to values."""

import sys
from pathlib import Path

import pytest

from purity import impurities
from shared import REPOSITORY

PACKAGE = REPOSITORY / "src" / "tidewaiter"
STANDARD = frozenset(sys.stdlib_module_names)
CORE = frozenset({"msgspec", "packaging"})
# Parsers of text and of compressed streams belong to the scanner, terminals and templates to the renderers.
THIRD_PARTY = {
    "core": CORE,
    "scan": CORE | {"yaml", "zstandard", "isal", "ahocorasick_rs"},
    "render": CORE | {"jinja2", "rich"},
}
# The only module that may see the regex engine.
REGEX = Path("core/regex.py")

MODULES = [p.relative_to(PACKAGE) for ring in THIRD_PARTY for p in sorted((PACKAGE / ring).rglob("*.py"))]


def allowed(module: Path) -> frozenset[str]:
    """Return the third-party packages that a module may import."""
    return THIRD_PARTY[module.parts[0]] | ({"re2"} if module == REGEX else frozenset())


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_module_is_pure(module: Path) -> None:
    """No clock, no file, no process, no socket, no state that outlives a call, no import beyond the ring's own."""
    source = (PACKAGE / module).read_text(encoding="utf-8")
    assert [] == impurities(source, allowed(module), STANDARD)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import os", "imports os"),
        ("import os.path", "imports os.path"),
        ("from time import monotonic", "imports time"),
        ("import urllib.request", "imports urllib.request"),
        ("from pathlib import Path", "imports pathlib.Path"),
        ("import pathlib", "imports pathlib"),
        ("from sys import stdout", "imports sys.stdout"),
        ("import yaml", "imports yaml, which its ring may not"),
        ("import re2", "imports re2, which its ring may not"),
        ("open('x')", "calls open()"),
        ("print()", "calls print()"),
        ("__import__('os')", "calls __import__()"),
        ("gzip.open('x')", "calls gzip.open()"),
        ("io.open('x')", "uses io.open"),
        ("sys.stderr.write('')", "uses sys.stderr"),
        ("uuid.uuid4()", "uses uuid.uuid4"),
        ("datetime.now(tz)", "asks the clock by now()"),
        ("datetime.datetime.now(tz)", "asks the clock by now()"),
        ("date.today()", "asks the clock by today()"),
        ("def f():\n global X", "global X"),
        ("X = {}\ndef f():\n X['a'] = 1", "changes X, which stands at module level"),
        ("X: Final = []\nf = lambda: X.append(1)", "changes X, which stands at module level"),
        ("X = defaultdict(int)\ndef f():\n X['a'] += 1", "changes X, which stands at module level"),
    ],
)
def test_impurity_is_seen(source: str, what: str) -> None:
    """Each kind of impurity is found and said."""
    line = source.count("\n") + 1
    assert [f"line {line}: {what}"] == impurities(source, CORE, STANDARD)


@pytest.mark.parametrize(
    "source",
    [
        "from pathlib import PurePosixPath",
        "import msgspec, packaging.version, tidewaiter.core.model",
        "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)",
        "X = {}\ndef f(y):\n y.append(1)\n return X['a']",
        "import sys\nsys.maxsize",
    ],
)
def test_pure_code_is_left_alone(source: str) -> None:
    """Values in and values out raise no complaint."""
    assert [] == impurities(source, CORE, STANDARD)
