"""Asks one registry about one repository (OCI distribution-spec)."""

from collections.abc import Mapping
from typing import Final

import httpx2

from tidewaiter.adapters.registry.addresses import is_loopback
from tidewaiter.adapters.registry.auth_files import Credential
from tidewaiter.adapters.registry.authorization import LOGIN, Authorization
from tidewaiter.adapters.registry.backoff import retry_after
from tidewaiter.adapters.registry.endpoints import Endpoint
from tidewaiter.adapters.registry.manifest import ACCEPT, ALTERED, LIMIT, Manifest, has_digest, read_manifest
from tidewaiter.adapters.registry.session import Answer, Session, shown
from tidewaiter.ports.registry import Descriptor, RegistryError

_ERROR_LIMIT: Final = 1 << 20
_CONFIG_LIMIT: Final = 16 << 20
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429


class RegistryClient:
    """One repository of one registry; finds out how to talk to it with the first question."""

    def __init__(self, endpoint: Endpoint, session: Session, credential: Credential | None) -> None:
        """Take whom to ask, how, and who we are."""
        self.endpoint = endpoint
        self.session = session
        self._credential = credential
        self._authorization: Authorization | None = None
        self._root: httpx2.URL | None = None

    def manifest(self, reference: str, *, size: int = 0) -> Manifest:
        """Return the manifest or index of a tag or digest, verified; raises RegistryError.

        `size` is what the index states, 0 when nothing does.
        """
        digest = reference if ":" in reference else ""
        answer = self.get(f"manifests/{reference}", headers={"Accept": ACCEPT}, limit=LIMIT)
        if answer.status != httpx2.codes.OK:
            mark = "@" if digest else ":"
            raise self.refused(answer, f"the image {self.endpoint.host}/{self.endpoint.repository}{mark}{reference}")
        stated = answer.headers.get("Docker-Content-Digest", "")
        if stated.startswith(("sha256:", "sha512:")) and not digest and not has_digest(answer.body, stated):
            raise RegistryError(f"{self.endpoint.host} states the digest {stated} for another manifest", ALTERED)
        return read_manifest(answer.body, answer.headers.get("Content-Type", ""), digest=digest, size=size)

    def small_blob(self, descriptor: Descriptor) -> bytes:
        """Return a small blob, verified, such as a configuration; raises RegistryError."""
        if descriptor.size > _CONFIG_LIMIT:
            raise RegistryError(f"{descriptor.digest} has {descriptor.size} bytes, more than are read")
        answer = self.get(f"blobs/{descriptor.digest}", limit=_CONFIG_LIMIT)
        if answer.status != httpx2.codes.OK:
            raise self.refused(answer, f"the blob {descriptor.digest}")
        if len(answer.body) != descriptor.size or not has_digest(answer.body, descriptor.digest):
            raise RegistryError(f"{self.endpoint.host} gives other bytes than those of {descriptor.digest}", ALTERED)
        return answer.body

    def get(self, path: str, *, limit: int, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        """Return the answer for a path below the repository, after proving who we are if that is asked for."""
        url = self.url(path)
        answer = self.session.read(method, url, headers=headers, authorization=self.authorization(), limit=limit)
        if answer.status == _UNAUTHORIZED and self.challenged(answer.url, answer.headers):
            answer = self.session.read(method, url, headers=headers, authorization=self.authorization(), limit=limit)
        return answer

    def url(self, path: str) -> httpx2.URL:
        """Return the address of a path below the repository."""
        return self.root().join(f"{self.endpoint.repository}/{path}")

    def authorization(self) -> str:
        """Return the header that lets us pull from the repository; empty when none is needed."""
        self.root()
        assert self._authorization is not None
        return self._authorization.header(f"repository:{self.endpoint.repository}:pull")

    def challenged(self, url: httpx2.URL, headers: httpx2.Headers) -> bool:
        """Take the challenge of an answer 401 from `url`; return whether it makes sense to ask again.

        Only the registry itself may say where we prove who we are, not a host that it redirected to.
        """
        root = self.root()
        assert self._authorization is not None
        if (url.scheme, url.host, url.port) != (root.scheme, root.host, root.port):
            return False
        return self._authorization.challenged(headers.get_list("WWW-Authenticate"))

    def root(self) -> httpx2.URL:
        """Return the registry's address, after finding out whether it speaks TLS and how it wants to be asked."""
        if self._root is None:
            root, answer = self._ping()
            self._authorization = Authorization(self.session, root, self._credential)
            self._root = root
            if answer.status == _UNAUTHORIZED:
                self.challenged(answer.url, answer.headers)
            elif answer.status == _TOO_MANY or answer.status >= httpx2.codes.INTERNAL_SERVER_ERROR:
                self._root = None
                raise self.refused(answer, "to answer")
            elif answer.status == _NOT_FOUND:
                self._root = None
                raise RegistryError(f"{self.endpoint.host} is not a registry", "check the name", status=answer.status)
        return self._root

    def _ping(self) -> tuple[httpx2.URL, Answer]:
        """Ask `/v2/` by TLS, and without where that is allowed; on this machine without TLS first, as is usual there."""
        secure, plain = self.endpoint.root("https"), self.endpoint.root("http")
        may_be_plain = self.session.may_be_plain(secure)
        if self.endpoint.scheme == "http" and not may_be_plain:
            raise RegistryError(
                f"{self.endpoint.host} would be asked without TLS",
                f"if that is meant, list it under `registries.insecure`: [{self.endpoint.host}]",
            )
        if self.endpoint.scheme or not may_be_plain:
            return self._asked(plain if self.endpoint.scheme == "http" else secure)
        order = (plain, secure) if is_loopback(secure.host) else (secure, plain)
        failure: RegistryError | None = None
        answered: list[tuple[httpx2.URL, Answer]] = []
        for root in order:
            try:
                found = self._asked(root, attempts=1)
            except RegistryError as error:
                failure = failure or error
                continue
            # A server that wants TLS answers a plain question with 400.
            if found[1].status in {httpx2.codes.OK, _UNAUTHORIZED}:
                return found
            answered.append(found)
        if answered:
            return answered[0]
        raise failure or RegistryError(f"{self.endpoint.host} does not answer")

    def _asked(self, root: httpx2.URL, *, attempts: int = 0) -> tuple[httpx2.URL, Answer]:
        return root, self.session.read("GET", root, limit=_ERROR_LIMIT, attempts=attempts)

    def refused(self, answer: Answer, what: str) -> RegistryError:
        """Return the error about an answer that is not what was asked for."""
        wait = retry_after(answer.headers.get("Retry-After", "")) or 0.0
        return refusal(answer.status, shown(answer.url), what, known=self._credential, wait=wait)


def refusal(status: int, address: str, what: str, *, known: Credential | None, wait: float = 0.0) -> RegistryError:
    """Return the error about a status; `wait` is the pause in seconds that the registry asks for."""
    if status in {_UNAUTHORIZED, _FORBIDDEN}:
        who = f"the credentials of {known.source}" if known else "access without credentials"
        words = f"the registry refuses {who} to {what}"
        return RegistryError(words, f"check that the name exists; {LOGIN}", status=status)
    if status == _NOT_FOUND:
        return RegistryError(f"the registry does not have {what}", "check name and tag", status=status)
    if status == _TOO_MANY:
        advice = "wait, name a mirror under `registries.mirrors`" + ("" if known else f", or {LOGIN}")
        asked = f", and to wait {wait:.0f} seconds" if wait else ""
        return RegistryError(f"the registry answers that it was asked too often{asked}", advice, status=status)
    return RegistryError(f"{address} answers with status {status}", "try again later", status=status)
