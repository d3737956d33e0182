"""`./dev` on machines that are not like ours: a stand-in plays Python, so nothing is downloaded."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from shared import REPOSITORY

# What POSIX promises and the script uses; nothing else is on its PATH.
TOOLS = ("sh", "cat", "cksum", "dirname", "grep", "ls", "rm", "mkdir", "cp", "chmod")
VERBS = ("setup", "demo", "test", "lint", "bench", "fuzz", "docs", "lock", "format", "help")

# A stand-in for Python: answers the questions of ./dev and records what it is asked to install.
PYTHON = """#!/bin/sh
case $* in
*version_info*) [ -z "$OLD" ] ;;
--version) echo "Python 3.9.2" ;;
*"import ensurepip"*) [ -e "$STATE/ensurepip" ] ;;
"-m venv "*)
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo "#!$3/bin/python" >"$3/bin/pip"
    echo venv >>"$STATE/log" ;;
*"--version") ;;
"-m pip "*)
    echo "pip $*" >>"$STATE/log"
    [ ! -e "$STATE/interrupt" ] || exit 1
    case $* in *editable*) echo >"${0%python}tidewaiter"; chmod +x "${0%python}tidewaiter" ;; esac ;;
*) echo "ran $*" ;;
esac
"""


class Machine:
    """A checkout in a folder with a space in its name, on a machine whose PATH holds only stand-ins and POSIX tools."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.bin = folder / "bin"
        self.checkout = folder / "way point"
        for path in (self.state, self.bin, self.checkout / "requirements"):
            path.mkdir(parents=True)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or pytest.skip(f"no {tool} on this machine"))
        for name in ("dev", "pyproject.toml", "requirements/dev.txt"):
            shutil.copy(REPOSITORY / name, self.checkout / name)
        self.add("python3", PYTHON)
        self.add("id", "#!/bin/sh\necho 1000\n")
        (self.state / "ensurepip").touch()

    def add(self, name: str, text: str) -> None:
        """Put a command on PATH."""
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def dev(self, *arguments: str, script: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `./dev` from a foreign folder with an environment of PATH alone."""
        environment = {"PATH": str(self.bin), "STATE": str(self.state), "OLD": "", **variables}
        command = [str(script or self.checkout / "dev"), *arguments]
        return subprocess.run(
            command, cwd="/", env=environment, capture_output=True, text=True, timeout=30, check=False
        )

    def log(self) -> list[str]:
        """Return what was asked of Python since the last call: `venv` or the kind of install."""
        path = self.state / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [("force " if "--force" in line else "") + line.split()[0] for line in lines]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with a usable Python."""
    return Machine(tmp_path)


def test_no_verb_lists_the_verbs(machine: Machine) -> None:
    """`./dev` alone says one line for each verb and touches nothing."""
    answer = machine.dev()
    assert (0, "") == (answer.returncode, answer.stderr)
    assert list(VERBS) == [line.split()[0] for line in answer.stdout.splitlines()[2:]]
    assert [] == machine.log()


def test_unknown_verb_is_bad_usage(machine: Machine) -> None:
    """A verb that does not exist ends with 2 and the list of those that do."""
    answer = machine.dev("tset")
    assert answer.returncode == 2
    assert "there is no verb 'tset'" in answer.stderr
    assert "  test " in answer.stderr


def test_make_forwards_every_verb() -> None:
    """The Makefile knows the verbs of the script."""
    lines = (REPOSITORY / "Makefile").read_text().splitlines()
    assert [f"verbs = {' '.join(VERBS)}"] == [line for line in lines if line.startswith("verbs")]


def test_old_python_is_refused(machine: Machine) -> None:
    """A Python that is too old is named, with what to do."""
    answer = machine.dev("setup", OLD="yes")
    assert answer.returncode == 2
    assert "needs Python 3.11 or newer, but python3 is Python 3.9.2" in answer.stderr


def test_newer_python_is_found_beside_an_old_one(machine: Machine) -> None:
    """Where python3 is too old, python3.12 will do."""
    machine.add("python3.12", PYTHON)
    machine.add("python3", PYTHON.replace('[ -z "$OLD" ]', "exit 1"))
    assert 0 == machine.dev("setup").returncode
    assert ["venv", "pip", "pip"] == machine.log()


def test_missing_python_is_said(machine: Machine) -> None:
    """Without any Python the command that brings one is printed."""
    (machine.bin / "python3").unlink()
    answer = machine.dev("setup")
    assert answer.returncode == 2
    assert "apt-get install -y python3 python3-venv" in answer.stderr


def test_missing_ensurepip_without_root_prints_the_command(machine: Machine) -> None:
    """Somebody who is not root gets the exact command, and 2."""
    (machine.state / "ensurepip").unlink()
    machine.add("apt-get", '#!/bin/sh\necho apt >>"$STATE/log"\n')
    answer = machine.dev("setup")
    assert answer.returncode == 2
    assert "sudo apt-get install -y python3-venv" in answer.stderr
    assert [] == machine.log()


def test_missing_ensurepip_with_root_is_installed(machine: Machine) -> None:
    """Root on Debian is told first, then the package is installed and the set-up goes on."""
    (machine.state / "ensurepip").unlink()
    machine.add("id", "#!/bin/sh\necho 0\n")
    machine.add("apt-get", '#!/bin/sh\necho "apt $*" >>"$STATE/log"\necho >"$STATE/ensurepip"\n')
    answer = machine.dev("setup")
    assert 0 == answer.returncode, answer.stderr
    assert "installing the package python3-venv with apt-get" in answer.stderr
    assert ["apt", "venv", "pip", "pip"] == machine.log()


def test_missing_ensurepip_elsewhere_names_the_module(machine: Machine) -> None:
    """On a system without apt-get the missing module is named."""
    (machine.state / "ensurepip").unlink()
    answer = machine.dev("setup")
    assert answer.returncode == 2
    assert "python3 has no module ensurepip" in answer.stderr


def test_second_setup_does_nothing(machine: Machine) -> None:
    """An environment that is up to date is left alone, without starting Python once."""
    assert 0 == machine.dev("setup").returncode
    assert ["venv", "pip", "pip"] == machine.log()
    (machine.bin / "python3").unlink()
    answer = machine.dev("setup")
    assert (0, "", []) == (answer.returncode, answer.stderr, machine.log())


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements/dev.txt"])
def test_changed_requirements_are_installed(machine: Machine, name: str) -> None:
    """A changed lock is installed into the environment that is there."""
    machine.dev("setup")
    machine.log()
    (machine.checkout / name).write_text("changed")
    assert 0 == machine.dev("setup").returncode
    assert ["pip", "pip"] == machine.log()


def test_interrupted_setup_starts_again(machine: Machine) -> None:
    """A set-up that failed half-way says so and leaves nothing that the next one would trust."""
    (machine.state / "interrupt").touch()
    answer = machine.dev("setup")
    assert answer.returncode == 2
    assert "pip could not install the locked packages" in answer.stderr
    (machine.state / "interrupt").unlink()
    machine.log()
    assert 0 == machine.dev("setup").returncode
    assert ["venv", "pip", "pip"] == machine.log()


def test_foreign_environment_is_completed(machine: Machine) -> None:
    """A sound `.venv` made by something else is kept, and every package in it laid anew."""
    machine.dev("setup")
    machine.log()
    (machine.checkout / ".venv" / ".dev-setup").unlink()
    assert 0 == machine.dev("setup").returncode
    assert ["force pip", "pip"] == machine.log()


@pytest.mark.parametrize("broken", ["python", "pip"])
def test_broken_environment_is_made_again(machine: Machine, broken: str) -> None:
    """A `.venv` without its Python or its pip is replaced."""
    machine.dev("setup")
    machine.log()
    (machine.checkout / ".venv" / ".dev-setup").unlink()
    (machine.checkout / ".venv" / "bin" / broken).unlink()
    assert 0 == machine.dev("setup").returncode
    assert ["venv", "pip", "pip"] == machine.log()


def test_moved_checkout_is_set_up_again(machine: Machine) -> None:
    """Scripts of an environment hold absolute paths, so a moved one is made again."""
    machine.dev("setup")
    machine.log()
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("moved away"))
    assert 0 == machine.dev("setup").returncode
    assert ["venv", "pip", "pip"] == machine.log()


