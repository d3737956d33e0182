"""Each contract of `.importlinter` holds, and breaks when somebody violates it."""

import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from shared import REPOSITORY

CONFIG = REPOSITORY / ".importlinter"
PREFIX = "importlinter:contract:"

# Contract, what is wrong, files below src/tidewaiter that are wrong in this way.
VIOLATIONS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("rings", "core imports cli", {"core/model/planted.py": "import tidewaiter.cli.planted", "cli/planted.py": ""}),
    ("rings", "scan imports ports", {"scan/planted.py": "import tidewaiter.ports.planted", "ports/planted.py": ""}),
    ("rings", "scan imports render", {"scan/planted.py": "import tidewaiter.render.planted", "render/planted.py": ""}),
    ("rings", "adapters import gates", {"adapters/planted.py": "import tidewaiter.gates.planted", "gates/planted.py": ""}),
    ("core", "model imports finding", {"core/model/planted.py": "import tidewaiter.core.finding"}),
    ("core", "context imports policy", {"core/context/planted.py": "import tidewaiter.core.policy.planted", "core/policy/planted.py": ""}),
    ("core", "cel imports vuln", {"core/cel/planted.py": "import tidewaiter.core.vuln.planted", "core/vuln/planted.py": ""}),
    ("core", "a module without a ring", {"core/planted.py": ""}),
    ("pure", "core imports os", {"core/model/planted.py": "import os"}),
    ("pure", "scan imports a clock", {"scan/analyzers/planted.py": "from time import monotonic"}),
    ("pure", "render imports logging", {"render/planted.py": "import logging"}),
    ("gates", "one gate imports another", {"gates/planted_a.py": "import tidewaiter.gates.planted_b", "gates/planted_b.py": ""}),
    ("plugins", "one analyzer imports another", {"scan/analyzers/planted_a.py": "from tidewaiter.scan.analyzers import planted_b", "scan/analyzers/planted_b.py": ""}),
    ("plugins", "one renderer imports another", {"render/planted_a.py": "import tidewaiter.render.planted_b", "render/planted_b.py": ""}),
    ("sql", "a command speaks SQL", {"cli/planted.py": "import sqlite3"}),
    ("sql", "the store speaks to the cluster", {"adapters/store/planted.py": "import lightkube"}),
    ("adapters", "one adapter imports another", {"adapters/planted_a/planted.py": "import tidewaiter.adapters.planted_b.planted", "adapters/planted_b/planted.py": ""}),
)  # fmt: skip


def contracts() -> dict[str, str]:
    """Return the name of each contract by its id."""
    parser = configparser.ConfigParser()
    parser.read(CONFIG)
    return {s.removeprefix(PREFIX): parser[s]["name"] for s in parser.sections() if s.startswith(PREFIX)}


def copy_with(folder: Path, files: Mapping[str, str]) -> Path:
    """Copy the package into `folder`, add the files and the `__init__.py` that they need, and return the source root."""
    package = folder / "src" / "tidewaiter"
    shutil.copytree(REPOSITORY / "src" / "tidewaiter", package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        for parent in path.relative_to(package).parents:
            if not (package / parent / "__init__.py").exists():
                (package / parent / "__init__.py").write_text("")
    return package.parent


def lint(source: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the package in `source`, all contracts or one."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", str(CONFIG), "--no-cache"]
    if contract:
        command += ["--contract", contract]
    environment = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200"}
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_package_keeps_every_contract() -> None:
    """No contract is broken by what is in `src` now."""
    answer = lint(REPOSITORY / "src")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in answer.stdout


def test_every_contract_has_a_violation() -> None:
    """A contract that nobody has seen break is not believed."""
    assert set(contracts()) == {contract for contract, _, _ in VIOLATIONS}


@pytest.mark.parametrize(
    ("contract", "files"),
    [pytest.param(contract, files, id=f"{contract}: {what}") for contract, what, files in VIOLATIONS],
)
def test_violation_is_named(contract: str, files: Mapping[str, str], tmp_path: Path) -> None:
    """A planted violation breaks its contract, which is named in the answer."""
    answer = lint(copy_with(tmp_path, files), contract)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert f"{contracts()[contract]} BROKEN" in answer.stdout


def test_the_store_may_speak_sql_at_any_depth(tmp_path: Path) -> None:
    """The exception for the store reaches its folders too."""
    answer = lint(copy_with(tmp_path, {"adapters/store/planted/deep.py": "import sqlite3"}), "sql")
    assert answer.returncode == 0, answer.stdout + answer.stderr
