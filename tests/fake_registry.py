"""A registry on loopback that does what a test tells it: every way to authenticate, every fault.

    with FakeRegistry() as registry:
        registry.push("shop/web", "1", layers=[layer_tar({"etc/motd": "hello"})])
        registry.faults["/v2/shop/web/manifests/1"] = [Reply(429, {"Retry-After": "1"})]
        ...
        assert registry.asked("GET") == [...]

Images are pushed by methods, not over HTTP. Faults are used up in their order; then the path answers as usual.
"""

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
USER, PASSWORD, IDENTITY = "robot", "s3cret-passw0rd", "identity-t0ken"


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass
class Reply:
    """An answer instead of the usual one; `cut` closes the connection after so many bytes of the body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """None takes the usual body."""
    cut: int | None = None
    wait: threading.Event | None = None
    """Is waited for, at most 10 seconds, before anything is sent."""


def digest_of(body: bytes) -> str:
    """Return the digest of bytes."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def descriptor(body: bytes, media_type: str, **more: Any) -> dict[str, Any]:
    """Return the descriptor of bytes."""
    return {"mediaType": media_type, "digest": digest_of(body), "size": len(body), **more}


class FakeRegistry:
    """See the module."""

    def __init__(
        self,
        auth: Literal["none", "basic", "bearer"] = "none",
        *,
        context: ssl.SSLContext | None = None,
        realm: str = "",
        has_referrers: bool = True,
        understands_ranges: bool = True,
    ) -> None:
        """Listen on a free port; `realm` overrides the address of the token service, which is our own `/token`."""
        self.auth = auth
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[tuple[str, str], tuple[str, bytes]] = {}
        self.faults: dict[str, list[Reply]] = {}
        self.requests: list[Asked] = []
        self.tokens: set[str] = set()
        self.expires_in: int | None = 300
        self.has_referrers = has_referrers
        self.understands_ranges = understands_ranges
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        if context is not None:
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.realm = realm or f"http{'s' if context else ''}://{self.host}/token"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def push(
        self,
        repository: str,
        tag: str,
        *,
        layers: Sequence[bytes],
        platform: Sequence[str] = ("linux", "amd64"),
        **more: Any,
    ) -> dict[str, Any]:
        """Store an image of uncompressed layers; `more` are further keys of its manifest. Return its descriptor."""
        config = {
            "os": platform[0],
            "architecture": platform[1],
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": [digest_of(one) for one in layers]},
            "history": [{"created_by": f"RUN {index}"} for index in range(len(layers))],
        }
        raw = json.dumps(config).encode()
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor(raw, CONFIG),
            "layers": [descriptor(one, LAYER) for one in layers],
            **more,
        }
        self.blobs |= {digest_of(one): one for one in (raw, *layers)}
        return self.put(repository, tag, manifest)

    def put(self, repository: str, tag: str, document: dict[str, Any] | bytes, kind: str = "") -> dict[str, Any]:
        """Store a manifest or index under a tag and its digest; return its descriptor."""
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        kind = kind or (document.get("mediaType", MANIFEST) if isinstance(document, dict) else MANIFEST)
        self.manifests[repository, tag] = self.manifests[repository, digest_of(raw)] = (kind, raw)
        return descriptor(raw, kind)

    def asked(self, *methods: str) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [one.path for one in self.requests if not methods or one.method in methods]

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str) -> Reply:
        """Return what a registry answers."""
        url = urlsplit(target)
        # A proxy is asked for whole addresses.
        target = url.path + (f"?{url.query}" if url.query else "")
        path = url.path
        fault = self.faults.get(path)
        if fault:
            reply = fault.pop(0)
            if reply.body is None and reply.status in {200, 206} and "Location" not in reply.headers:
                usual = self._usual(method, target, headers, body)
                reply.status, reply.body = usual.status, usual.body
                reply.headers = {**usual.headers, **reply.headers}
            return reply
        return self._usual(method, target, headers, body)

    def _usual(self, method: str, target: str, headers: Mapping[str, str], body: str) -> Reply:
        url = urlsplit(target)
        if url.path == "/token":
            return self._token(method, headers, parse_qs(body if method == "POST" else url.query))
        if not self._is_known(headers.get("Authorization", "")):
            return Reply(401, {"WWW-Authenticate": self._challenge(url.path)}, b"{}")
        if url.path == "/v2/":
            return Reply(200, {}, b"{}")
        repository, _, rest = url.path.removeprefix("/v2/").rpartition("/")
        repository, _, kind = repository.rpartition("/")
        if kind == "manifests" and (repository, rest) in self.manifests:
            media, raw = self.manifests[repository, rest]
            return Reply(200, {"Content-Type": media, "Docker-Content-Digest": digest_of(raw)}, raw)
        if kind == "blobs" and rest in self.blobs:
            return self._blob(self.blobs[rest], headers.get("Range", ""))
        if kind == "tags" and rest == "list":
            return self._tags(repository, parse_qs(url.query))
        if kind == "referrers" and self.has_referrers:
            return Reply(200, {"Content-Type": INDEX}, self._referrers(repository, rest))
        return Reply(404, {}, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')

    def _blob(self, body: bytes, wanted: str) -> Reply:
        if wanted and self.understands_ranges:
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            return Reply(206, {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}, body[start:])
        return Reply(200, {}, body)

    def _tags(self, repository: str, asked: Mapping[str, list[str]]) -> Reply:
        """Return two tags per page."""
        tags = [tag for owner, tag in self.manifests if owner == repository and ":" not in tag]
        after = tags.index(asked["last"][0]) + 1 if "last" in asked else 0
        page = tags[after : after + 2]
        more = {"Link": f'</v2/{repository}/tags/list?last={page[-1]}>; rel="next"'} if tags[after + 2 :] else {}
        return Reply(200, more, json.dumps({"name": repository, "tags": page}).encode())

    def _referrers(self, repository: str, digest: str) -> bytes:
        found = []
        for (owner, tag), (media, raw) in self.manifests.items():
            document = json.loads(raw)
            if owner == repository and ":" in tag and document.get("subject", {}).get("digest") == digest:
                found.append(descriptor(raw, media, artifactType=document.get("artifactType", "")))
        return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": found}).encode()

    def _is_known(self, said: str) -> bool:
        if self.auth == "basic":
            return said == _basic()
        return self.auth == "none" or said.removeprefix("Bearer ") in self.tokens

    def _challenge(self, path: str) -> str:
        if self.auth == "basic":
            return 'Basic realm="registry"'
        scope = (
            f',scope="repository:{path.removeprefix("/v2/").split("/manifests/")[0]}:pull"' if path != "/v2/" else ""
        )
        return f'Bearer realm="{self.realm}",service="fake"{scope}'

    def _token(self, method: str, headers: Mapping[str, str], asked: Mapping[str, list[str]]) -> Reply:
        said = headers.get("Authorization", "")
        if (method == "POST" and asked.get("refresh_token") != [IDENTITY]) or (said and said != _basic()):
            return Reply(401, {}, b'{"details": "wrong"}')
        token = f"token-{len(self.tokens)}"
        self.tokens.add(token)
        life = {} if self.expires_in is None else {"expires_in": self.expires_in}
        name = "access_token" if method == "POST" else "token"
        return Reply(200, {"Content-Type": "application/json"}, json.dumps({name: token, **life}).encode())


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def _handler(registry: FakeRegistry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_HEAD(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            headers = dict(self.headers.items())
            registry.requests.append(Asked(self.command, self.path, headers, body))
            reply = registry.answer(self.command, self.path, headers, body)
            if reply.wait is not None:
                reply.wait.wait(10)
            content = reply.body or b""
            try:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else content[: reply.cut])
            except OSError:
                self.close_connection = True
            if reply.cut is not None:
                self.close_connection = True

    return Handler
