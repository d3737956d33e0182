"""The list of feeds as YAML: which document brings which ecosystem, and where it is published."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import yaml

from tidewaiter.ports.advisories import AdvisoryError
from tidewaiter.ports.feed_source import FeedAddress

ALWAYS = "*"
_LARGEST = 1 << 20
_SCHEMES = frozenset({"http", "https"})
_INDEXES = frozenset({"", "repomd", "latest", "mirrors"})


class ListedFeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the list."""

    ecosystems: tuple[str, ...]
    urls: tuple[str, ...]
    releases: tuple[str, ...] = ()
    index: str = ""
    checksum: str = ""
    size: int = 0

    def addresses(self, name: str, releases: Iterable[str]) -> Iterator[FeedAddress]:
        """Yield the documents to take: all releases of the list when none is asked for, else those that are."""
        wanted = frozenset(releases)
        chosen = [one for one in self.releases if not wanted or _is_asked(one, wanted)] if self.releases else [""]
        for release in chosen:
            yield FeedAddress(
                feed=f"{name} {release}".strip(),
                urls=tuple(_filled(url, release) for url in self.urls),
                checksum=_filled(self.checksum, release),
                index=self.index,
                size=self.size,
            )


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    feeds: dict[str, ListedFeed]
    extends: str = ""


def shipped_feed_list() -> Mapping[str, ListedFeed]:
    """Return the list with the public addresses."""
    text = (resources.files("tidewaiter.adapters.feed_source") / "feeds.yaml").read_bytes()
    return _decoded(text, "the shipped list of feeds").feeds


def read_feed_list(path: Path) -> Mapping[str, ListedFeed]:
    """Return the list of a file; with `extends: shipped` its entries join and replace the shipped ones. AdvisoryError."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except OSError as error:
        raise AdvisoryError(f"{path} cannot be read: {error.strerror or error}", "check `--feeds FILE`") from error
    if len(data) > _LARGEST:
        raise AdvisoryError(f"{path} is larger than {_LARGEST} bytes", "a list of feeds is a short text")
    document = _decoded(data, str(path))
    if document.extends not in {"", "shipped"}:
        raise AdvisoryError(f"{path}: `extends: {document.extends}`", "only `extends: shipped` is known")
    return {**shipped_feed_list(), **document.feeds} if document.extends else document.feeds


def _decoded(data: bytes, source: str) -> _Document:
    advice = "see `Lists of feeds` in docs/advisories.md"
    try:
        value: Any = yaml.safe_load(data)
        document = msgspec.convert(value, type=_Document)
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError) as error:
        raise AdvisoryError(f"{source} is no list of feeds: {' '.join(str(error).split())}", advice) from error
    for name, feed in document.feeds.items():
        if not feed.urls or not feed.ecosystems:
            raise AdvisoryError(f"{source}: feed {name} has no address or no ecosystem", advice)
        if feed.index not in _INDEXES:
            known = ", ".join(sorted(_INDEXES - {""}))
            raise AdvisoryError(f"{source}: feed {name}: `index: {feed.index}` is unknown", f"known are {known}")
        for url in (*feed.urls, *filter(None, (feed.checksum,))):
            _check(url, name, source)
    return document


def _check(url: str, name: str, source: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise AdvisoryError(f"{source}: feed {name}: {url} is no address", "write https://HOST/PATH") from error
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise AdvisoryError(f"{source}: feed {name}: {url} is no web address", "write https://HOST/PATH")
    if {"{", "}"} & {*_filled(url, "1")}:
        raise AdvisoryError(f"{source}: feed {name}: unknown part in {url}", "known are {release}, {branch}, {major}")


def _is_asked(release: str, wanted: frozenset[str]) -> bool:
    """Tell whether a release of the list is among those asked for; `15` stands for 15.1 to 15.9."""
    return release in wanted or any(one.startswith(f"{release}.") for one in wanted)


def _filled(url: str, release: str) -> str:
    branch = release if release == "edge" else f"v{release}"
    leap = release if release == "tumbleweed" else f"leap.{release}"
    parts = {"{release}": release, "{branch}": branch, "{major}": release.partition(".")[0], "{leap}": leap}
    for part, value in parts.items():
        url = url.replace(part, value)
    return url
