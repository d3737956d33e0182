"""Asks one engine over its socket (Docker Engine API: /images/{name}/json and /images/{name}/get, which Podman answers too)."""

import socket
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

import httpx2
import msgspec

from tidewaiter.adapters.engines.sockets import Address
from tidewaiter.ports.images import ImageError
from tidewaiter.scan.image import Limits
from tidewaiter.scan.json_text import JsonError, decode, mapping, text, texts

_LIMIT: Final = 8 << 20
_CHUNK: Final = 1 << 20
_TOLD_EVERY: Final = 64 << 20
_CONNECT: Final = 5.0
_READ: Final = 60.0
_EXPORT: Final = 900.0
"""Seconds without a byte: some engines write the whole archive before they send any of it."""


class EngineError(ImageError):
    """An engine gave no answer that can be used."""


class NoSuchImageError(EngineError):
    """The engine answers, but does not have the image."""


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine says about an image."""

    name: str
    """By which the engine knows it."""
    id: str
    tags: tuple[str, ...] = ()
    diff_ids: tuple[str, ...] = ()
    os: str = ""
    architecture: str = ""
    size: int = 0
    """Bytes on the engine's disk."""


class Engine:
    """One engine behind one socket; a connection per question, so that nothing is shared with a forked process."""

    def __init__(self, address: Address, *, read_seconds: float = _READ) -> None:
        """Take the place of its socket."""
        self.address = address
        self._read = read_seconds

    def inspect(self, name: str) -> Inspected:
        """Return what the engine says about an image; raises NoSuchImageError, or EngineError when it cannot be asked."""
        self._probe()
        with self._client(self._read) as client:
            try:
                with client.stream("GET", self._url(name, "json")) as response:
                    body = _small(response, self.address)
                    status = response.status_code
            except (httpx2.TransportError, httpx2.InvalidURL) as error:
                raise self._unreachable(error) from error
        if status == httpx2.codes.NOT_FOUND:
            raise NoSuchImageError(f"{self.address.path} does not have {name}")
        try:
            found = mapping(decode(body, size=_LIMIT))
        except JsonError as error:
            raise EngineError(f"{self.address.path} gives an answer that is no JSON: {error}") from error
        if status != httpx2.codes.OK or not text(found.get("Id")):
            said = text(found.get("message"))[:200]
            raise EngineError(f"{self.address.path} answers with status {status}" + (f": {said}" if said else ""))
        size = found.get("Size")
        return Inspected(
            name=name,
            id=text(found.get("Id")),
            tags=texts(found.get("RepoTags")),
            diff_ids=texts(mapping(found.get("RootFS")).get("Layers")),
            os=text(found.get("Os")),
            architecture=text(found.get("Architecture")),
            size=size if isinstance(size, int) else 0,
        )

    def export(self, name: str, told: Callable[[int], None]) -> BinaryIO:
        """Return the image as a docker archive in a nameless file of our own; the caller closes it.

        Raises EngineError when the engine cannot give it, or when there is no room for it.
        """
        file = tempfile.TemporaryFile(prefix="tidewaiter-")  # noqa: SIM115 - the caller closes it with the image
        try:
            with (
                self._client(_EXPORT) as client,
                client.stream("GET", self._url(name, "get")) as response,
            ):
                self._spool(name, response, file, told)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            file.close()
            raise self._unreachable(error) from error
        except OSError as error:
            file.close()
            words = f"no room for {name} in the temporary folder: {error.strerror or error}"
            raise EngineError(words, "set TMPDIR to a folder with more room") from error
        except BaseException:
            file.close()
            raise
        return file

    def _spool(self, name: str, response: httpx2.Response, file: BinaryIO, told: Callable[[int], None]) -> None:
        if response.status_code != httpx2.codes.OK:
            raise EngineError(f"{self.address.path} cannot export {name}: status {response.status_code}")
        bound = Limits().image_bytes
        size = last = 0
        for chunk in response.iter_raw(_CHUNK):
            size += len(chunk)
            if size > bound:
                raise EngineError(f"the archive of {name} has more than {bound >> 30} GiB")
            file.write(chunk)
            if size - last >= _TOLD_EVERY:
                last = size
                told(size)
        file.flush()

    def _client(self, read: float) -> httpx2.Client:
        address = self.address
        path = address.path if address.is_socket else None
        verify = self._context() if address.certificates else False
        transport = httpx2.HTTPTransport(uds=path, trust_env=False, verify=verify)
        times = httpx2.Timeout(read, connect=_CONNECT)
        return httpx2.Client(
            transport=transport, timeout=times, trust_env=False, headers={"Accept-Encoding": "identity"}
        )

    def _url(self, name: str, what: str) -> str:
        return f"{self.address.url}/images/{quote(name, safe='/:@')}/{what}"

    def _context(self) -> ssl.SSLContext:
        folder = Path(self.address.certificates)
        try:
            context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
            context.load_cert_chain(str(folder / "cert.pem"), str(folder / "key.pem"))
        except (OSError, ssl.SSLError) as error:
            raise EngineError(
                f"the certificates in {folder} cannot be used: {error}", "correct DOCKER_CERT_PATH"
            ) from error
        return context

    def _probe(self) -> None:
        """Connect once, for words that say why it is not possible."""
        path = self.address.path
        if not self.address.is_socket:
            return
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(_CONNECT)
                probe.connect(path)
        except PermissionError as error:
            advice = f"add yourself to the group of {path}, or run with more permissions"
            raise EngineError(f"you may not ask {path}", advice) from error
        except ConnectionRefusedError as error:
            raise EngineError(f"nothing listens at {path}") from error
        except OSError as error:
            raise EngineError(f"{path} cannot be asked: {error.strerror or error}") from error

    def _unreachable(self, error: Exception) -> EngineError:
        if isinstance(error, httpx2.TimeoutException):
            return EngineError(f"{self.address.path} does not answer")
        return EngineError(f"{self.address.path} cannot be asked: {error}")


def _small(response: httpx2.Response, address: Address) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > _LIMIT:
            raise EngineError(f"{address.path} answers with more than {_LIMIT >> 20} MiB")
        parts.append(chunk)
    return b"".join(parts)