def test_verb_sets_up_when_needed(machine: Machine) -> None:
    """`./dev bench` on a fresh checkout makes the environment first, then measures what is named."""
    (machine.checkout / "bench").mkdir()
    (machine.checkout / "bench" / "cel.py").touch()
    answer = machine.dev("bench", "cel")
    assert (0, "ran bench/cel.py\n") == (answer.returncode, answer.stdout), answer.stderr
    assert ["venv", "pip", "pip"] == machine.log()


@pytest.mark.parametrize(("verb", "what"), [("bench", "nothing was measured"), ("demo", "examples/shop/demo.sh")])
def test_verb_with_nothing_to_do_says_so(machine: Machine, verb: str, what: str) -> None:
    """A verb whose work is not in the checkout ends with 2 instead of a silent pass."""
    answer = machine.dev(verb)
    assert answer.returncode == 2
    assert what in answer.stderr


def test_link_to_the_script_works(machine: Machine, tmp_path: Path) -> None:
    """A symbolic link on somebody's PATH finds the checkout."""
    link = tmp_path / "tidewaiter-dev"
    link.symlink_to(os.path.relpath(machine.checkout / "dev", tmp_path))
    assert 0 == machine.dev("setup", script=link).returncode
    assert (machine.checkout / ".venv" / ".dev-setup").exists()
