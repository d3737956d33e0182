"""The use case of `tidewaiter watch registries`: which tags moved, and scans of what they stand for now."""

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, Literal, Protocol

import msgspec

from tidewaiter.core.context import Reference, parse_reference
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.inventories import KnownTag, TagRegister
from tidewaiter.ports.registry import RegistryError

SCHEMA: Final = "tidewaiter.dev/watch-registries/v1"
MOST_TAGS: Final = 500
"""Tags of one pattern that are looked at."""
_NOT_FOUND: Final = 404
_JITTER: Final = 0.1
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
State = Literal["new", "moved", "same", "gone", "failed"]


class TagSource(Protocol):
    """Asks registries; every method may raise RegistryError."""

    def digest(self, reference: Reference) -> str:
        """Return the digest that a reference stands for now."""
        ...

    def tags(self, reference: Reference) -> Sequence[str]:
        """Return the tags of the reference's repository."""
        ...


class TagNews(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One tag after it was looked at."""

    ref: str
    state: State
    digest: str = ""
    since: str = ""
    """When it was first seen to stand for this digest."""
    before: str = ""
    """The digest before, of one that moved; the last one, of one that is gone."""
    scanned: bool = False
    """True when this pass scanned it."""
    problem: str = ""
    """Why it could not be looked at or scanned."""
    advice: str = ""


class TagReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One look at all registries."""

    schema: str = SCHEMA
    created: str
    tags: tuple[TagNews, ...]
    exit_code: int
    reasons: tuple[str, ...]


def poll(
    patterns: Sequence[str],
    *,
    source: TagSource,
    register: TagRegister,
    scan: Callable[[str], None] | None,
    now: datetime,
    progress: Callable[[str], None] = lambda _: None,
) -> TagReport:
    """Look at every tag once; `scan` gets references whose digest was not scanned yet and may raise ImageError.

    Each tag is kept as soon as it is known, so that an interrupted pass goes on where it was. Raises InventoryError.
    """
    text = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    known = register.tags()
    told: dict[str, TagNews] = {}
    for reference in _references(patterns, source, told):
        if str(reference) in told:
            continue
        progress(f"asking for {reference}")
        news, tag = _looked_at(reference, known.get(str(reference)), source, text)
        if tag is not None and scan is not None and tag.scanned != tag.digest:
            progress(f"scanning {reference}")
            try:
                scan(f"registry:{reference}")
            except ImageError as error:
                news = msgspec.structs.replace(news, problem=f"not scanned: {error.message}", advice=error.advice)
            else:
                news, tag = msgspec.structs.replace(news, scanned=True), _scanned(tag)
        if tag is not None:
            register.keep_tag(tag)
        told[news.ref] = news
    return _report(tuple(told.values()), text)


def repeat(
    work: Callable[[], int], *, every: float, sleep: Callable[[float], None], random: Callable[[], float]
) -> int:
    """Do something again and again until interrupted; return what it returned last.

    `every` is in seconds and is varied by a tenth both ways, so that many installations do not ask at one moment;
    `random` gives numbers from 0 to 1.
    """
    code = 0
    try:
        while True:
            code = work()
            sleep(every * (1 - _JITTER + 2 * _JITTER * random()))
    except KeyboardInterrupt:
        return code


def seconds(text: str) -> float:
    """Return the seconds of `30m`, `6h`, `90d`; raises ValueError."""
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not number.isascii() or not number.isdigit() or len(number) > 6 or not int(number):
        raise ValueError(f"`{text}` is no duration")
    return float(int(number) * _UNITS[unit])


def _references(patterns: Iterable[str], source: TagSource, told: dict[str, TagNews]) -> Iterator[Reference]:
    """Yield the references that are meant; what means none goes to `told`."""
    for pattern in patterns:
        name, colon, tag = pattern.rpartition(":")
        is_pattern = bool(colon) and "/" not in tag and ("*" in tag or "?" in tag)
        reference = parse_reference(name if is_pattern else pattern)
        if reference is None:
            problem, advice = "is not the name of an image", "write [REGISTRY/]REPOSITORY[:TAG], `*` for every tag"
            told[pattern] = TagNews(ref=pattern, state="failed", problem=problem, advice=advice)
        elif is_pattern:
            yield from _fitting(reference, tag, pattern, source, told)
        else:
            yield reference


def _fitting(
    repository: Reference, pattern: str, written: str, source: TagSource, told: dict[str, TagNews]
) -> Iterator[Reference]:
    try:
        tags = sorted(fnmatch.filter(source.tags(repository), pattern))
    except RegistryError as error:
        told[written] = TagNews(ref=written, state="failed", problem=error.message, advice=error.advice)
        return
    if len(tags) > MOST_TAGS or not tags:
        problem = f"{len(tags)} tags fit, the first {MOST_TAGS} are looked at" if tags else "no tag fits"
        told[written] = TagNews(ref=written, state="failed", problem=problem, advice="write another pattern")
    for tag in tags[:MOST_TAGS]:
        yield msgspec.structs.replace(repository, tag=tag)


def _looked_at(
    reference: Reference, known: KnownTag | None, source: TagSource, now: str
) -> tuple[TagNews, KnownTag | None]:
    ref = str(reference)
    try:
        digest = source.digest(reference)
    except RegistryError as error:
        state: State = "gone" if error.status == _NOT_FOUND and known is not None else "failed"
        before = known.digest if known is not None else ""
        return TagNews(ref=ref, state=state, before=before, problem=error.message, advice=error.advice), None
    if known is None:
        tag = KnownTag(ref=ref, digest=digest, since=now, checked=now)
        return TagNews(ref=ref, state="new", digest=digest, since=now), tag
    if known.digest == digest:
        tag = msgspec.structs.replace(known, checked=now)
        return TagNews(ref=ref, state="same", digest=digest, since=known.since), tag
    tag = KnownTag(ref=ref, digest=digest, since=now, checked=now, before=known.digest, scanned=known.scanned)
    return TagNews(ref=ref, state="moved", digest=digest, since=now, before=known.digest), tag


def _scanned(tag: KnownTag) -> KnownTag:
    return msgspec.structs.replace(tag, scanned=tag.digest)


def _report(tags: tuple[TagNews, ...], now: str) -> TagReport:
    """Tell the exit code: 2 when nothing could be looked at, 3 when something could not, else 0."""
    failed = [one for one in tags if one.state == "failed"]
    open_ones = [one for one in tags if one.problem]
    moved = sum(one.state == "moved" for one in tags)
    count = len(tags) - len(failed)
    reasons = [f"{count} tag{'s' if count != 1 else ''} looked at, {moved} moved"]
    if open_ones:
        reasons.append(f"{len(open_ones)} with problems: {', '.join(one.ref for one in open_ones[:3])}")
    code = 2 if tags and len(failed) == len(tags) else 3 if open_ones else 0
    return TagReport(created=now, tags=tags, exit_code=code, reasons=tuple(reasons))
