"""The command line before and around its commands."""

import importlib
import io
import re
import subprocess
import sys

import pytest

from tidewaiter import __version__
from tidewaiter.cli import COMMANDS, main, root_help
from tidewaiter.cli.output import Progress, printable, write
from tidewaiter.cli.run import run


def call(capsys, *arguments):
    """Run the command line; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    captured = capsys.readouterr()
    return caught.value.code, captured.out, captured.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_target_resolves(command):
    """A lazily imported command is not noticed to be missing before somebody runs it."""
    module, _, attribute = command.target.partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))


def test_help_and_version_need_no_command(capsys):
    """Help is output and succeeds; without anything it is the answer to bad usage."""
    assert (0, root_help(), "") == call(capsys, "--help")
    assert (2, root_help(), "") == call(capsys)
    assert (0, f"tidewaiter {__version__}\n", "") == call(capsys, "--version")


def test_root_help_imports_nothing_heavy():
    """Start-up stays a matter of milliseconds."""
    program = "import sys; from tidewaiter.cli import root_help; root_help(); print('cyclopts' in sys.modules, 'msgspec' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )
    assert "False False" == done.stdout.strip()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekc"], "did you mean `tidewaiter check`?"),
        (["check", "--formt", "json"], "--formt"),
        (["check", "--format", "xml"], "xml"),
        (["scan"], "image"),
    ],
)
def test_bad_usage_is_told_and_exits_2(capsys, arguments, words):
    """One error line, one hint, no traceback."""
    code, out, err = call(capsys, *arguments)
    assert (2, "") == (code, out)
    assert words.lower() in err.lower()
    assert re.match(r"error: .+\nhint: .+\n\Z", err)


def test_a_defect_of_our_own_is_told_without_a_traceback(capsys):
    """It names the defect and how to report it; `--verbose` shows the traceback."""
    assert 2 == run("check", "tidewaiter.cli.run:no_such_attribute", "", [], verbose=False)
    err = capsys.readouterr().err
    assert err.startswith("error: internal error: AttributeError")
    assert "--verbose" in err
    assert "Traceback" not in err
    run("check", "tidewaiter.cli.run:no_such_attribute", "", [], verbose=True)
    assert "Traceback" in capsys.readouterr().err


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        """Say yes."""
        return True


def test_progress_is_shown_on_a_terminal_only_and_leaves_nothing(monkeypatch):
    """A log file gets no progress; a terminal gets one line that is taken away."""
    monkeypatch.setenv("TERM", "xterm")
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        shown = Progress(stream)
        shown("reading \x1b[31mweb.tar")
        shown.clear()
    assert "" == file.getvalue()
    assert "\r\x1b[Kreading \\x1b[31mweb.tar\r\x1b[K" == terminal.getvalue()


def test_text_that_the_stream_cannot_encode_is_escaped():
    """An ASCII terminal gets escapes instead of an error."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    write(stream, "naïve → \udcff\n")
    assert b"na\\xefve \\u2192 \\udcff\n" == stream.buffer.getvalue()


def test_diffs_on_a_terminal_are_printable():
    """A manifest cannot write to the terminal through its own diff."""
    assert "-a\\x1b[2J\n+b\tc\n" == printable("-a\x1b[2J\n+b\tc\n")
