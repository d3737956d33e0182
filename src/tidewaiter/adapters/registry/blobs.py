"""Downloads a layer: verified while it comes, continued where it was cut."""

import hashlib
import re
from collections.abc import Callable
from threading import Event
from typing import BinaryIO, Final

import httpx2

from tidewaiter.adapters.registry.client import RegistryClient, refusal
from tidewaiter.adapters.registry.manifest import ALTERED
from tidewaiter.adapters.registry.session import Session, shown, unreachable
from tidewaiter.ports.registry import Descriptor, RegistryError

Told = Callable[[int], None]
"""Is told how many bytes have come."""
_RANGE: Final = re.compile(r"bytes (\d{1,18})-\d{1,18}/(?:\d{1,18}|\*)")
_TOLD_EVERY: Final = 8 << 20
_MOST_PARTS: Final = 100
"""Times that one blob is continued."""
_UNAUTHORIZED: Final = 401
_RANGE_REFUSED: Final = 416


class Download:
    """One blob on its way into a file."""

    def __init__(self, session: Session, blob: Descriptor, file: BinaryIO, told: Told, stop: Event) -> None:
        """Take the empty file; it holds the verified bytes once one of the methods returns. `stop` gives it up."""
        self._stop = stop
        self._session = session
        self._blob = blob
        self._file = file
        self._told = told
        self._hash = hashlib.new(blob.digest.partition(":")[0])
        self._come = 0
        self._until = session.deadline(blob.size)

    def from_registry(self, client: RegistryClient) -> None:
        """Fetch the blob from the client's repository; raises RegistryError, and OSError for a full disk."""
        self._run(client.url(f"blobs/{self._blob.digest}"), client)

    def from_address(self, url: httpx2.URL) -> None:
        """Fetch the blob from somewhere else, without saying who we are."""
        self._run(url, None)

    def _run(self, url: httpx2.URL, client: RegistryClient | None) -> None:
        failures = 0
        for _ in range(_MOST_PARTS):
            if self._come == self._blob.size:
                break
            before = self._come
            reason = RegistryError(f"{shown(url)} ends after {before} of {self._blob.size} bytes", ALTERED)
            try:
                self._part(url, client)
            except httpx2.TransportError as error:
                reason = unreachable(url, error)
            if self._come == self._blob.size:
                break
            if self._stop.is_set():
                raise RegistryError("the download was given up")
            failures = 1 if self._come > before else failures + 1
            pause = self._session.patience.pause(failures - 1, None)
            if pause is None:
                raise reason
            self._session.patience.sleep(pause)
        self._file.flush()
        if self._come != self._blob.size or self._hash.hexdigest() != self._blob.digest.partition(":")[2]:
            raise RegistryError(f"{shown(url)} gives other bytes than those of {self._blob.digest}", ALTERED)

    def _part(self, url: httpx2.URL, client: RegistryClient | None, *, is_second: bool = False) -> None:
        """Fetch what is missing, as much of it as comes."""
        headers = {"Range": f"bytes={self._come}-"} if self._come else {}
        proof = client.authorization() if client is not None else ""
        with self._session.stream(url, self._until, headers=headers, authorization=proof) as response:
            if response.status_code != _UNAUTHORIZED or client is None or is_second:
                self._take(response)
                return
            may_ask_again = client.challenged(response.url, response.headers)
        if not may_ask_again:
            raise refusal(_UNAUTHORIZED, shown(url), f"the blob {self._blob.digest}", known=None)
        self._part(url, client, is_second=True)

    def _take(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status == _RANGE_REFUSED or (status == httpx2.codes.OK and self._come):
            self._begin_again()
            if status == _RANGE_REFUSED:
                return
        elif status == httpx2.codes.PARTIAL_CONTENT:
            match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if match is None or int(match[1]) != self._come:
                self._begin_again()
                return
        elif status != httpx2.codes.OK:
            raise refusal(status, shown(response.url), f"the blob {self._blob.digest}", known=None)
        told = self._come
        for chunk in response.iter_raw():
            if self._stop.is_set():
                raise RegistryError("the download was given up")
            self._come += len(chunk)
            if self._come > self._blob.size:
                raise RegistryError(f"{shown(response.url)} gives more than {self._blob.size} bytes", ALTERED)
            if self._session.patience.clock() > self._until:
                raise RegistryError(f"{shown(response.url)} sends too slowly", "try again later")
            self._hash.update(chunk)
            self._file.write(chunk)
            if self._come - told >= _TOLD_EVERY:
                told = self._come
                self._told(told)

    def _begin_again(self) -> None:
        """Forget what has come: the server cannot continue."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.new(self._blob.digest.partition(":")[0])
        self._come = 0
