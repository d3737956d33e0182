"""`tidewaiter watch`: images that were seen, and what new advisories mean for them."""

import os
from typing import Annotated, Literal

import msgspec
from cyclopts import App, Parameter

from tidewaiter.cli import watch_table as table
from tidewaiter.cli.output import emit, progress, remark
from tidewaiter.core.report import as_unicode
from tidewaiter.operations.watch_registries import TagReport, seconds
from tidewaiter.operations.watch_report import WatchReport, encode
from tidewaiter.ports.images import ImageError
from tidewaiter.wiring import watch as wiring
from tidewaiter.wiring.settings import Settings, read_settings

app = App(name="watch", help="Keep the images that were seen, and tell what new advisories mean for them.")

USAGE = 2
INCOMPLETE = 3
Format = Annotated[Literal["table", "json"], Parameter(name="--format")]
Database = Annotated[str, Parameter(name="--db", show_default=False)]
Text = Annotated[str, Parameter(show_default=False)]
Severity = Literal["low", "medium", "high", "critical"]


class WatchUsageError(ValueError):
    """Arguments that do not make sense together."""

    def __init__(self, message: str, advice: str) -> None:
        """Say what is wrong and what to write."""
        super().__init__(message)
        self.advice = advice


@app.command(name="run")
def watch_run(
    *,
    format: Format = "table",  # noqa: A002 - the option's name
    output: Text = "",
    fail_on: Severity = "low",
    db: Database = "",
) -> int:
    """Match again what new advisories touch in images that were seen, and tell what changed.

    Nothing is pulled and nothing is scanned. Exit codes: 0 nothing is new, 1 an image is newly affected or a finding
    is newly exploited, 2 no image is known or there is no advisory data, 3 something could not be answered.

    Parameters
    ----------
    format
        Table for people, JSON for machines.
    output
        Write the report to this file.
    fail_on
        Lowest severity of new findings for which the exit code is 1.
    db
        File with advisory data instead of the default one.

    """

    def deliver(report: WatchReport) -> None:
        emit(encode(report).decode() if format == "json" else table.news(report), output=output)

    return wiring.run_watch(_settings(), database=db, fail_on=fail_on, deliver=deliver).exit_code


@app.command(name="list")
def watch_list(*, format: Format = "table", output: Text = "") -> int:  # noqa: A002 - the option's name
    """List the images that were seen, the latest first.

    Parameters
    ----------
    format
        Table for people, JSON for machines.
    output
        Write the list to this file.

    """
    images = wiring.known_images(_settings())
    if format == "json":
        listed = {"schema": "tidewaiter.dev/watch-images/v1", "images": as_unicode(msgspec.to_builtins(images))}
        emit(msgspec.json.format(msgspec.json.encode(listed), indent=2).decode() + "\n", output=output)
        return 0
    emit(table.images(images), output=output)
    return 0


@app.command(name="add")
def watch_add(
    *references: str,
    db: Database = "",
    platform: Annotated[str, Parameter(name="--platform", show_default=False)] = "",
) -> int:
    """Scan images and keep them.

    Exit codes: 0 all were scanned, 2 an image could not be found, 3 an image could not be read or matched in full.

    Parameters
    ----------
    references
        Images as for `tidewaiter scan`.
    db
        File with advisory data instead of the default one.
    platform
        Choose os/arch[/variant] where a name means several images; default linux/amd64.

    """
    _needed(references, "tidewaiter watch add REFERENCE…")
    codes = [0]
    for reference in references:
        try:
            with progress() as shown:
                report = wiring.add_image(
                    reference, settings=_settings(), database=db, platform=platform, progress=shown
                )
        except ImageError as error:
            codes.append(USAGE)
            remark(f"error: {error.message}")
            remark(f"hint: {error.advice}")
            continue
        codes.append(report.exit_code)
        emit(table.added(report))
    return USAGE if USAGE in codes else max(codes)


@app.command(name="forget")
def watch_forget(*images: str) -> int:
    """Forget images; a registry that is watched brings them back.

    Parameters
    ----------
    images
        Names as `watch list` shows them, digests, or at least twelve hex digits of one.

    """
    _needed(images, "tidewaiter watch forget IMAGE…")
    count = wiring.forget_images(images, _settings())
    emit(f"{count} image{'s' if count != 1 else ''} forgotten\n")
    if not count:
        remark("no such image; `tidewaiter watch list` shows all")
    return 0 if count else USAGE


@app.command(name="prune")
def watch_prune(*, older_than: Annotated[str, Parameter(name="--older-than")] = "90d") -> int:
    """Forget images that were not seen for some time.

    Parameters
    ----------
    older_than
        Time since an image was seen last: 90d, 12h.

    """
    count = wiring.prune_images(_duration(older_than), _settings())
    emit(f"{count} image{'s' if count != 1 else ''} forgotten\n")
    return 0


@app.command(name="registries")
def watch_registries(
    *references: str,
    config: Text = "",
    every: Text = "",
    scan: Annotated[bool, Parameter(negative="--no-scan", show_default=False)] = True,
    format: Format = "table",  # noqa: A002 - the option's name
    db: Database = "",
    platform: Text = "",
) -> int:
    """Look at tags in registries: tell which moved, and scan and keep what they stand for now.

    Layers that are known from earlier scans are not pulled. Exit codes: 0 all tags were looked at, 2 none could be,
    3 some could not be looked at or scanned.

    Parameters
    ----------
    references
        Images; REPOSITORY:PATTERN with * or ? means every tag that fits. Without any, those of the configuration.
    config
        Folder with a .tidewaiter.yaml, whose `watch.images` lists images and whose `registries` tells how to ask.
    every
        Go on for ever and look again after this time, varied by a tenth: 30m, 6h.
    scan
        Scan what is new; with --no-scan only tell what moved.
    format
        Table for people, JSON for machines (one document per look).
    db
        File with advisory data instead of the default one.
    platform
        Choose os/arch[/variant] where a name means several images; default linux/amd64.

    """
    settings = _settings()
    listed, options = wiring.watched(config, settings)
    wanted = references or listed
    if not wanted:
        raise WatchUsageError("no image is named", "name some, or list them under `watch.images` in .tidewaiter.yaml")

    def once() -> int:
        with progress() as shown:
            report = wiring.poll_registries(
                wanted, options, settings=settings, database=db, platform=platform, scan=scan, progress=shown
            )
        _tell_tags(report, format)
        return report.exit_code

    return wiring.repeat(once, _duration(every)) if every else once()


def _tell_tags(report: TagReport, format: str) -> None:  # noqa: A002 - as above
    if format == "json":
        emit(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
    else:
        emit(table.tags(report))


def _settings() -> Settings:
    return read_settings(os.environ)


def _duration(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise WatchUsageError(str(error), "write a number and s, m, h or d: 30m, 6h, 90d") from error


def _needed(names: tuple[str, ...], usage: str) -> None:
    if not names:
        raise WatchUsageError("nothing is named", f"`{usage}`")
