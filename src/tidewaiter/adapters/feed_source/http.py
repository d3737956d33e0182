"""Downloads over HTTP (RFC 9110): conditional, resumed, bounded, patient with busy servers, digests where one is given."""

import ipaddress
import random
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2
import msgspec

from tidewaiter.adapters.feed_source.cache import Cache, Kept, digest, is_older, taken
from tidewaiter.adapters.feed_source.indexes import base_of, checksum_of, latest_of, mirror_of, updateinfo_of
from tidewaiter.ports.feed_source import FeedAddress, Fetched, FetchError

Progress = Callable[[str], None]
_SMALL = 8 << 20
_TIMEOUT = httpx2.Timeout(60.0, connect=20.0)
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = 5
_OK, _PARTIAL, _SAME, _BEYOND = 200, 206, 304, 416


class SourceLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one document may cost."""

    document: int = 4 << 30
    """Bytes as they are sent."""
    seconds: float = 3600.0
    """From the first request to the last byte, waiting included."""
    attempts: int = 5
    wait: float = 60.0
    """Longest pause between two attempts, whatever the server asks for."""


_LIMITS = SourceLimits()


class HttpSource:
    """Implements `ports.feed_source.FeedSource`; use it in a `with` statement."""

    def __init__(
        self,
        folder: Path,
        *,
        agent: str,
        limits: SourceLimits = _LIMITS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep documents in a folder; proxies and certificates are taken from the environment as usual."""
        self._cache = Cache(folder)
        self._limits = limits
        self._sleep = sleep
        self._clock = clock
        # Without compression in transit, lengths, ranges and digests speak of the document itself.
        headers = {"User-Agent": agent, "Accept-Encoding": "identity"}
        self._asked = httpx2.URL("")
        self._client = httpx2.Client(
            headers=headers,
            timeout=_TIMEOUT,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            event_hooks={"request": [self._guard]},
        )

    def __enter__(self) -> Self:
        """Take the folder; AdvisoryError while another process uses it, two would spoil each other's downloads."""
        self._lock = taken(self._cache.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()
        self._lock.close()

    def _guard(self, request: httpx2.Request) -> None:
        """Refuse, before anything is sent, a redirect that leaves encryption or leads to an address inside."""
        asked, url = self._asked, request.url
        if asked.scheme == "https" and url.scheme != "https":
            raise FetchError(f"{asked}: leads to {url}, which is not encrypted")
        if url.host != asked.host and _is_inside(url.host) and not _is_inside(asked.host):
            raise FetchError(f"{asked}: leads to {url}, an address of this machine or network")

    def fetch(self, address: FeedAddress, progress: Progress | None = None) -> Fetched:
        """Return the document from the first address that gives it; an earlier copy when none does; FetchError."""
        reasons: list[str] = []
        for url in address.urls:
            try:
                return self._from(url, address, progress)
            except FetchError as error:
                reasons.append(str(error))
            except OSError as error:
                reasons.append(f"{self._cache.folder} cannot be written: {error.strerror or error}")
        for url in address.urls:
            target = self._resolved(url) if address.index else url
            kept = self._cache.kept(target)
            if kept is not None:
                path = self._cache.path(target)
                return Fetched(address=address, path=path, sha256=kept.sha256, is_new=False, stale="; ".join(reasons))
        raise FetchError("; ".join(reasons))

    def small(self, url: str) -> bytes:
        """Return a short text, fetched anew; FetchError."""
        return self._document(url, FeedAddress(feed="", urls=(url,), size=_SMALL), "", None).path.read_bytes()

    def _from(self, url: str, address: FeedAddress, progress: Progress | None) -> Fetched:
        expected = checksum_of(self.small(address.checksum)) if address.checksum else ""
        if address.index == "latest":
            url, index = latest_of(self.small(url), url), url
            self._note(index, url)
        elif address.index in {"repomd", "mirrors"}:
            index = url
            if address.index == "mirrors":
                url = mirror_of(self.small(url), url)
            url, expected = updateinfo_of(self.small(url), base_of(url))
            self._note(index, url)
        return self._document(url, address, expected, progress)

    def _note(self, index: str, target: str) -> None:
        """Remember where an index led to, for the day on which its server does not answer."""
        self._cache.folder.mkdir(parents=True, exist_ok=True)
        path = self._cache.path(index)
        path.with_name(path.name + ".target").write_text(target, encoding="utf-8")

    def _resolved(self, url: str) -> str:
        """Return where an index led to the last time; empty when it never did."""
        path = self._cache.path(url)
        try:
            return path.with_name(path.name + ".target").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _document(self, url: str, address: FeedAddress, expected: str, progress: Progress | None) -> Fetched:
        kept = self._cache.kept(url)
        if kept is not None and expected and kept.sha256 == expected:
            return Fetched(address=address, path=self._cache.path(url), sha256=kept.sha256, is_new=False)
        transfer = _Transfer(self._clock() + self._limits.seconds, address, progress)
        reason = ""
        for attempt in range(self._limits.attempts):
            try:
                answered = self._attempt(url, kept, transfer)
            except httpx2.TooManyRedirects as error:
                raise FetchError(f"{url}: more than {_REDIRECTS} redirects") from error
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                answered = _Busy(f"{type(error).__name__}: {error}".rstrip(": "))
                if isinstance(error, httpx2.ConnectError) and attempt:
                    raise FetchError(f"{url}: {answered.reason}") from error  # nobody is there: do not wait long
            if isinstance(answered, Kept):
                return self._accepted(answered, address, expected)
            if answered is None and kept is not None:
                return Fetched(address=address, path=self._cache.path(url), sha256=kept.sha256, is_new=False)
            if isinstance(answered, _Busy):
                reason = answered.reason
                if attempt + 1 < self._limits.attempts:
                    self._pause(attempt, answered.after, transfer, url)
        raise FetchError(f"{url}: {reason or 'no usable answer'}, after {self._limits.attempts} attempts")

    def _attempt(self, url: str, kept: Kept | None, transfer: "_Transfer") -> "Kept | _Busy | None":
        """Return the document, None when the kept one is still the same, or why to try again."""
        have, part = self._cache.partial(url)
        self._asked = httpx2.URL(url)
        with self._client.stream("GET", url, headers=_headers(kept, have, part)) as response:
            status = response.status_code
            if status == _SAME:
                return None
            if status in _BUSY:
                return _Busy(f"answered {status} {response.reason_phrase}", response.headers.get("retry-after", ""))
            if status == _BEYOND:
                self._cache.forget_part(url)
                return _Busy("no longer has the rest of an interrupted download")
            if status not in {_OK, _PARTIAL}:
                raise FetchError(f"{url}: answered {status} {response.reason_phrase}".rstrip())
            said = Kept(
                url=url,
                sha256="",
                size=0,
                etag=response.headers.get("etag", ""),
                modified=response.headers.get("last-modified", ""),
            )
            if kept is not None and is_older(said.modified, kept.modified):
                raise FetchError(f"{url}: offers a copy of {said.modified}, older than that of {kept.modified} here")
            if status == _PARTIAL and not _continues(response, have):
                self._cache.forget_part(url)
                return _Busy("answered with another range than was asked for")
            return self._take(response, said, have if status == _PARTIAL else 0, transfer)

    def _take(self, response: httpx2.Response, said: Kept, have: int, transfer: "_Transfer") -> "Kept | _Busy":
        length = response.headers.get("content-length", "")
        whole = have + int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None
        limit = transfer.address.size or self._limits.document
        if whole is not None and whole > limit:
            raise FetchError(f"{said.url}: {whole} bytes, more than the {limit} allowed")
        part = self._cache.part(said.url)
        self._cache.begin(said)
        with part.open("ab" if have else "wb") as stream:
            for data in response.iter_raw():
                stream.write(data)
                have += len(data)
                if have > limit:
                    stream.close()
                    self._cache.forget_part(said.url)
                    raise FetchError(f"{said.url}: more than the {limit} bytes allowed")
                if self._clock() > transfer.deadline:
                    raise FetchError(f"{said.url}: not done within {self._limits.seconds:.0f} seconds")
                transfer.tell(have, whole)
        if whole is not None and have < whole:
            return _Busy(f"cut off after {have} of {whole} bytes")
        return msgspec.structs.replace(said, size=have)

    def _accepted(self, said: Kept, address: FeedAddress, expected: str) -> Fetched:
        found = digest(self._cache.part(said.url))
        if expected and found != expected:
            self._cache.forget_part(said.url)
            raise FetchError(f"{said.url}: its SHA-256 is {found[:16]}…, but {expected[:16]}… is stated")
        kept = self._cache.kept(said.url)
        path = self._cache.finish(msgspec.structs.replace(said, sha256=found))
        return Fetched(address=address, path=path, sha256=found, is_new=kept is None or kept.sha256 != found)

    def _pause(self, attempt: int, after: str, transfer: "_Transfer", url: str) -> None:
        asked = float(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0.0
        if asked > self._limits.wait:
            raise FetchError(f"{url}: asks to come back in {asked:.0f} seconds")
        seconds = max(asked, min(2.0**attempt + random.random(), self._limits.wait))  # noqa: S311 - spreads clients
        if self._clock() + seconds > transfer.deadline:
            raise FetchError(f"{url}: not done within {self._limits.seconds:.0f} seconds")
        self._sleep(seconds)


class _Busy(msgspec.Struct, frozen=True):
    reason: str
    after: str = ""


class _Transfer:
    """One document on its way."""

    def __init__(self, deadline: float, address: FeedAddress, progress: Progress | None) -> None:
        self.deadline = deadline
        self.address = address
        self._progress = progress

    def tell(self, have: int, whole: int | None) -> None:
        if self._progress is not None:
            total = f" of {whole / 1e6:.1f}" if whole else ""
            self._progress(f"{self.address.feed}: {have / 1e6:.1f}{total} MB")


def _is_inside(host: str) -> bool:
    """Tell whether a host is named by an address that is not of the internet, or as this machine."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _headers(kept: Kept | None, have: int, part: Kept | None) -> dict[str, str]:
    if have and part is not None:
        return {"Range": f"bytes={have}-", "If-Range": part.validator}
    headers: dict[str, str] = {}
    if kept is not None and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept is not None and kept.modified:
        headers["If-Modified-Since"] = kept.modified
    return headers


def _continues(response: httpx2.Response, have: int) -> bool:
    return have > 0 and response.headers.get("content-range", "").replace(" ", "").startswith(f"bytes{have}-")
