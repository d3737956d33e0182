"""Runs one command: parses its arguments, translates every error into words and an exit code."""

import difflib
import traceback
from collections.abc import Sequence
from typing import Any, Final

from cyclopts import App, CycloptsError, UnusedCliTokensError

from tidewaiter.cli.output import complain

_USAGE: Final = 2
_HELP: Final = frozenset({"--help", "-h"})
_STDIN: Final = "/dev/stdin"


def no_command(word: str, known: Sequence[str]) -> int:
    """Complain about a command that does not exist."""
    near = difflib.get_close_matches(word, known, n=1)
    complain(
        f"there is no command `{word}`",
        hint=f"did you mean `tidewaiter {near[0]}`?" if near else f"commands: {', '.join(known)}",
    )
    return _USAGE


def application(name: str, target: str, summary: str, *, with_help: bool = True) -> App:
    """Return the parser of one command; `target` is a function or an `App` of its own.

    Without help, what lays it out is not imported.
    """
    app = App(
        name="tidewaiter",
        version_flags=(),
        help_formatter="plain" if with_help else None,
        exit_on_error=False,
        print_error=False,
        result_action="return_value",
    )
    app.command(target, name=name, help=summary if target.endswith(":app") else None)
    return app


def run(name: str, target: str, summary: str, arguments: Sequence[str], *, verbose: bool) -> int:
    """Return the exit code of a command; no exception leaves this function but an interrupt."""
    try:
        with_help = target.endswith(":app") or not _HELP.isdisjoint(arguments)
        result: Any = application(name, target, summary, with_help=with_help)([name, *_with_stdin(arguments)])
    except CycloptsError as error:
        command = " ".join(error.command_chain or (name,))
        complain(_usage_words(error), hint=f"`tidewaiter {command} --help` shows what it takes")
        return _USAGE
    except Exception as error:  # noqa: BLE001 - the outermost boundary: every defect becomes words and an exit code
        return _told(error, verbose=verbose)
    return result if isinstance(result, int) else 0


def _with_stdin(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the path of standard input for a lone `-`, which the parser takes for an option."""
    before = ["", *arguments]
    return [
        _STDIN if word == "-" and not last.startswith("--") else word
        for last, word in zip(before, arguments, strict=False)
    ]


def _usage_words(error: CycloptsError) -> str:
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return f"too many arguments: {' '.join(error.unused_tokens)}"
    text = " ".join(str(error).split())
    return text[:1].lower() + text[1:].rstrip(".")


def _told(error: Exception, *, verbose: bool) -> int:
    if verbose:
        traceback.print_exception(error)
    advice = getattr(error, "advice", None)
    if isinstance(advice, str):
        complain(str(error), hint=advice)
    elif isinstance(error, PermissionError) and error.filename is not None:
        complain(f"{error.filename} cannot be used: {error.strerror}", hint="check its permissions")
    elif isinstance(error, MemoryError):
        complain("out of memory", hint="check less at once, or give the process more memory")
    else:
        complain(
            f"internal error: {type(error).__name__}: {error}",
            hint="this is a defect of tidewaiter: report it with the output of the same command and --verbose",
        )
    return _USAGE
