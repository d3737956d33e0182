"""Feeds from their publishers into the advisory file."""

from pathlib import Path

import msgspec

import tidewaiter
from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feed_source import HttpSource, SourceLimits, read_feed_list, shipped_feed_list
from tidewaiter.adapters.feeds import registry as feed_registry
from tidewaiter.adapters.feeds.left_out import why_left_out
from tidewaiter.adapters.store import build_advisories, open_advisories
from tidewaiter.core.vuln.distributions import split_ecosystem
from tidewaiter.operations.update import Tools, Updated, UpdateState, chosen, update
from tidewaiter.ports.advisories import AdvisoryError
from tidewaiter.wiring.seen import seen
from tidewaiter.wiring.settings import Progress

_STATE = "update.json"
_CHOOSE = "say what you scan, `--for debian:12,npm`, or take everything with `--all`"


class UpdateOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of `db update`."""

    wanted: tuple[str, ...] = ()
    """`debian:12`, `npm`; empty: what the present file holds and what was scanned here."""
    state: Path | None = None
    """Folder in which scans note what they saw."""
    everything: bool = False
    feeds: str = ""
    """A list of feeds instead of the shipped one."""
    limits: SourceLimits = SourceLimits()


def run_update(options: UpdateOptions, *, database: Path, progress: Progress) -> Updated:
    """Bring the feeds that are needed and import what is new; AdvisoryError leaves the file as it was."""
    listed = read_feed_list(Path(options.feeds)) if options.feeds else shipped_feed_list()
    wanted = [_place(text, listed) for text in options.wanted]
    if not wanted:
        wanted = [*_present(database), *(seen(options.state) if options.state is not None else ())]
    if not wanted and not options.everything:
        raise AdvisoryError("nothing tells which feeds are needed: no data is here, nothing was scanned", _CHOOSE)
    addresses = chosen(listed, wanted, everything=options.everything)
    folder = downloads(database)
    agent = f"tidewaiter/{tidewaiter.__version__}"
    with HttpSource(folder, agent=agent, limits=options.limits) as source:
        tools = Tools(
            source=source,
            open_documents=open_documents,
            feeds=feed_registry(),
            build=lambda: build_advisories(database, now=SystemClock().now()),
            explain=why_left_out,
            progress=progress,
        )
        result = update(addresses, tools=tools, state=_state(folder, database))
    _keep(folder, UpdateState(built=_built(database), documents=result.documents))
    return result


def downloads(database: Path) -> Path:
    """Return the folder of downloaded documents, beside the file that is made of them."""
    return database.parent / f"{database.name}.feeds"


def _place(text: str, listed: object) -> tuple[str, str]:
    """Return (ecosystem, release) of what a person writes: `debian:12`, `npm`, `Rocky Linux:9`, `rocky:9`."""
    name, _, release = text.strip().partition(":")
    known = {one for feed in listed.values() for one in feed.ecosystems} if isinstance(listed, dict) else set()
    low = name.lower().replace("-", " ")
    found = next((one for one in sorted(known) if one.lower() in {low, name.lower()}), "")
    found = found or _NICKNAMES.get(name.lower(), "")
    if not found or found not in known:
        raise AdvisoryError(f"no feed is listed for `{name}`", f"known are {', '.join(sorted(known - {'*'}))}")
    return (found, split_ecosystem(f"{found}:{release}")[1]) if release else (found, "")


_NICKNAMES = {
    "alma": "AlmaLinux",
    "amazon": "Amazon Linux",
    "amzn": "Amazon Linux",
    "arch": "Arch Linux",
    "azurelinux": "Azure Linux",
    "cargo": "crates.io",
    "composer": "Packagist",
    "gem": "RubyGems",
    "golang": "Go",
    "mariner": "CBL-Mariner",
    "ol": "Oracle Linux",
    "opensuse-leap": "openSUSE",
    "oracle": "Oracle Linux",
    "photon": "Photon OS",
    "rhel": "Red Hat",
    "redhat": "Red Hat",
    "rocky": "Rocky Linux",
    "sles": "SUSE",
    "swift": "SwiftURL",
}


def _present(database: Path) -> list[tuple[str, str]]:
    """Return the ecosystems that the present file speaks of."""
    try:
        with open_advisories(database) as data:
            return sorted({(one.ecosystem, "") for one in data.extents()})
    except AdvisoryError:
        return []


def _state(folder: Path, database: Path) -> UpdateState:
    """Return what the last update left, nothing when the file is another one now."""
    try:
        state = msgspec.json.decode((folder / _STATE).read_bytes(), type=UpdateState)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return UpdateState()
    return state if state.built and state.built == _built(database) else UpdateState()


def _keep(folder: Path, state: UpdateState) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _STATE).write_bytes(msgspec.json.encode(state))
    except OSError as error:
        raise AdvisoryError(f"{folder} cannot be written: {error.strerror or error}", "check the folder") from error


def _built(database: Path) -> str:
    try:
        with open_advisories(database) as data:
            return data.built
    except AdvisoryError:
        return ""
