"""Which ecosystems were scanned here, so that `db update` takes what is needed without being told."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tidewaiter.core.report import Report
from tidewaiter.core.vuln.distributions import distribution
from tidewaiter.core.vuln.ecosystems import ECOSYSTEMS, LANGUAGES

_FILE = "ecosystems.json"
_MOST = 500


def ecosystems_of(report: Report) -> frozenset[tuple[str, str]]:
    """Return the (ecosystem, release) that the packages of a scanned image belong to, as far as feeds know them."""
    facts = report.facts
    if facts is None:
        return frozenset()
    places = {(LANGUAGES[one.type], "") for one in facts.packages if one.type in LANGUAGES}
    if facts.image.system is not None:
        places.add(distribution(facts.image.system))
    return frozenset(place for place in places if place[0] in ECOSYSTEMS)


def note(state: Path, places: Iterable[tuple[str, str]]) -> None:
    """Add what was seen; a folder that cannot be written costs nothing but the memory of it.

    Without a state folder (an empty path) nothing is kept.
    """
    if state == Path():
        return
    known = set(seen(state))
    added = known | set(places)
    if added == known or len(added) > _MOST:
        return
    with contextlib.suppress(OSError):
        state.mkdir(parents=True, exist_ok=True)
        temporary = state / f".{_FILE}.new"
        temporary.write_bytes(msgspec.json.encode(sorted(added)))
        temporary.replace(state / _FILE)


def seen(state: Path) -> tuple[tuple[str, str], ...]:
    """Return what was seen, nothing when there is no file or it is damaged."""
    try:
        return tuple(msgspec.json.decode((state / _FILE).read_bytes(), type=list[tuple[str, str]]))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ()
