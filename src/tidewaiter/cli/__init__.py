"""The command line. Nothing heavy is imported before a command is chosen."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from tidewaiter import __version__


class Command(NamedTuple):
    """One command and where it lives."""

    name: str
    target: str
    """`module:attribute`, imported when the command runs; a test resolves each."""
    help: str


COMMANDS: Final = (
    Command("check", "tidewaiter.cli.check:check", "Judge manifests, Dockerfiles, lock files and images together."),
    Command("scan", "tidewaiter.cli.scan:scan", "List packages, vulnerabilities, credentials and tools of an image."),
    Command("image", "tidewaiter.cli.image:app", "Show an image by its layers, and what changed between two."),
    Command("convert", "tidewaiter.cli.convert:convert", "Write a stored report in another form."),
    Command("explain", "tidewaiter.cli.explain:explain", "Tell why a finding is one, who owns it and how to fix it."),
    Command("fix", "tidewaiter.cli.fix:fix", "Print the changes that close findings as a unified diff."),
    Command("watch", "tidewaiter.cli.watch:app", "Tell what new advisories mean for images that were seen."),
    Command("base", "tidewaiter.cli.base:app", "Keep the index of base images."),
    Command("policy", "tidewaiter.cli.policy:app", "List, show, check and try policies."),
    Command("db", "tidewaiter.cli.db:app", "Bring advisory data here, build it, tell its state."),
)

USAGE: Final = 2
"""Exit code of bad usage, unusable input, and defects of our own."""
_COLLECT_AFTER: Final = 200_000
"""New objects between two collections. A run keeps nearly all facts until its end, so that looking for garbage every
700 objects, as Python does by default, costs a sixth of the time of a large check and frees nothing."""
_INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; help and version come without any import."""
    # Python sets a stream to None when the shell closed it (`>&-`); the verdict must not depend on that.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - lives as long as we do
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    gc.set_threshold(_COLLECT_AFTER, 20, 100)
    arguments = list(sys.argv[1:] if argv is None else argv)
    verbose = "--verbose" in arguments
    arguments = [argument for argument in arguments if argument != "--verbose"]
    code = _run(arguments, verbose=verbose)
    if code == _INTERRUPTED:
        _leave()
    gc.freeze()  # Python would look through all facts once more on its way out, for 30 ms after a scan
    sys.exit(code)


def _leave() -> None:
    """End at once: an interpreter that ends by itself waits for downloads that nobody wants any more."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(_INTERRUPTED)


def _run(arguments: list[str], *, verbose: bool) -> int:
    first = arguments[0] if arguments else ""
    if first in {"", "-h", "--help", "help"}:
        sys.stdout.write(root_help())
        return 0 if first else USAGE
    if first in {"--version", "version"}:
        sys.stdout.write(f"tidewaiter {__version__}\n")
        return 0
    command = next((one for one in COMMANDS if one.name == first), None)
    from tidewaiter.cli.run import no_command, run  # noqa: PLC0415 - heavy, and not needed for help

    if command is None:
        return no_command(first, [one.name for one in COMMANDS])
    try:
        return run(command.name, command.target, command.help, arguments[1:], verbose=verbose)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except SystemExit as leaving:  # what the parser makes of an interrupt
        return leaving.code if isinstance(leaving.code, int) else USAGE


def root_help() -> str:
    """Return the help of `tidewaiter` itself."""
    rows = "\n".join(f"  {command.name:<9} {command.help}" for command in COMMANDS)
    return f"""Usage: tidewaiter COMMAND [OPTIONS]

Follows an application from commit to cluster: images, manifests and policies judged together, with one verdict.

Commands:
{rows}

Options of every command:
  --help     Tell what the command does and takes.
  --verbose  Show the traceback of an error.
  --version  Print the version (without a command).

Exit codes: 0 pass, 1 the gate failed, 2 bad usage or nothing to judge, 3 incomplete.
"""
