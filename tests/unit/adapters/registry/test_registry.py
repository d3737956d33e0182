"""Images out of a registry: how we prove who we are, what we choose, what we verify, what we survive."""

import contextlib
import gzip
import json
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fake_registry import IDENTITY, INDEX, LAYER, MANIFEST, PASSWORD, USER, FakeRegistry, Reply, descriptor, digest_of
from images import layer_tar
from tidewaiter.adapters.registry import Patience, Registries, RegistryImage
from tidewaiter.core.configuration import RegistryOptions
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import parse_platform
from tidewaiter.scan.image import Limits

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
LAYERS = (layer_tar({"etc/os-release": "ID=debian\n"}), layer_tar({"srv/data": b"x" * 300_000}))
BLOB = f"/v2/shop/web/blobs/{digest_of(LAYERS[1])}"
TAG = "/v2/shop/web/manifests/1"


class Pauses(list[float]):
    """Collects the pauses instead of sleeping."""

    def patience(self, **changes: Any) -> Patience:
        """Return bounds that wait for nothing."""
        return Patience(**{"sleep": self.append, "jitter": lambda: 1.0, "read": 5.0, "connect": 5.0, **changes})


@contextmanager
def opened(
    registry: FakeRegistry, name: str = "shop/web:1", *, platform: str = "", environ: Any = None, **changes: Any
) -> Iterator[RegistryImage]:
    """Open an image of the registry."""
    options = changes.pop("options", RegistryOptions())
    patience = changes.pop("patience", Pauses().patience())
    registries = Registries({"HOME": "/nonexistent", **(environ or {})}, options=options, patience=patience, **changes)
    chosen = parse_platform(platform) if platform else None
    with registries.image(f"{registry.host}/{name}", platform=chosen) as image:
        yield image


def body(image: RegistryImage, index: int) -> bytes:
    """Return the stored bytes of a layer."""
    with image.open(image.layers[index]) as stream:
        return b"".join(iter(lambda: stream.read(1 << 16), b""))


def refusal(registry: FakeRegistry, name: str = "shop/web:1", **changes: Any) -> ImageError:
    """Return the error of opening."""
    with pytest.raises(ImageError) as caught, opened(registry, name, **changes):
        pass
    assert PASSWORD not in f"{caught.value} {caught.value.advice}"
    return caught.value


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    """Return a registry that asks nobody who they are, with one image."""
    with FakeRegistry() as made:
        made.push("shop/web", "1", layers=LAYERS, annotations={"org.example/team": "web"})
        yield made


def login(folder: Path, host: str, **entry: str) -> dict[str, str]:
    """Write a Docker configuration and return the environment that leads to it."""
    (folder / "config.json").write_text(json.dumps({"auths": {host: entry}}))
    return {"DOCKER_CONFIG": str(folder)}


def test_nothing_is_pulled_before_it_is_opened(registry: FakeRegistry):
    """Description and configuration come at once, a layer when it is opened, and only once."""
    with opened(registry) as image:
        assert registry.asked() == [
            "/v2/",
            TAG,
            f"/v2/shop/web/blobs/{json.loads(registry.manifests['shop/web', '1'][1])['config']['digest']}",
        ]
        assert image.digest == digest_of(registry.manifests["shop/web", "1"][1])
        assert image.annotations == (("org.example/team", "web"),)
        assert image.tags == (f"{registry.host}/shop/web:1",)
        assert [layer.size for layer in image.layers] == [len(one) for one in LAYERS]
        assert body(image, 1) == body(image, 1) == LAYERS[1]
        assert registry.asked().count(BLOB) == 1


def test_layers_fetched_together(registry: FakeRegistry):
    """Layers that are fetched together are each asked for once; one that cannot be had leaves the others readable."""
    del registry.blobs[digest_of(LAYERS[0])]
    with opened(registry) as image:
        image.fetch(image.layers)
        assert body(image, 1) == LAYERS[1]
        for _ in range(2):
            with pytest.raises(OSError, match="does not have the blob"):
                body(image, 0)
    assert [registry.asked().count(f"/v2/shop/web/blobs/{digest_of(one)}") for one in LAYERS] == [1, 1]


def test_interrupt_gives_downloads_up(registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch):
    """An interrupt ends downloads that are under way at their next bytes."""

    class Interrupted(ThreadPoolExecutor):
        """Threads whose user presses Ctrl-C."""

        def map(self, *_: Any, **__: Any) -> Any:
            """Interrupt."""
            raise KeyboardInterrupt

    with opened(registry) as image:
        monkeypatch.setattr("tidewaiter.adapters.registry.image.ThreadPoolExecutor", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            image.fetch(image.layers)
        assert image._stop.is_set()
        with pytest.raises(OSError, match="given up"):
            body(image, 0)
    assert BLOB not in registry.asked()


def test_connections_are_not_shared_with_a_fork(registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch):
    """A forked process asks over connections of its own and leaves those of its parent alone."""
    with opened(registry) as image:
        session = image._clients[0].session
        parent, transport = session._client, session._transport
        with monkeypatch.context() as forked:
            forked.setattr(os, "getpid", lambda: -1)
            assert body(image, 0) == LAYERS[0]
            assert session._client is not parent
            assert session._transport is not transport
            session._client.close()
        assert not parent.is_closed
        parent.close()


def test_proxy():
    """Through a proxy nothing is resolved here; addresses of our own network are refused all the same."""
    with FakeRegistry() as proxy:
        proxy.push("shop/web", "1", layers=LAYERS)
        environ = {"ALL_PROXY": f"http://{proxy.host}"}
        options = RegistryOptions(mirrors={"a.example": ("http://registry.example",)}, insecure=("registry.example",))
        registries = Registries(environ, options=options, patience=Pauses().patience(), resolve=nowhere)
        inside = Reply(307, {"Location": "https://10.0.0.1/"})
        proxy.faults[f"/v2/shop/web/blobs/{digest_of(LAYERS[0])}"] = [inside]
        with registries.image("a.example/shop/web:1") as image:
            assert body(image, 1) == LAYERS[1]
            with pytest.raises(OSError, match=r"10\.0\.0\.1, which is not a public address"):
                body(image, 0)
        assert all(one.path.startswith("http://registry.example/v2/") for one in proxy.requests if one.method == "GET")


@pytest.mark.parametrize(
    "proxy", ["ftp://u:s3cret@p", "socks5://u:s3cret@p", "http://[s3cret", "http://u:s3cret@:port"]
)
def test_proxy_that_makes_no_sense(proxy: str):
    """A proxy that cannot be used is an error that does not show its password."""
    registries = Registries({"https_proxy": proxy}, patience=Pauses().patience(), resolve=nowhere)
    with pytest.raises(ImageError) as caught, registries.image("a.example/x"):
        pass
    assert "s3cret" not in f"{caught.value} {caught.value.advice}"


@pytest.mark.parametrize(
    "entry",
    [
        {"registrytoken": "s3cret\nX: y"},
        {"registrytoken": "s3cr\u00e9t"},
        {"username": "s3cret\n", "password": "\u0000s3cret"},
        {"identitytoken": "s3cret\r\n"},
    ],
)
@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_secrets_that_cannot_be_sent(tmp_path: Path, auth: Any, entry: dict[str, str]):
    """Secrets with line breaks are refused by somebody, and shown by nobody."""
    with FakeRegistry(auth) as registry:
        registry.push("shop/web", "1", layers=LAYERS)
        with contextlib.suppress(ImageError):
            try:
                with opened(registry, environ=login(tmp_path, registry.host, **entry)):
                    pass
            except ImageError as error:
                told = f"{error} {error.advice}"
                assert "s3cr" not in told
                raise


def test_digest_in_the_name(registry: FakeRegistry):
    """A digest is asked for as it is, and what comes is compared with it."""
    digest = digest_of(registry.manifests["shop/web", "1"][1])
    with opened(registry, f"shop/web@{digest}") as image:
        assert image.digest == digest
    registry.manifests["shop/web", digest] = (MANIFEST, b'{"schemaVersion": 2, "layers": []}')
    assert "gives other bytes than those of the manifest" in refusal(registry, f"shop/web@{digest}").message


def test_basic(tmp_path: Path):
    """A registry that wants user and password gets them from Docker's file."""
    with FakeRegistry("basic") as registry:
        registry.push("shop/web", "1", layers=LAYERS)
        environ = login(tmp_path, registry.host, username=USER, password=PASSWORD)
        with opened(registry, environ=environ) as image:
            assert body(image, 1) == LAYERS[1]
        error = refusal(registry)
        assert "refuses access without credentials" in error.message
        assert "docker login" in error.advice
        error = refusal(registry, environ=login(tmp_path, registry.host, username=USER, password="wrong"))
        assert f"refuses the credentials of {tmp_path}/config.json" in error.message


@pytest.mark.parametrize("entry", [{}, {"username": USER, "password": PASSWORD}])
def test_bearer(tmp_path: Path, entry: dict[str, str]):
    """A token is fetched once for the repository, with our name where we have one, and goes to the registry only."""
    with FakeRegistry("bearer") as registry:
        registry.push("shop/web", "1", layers=LAYERS)
        with opened(registry, environ=login(tmp_path, registry.host, **entry)) as image:
            assert body(image, 1) == LAYERS[1]
        tokens = [one for one in registry.requests if one.path.startswith("/token")]
        assert [one.path for one in tokens] == ["/token?service=fake&scope=repository%3Ashop%2Fweb%3Apull"]
        assert [("Authorization" in one.headers) for one in tokens] == [bool(entry)]
        assert {one.headers.get("Authorization") for one in registry.requests if one not in tokens} == {
            None,
            "Bearer token-0",
        }


@pytest.mark.parametrize("entry", [{"identitytoken": IDENTITY}, {"username": "<token>", "password": IDENTITY}])
def test_identity_token(tmp_path: Path, entry: dict[str, str]):
    """An identity token is exchanged by POST and never sent to the registry."""
    with FakeRegistry("bearer") as registry:
        registry.push("shop/web", "1", layers=LAYERS)
        with opened(registry, environ=login(tmp_path, registry.host, **entry)) as image:
            assert body(image, 0) == LAYERS[0]
        (asked,) = [one for one in registry.requests if one.method == "POST"]
        assert "grant_type=refresh_token" in asked.body
        assert not any(IDENTITY in str(one) for one in registry.requests if one.method == "GET")


def test_token_is_renewed(tmp_path: Path):
    """A token that the registry no longer takes is fetched again, also in the middle of the layers."""
    with FakeRegistry("bearer") as registry:
        registry.push("shop/web", "1", layers=LAYERS)
        with opened(registry) as image:
            registry.tokens = {"of somebody else"}
            assert body(image, 1) == LAYERS[1]


def test_token_that_expires():
    """A token is renewed before its time is over."""
    now = [0.0]
    with FakeRegistry("bearer") as registry:
        registry.push("shop/web", "1", layers=LAYERS)
        registry.expires_in = None
        with opened(registry, patience=Pauses().patience(clock=lambda: now[0])) as image:
            body(image, 0)
            assert sum(path.startswith("/token") for path in registry.asked()) == 1
            now[0] = 55.0
            body(image, 1)
            assert sum(path.startswith("/token") for path in registry.asked()) == 2


@pytest.mark.parametrize(
    ("realm", "words"),
    [
        ("http://example.org/token", "not protected by TLS"),
        ("https://169.254.169.254/token", "169.254.169.254, which is not a public address"),
        ("https://[::ffff:10.0.0.1]/token", "not a public address"),
        ("https://inside.example/token", "inside.example (10.1.2.3), which is not a public address"),
        ("file:///etc/passwd", "not protected by TLS"),
        ("https://example.org:port/", "no address"),
    ],
)
def test_realm_that_leads_inside(tmp_path: Path, realm: str, words: str):
    """The address of the token service is the registry's word: it leads neither to our network nor around TLS."""
    with FakeRegistry("bearer", realm=realm) as registry:
        registry.push("shop/web", "1", layers=LAYERS)
        environ = login(tmp_path, registry.host, username=USER, password=PASSWORD)
        error = refusal(
            registry, environ=environ, resolve=lambda host, _: ({"inside.example": "10.1.2.3"}.get(host, host),)
        )
        assert words in error.message


@pytest.mark.parametrize("location", ["https://10.0.0.1/x", "https://inside.example/x", "http://example.org/x"])
def test_blob_redirect_that_leads_inside(registry: FakeRegistry, location: str):
    """A registry cannot make us ask a host of our own network."""
    registry.faults[BLOB] = [Reply(307, {"Location": location})]
    resolve = lambda host, _: ({"inside.example": "192.168.0.1"}.get(host, host),)  # noqa: E731
    with opened(registry, resolve=resolve) as image, pytest.raises(OSError, match=r"public address|not protected"):
        body(image, 1)


def test_blob_redirect_to_storage(tmp_path: Path):
    """A redirect to another host is followed without what authorises us at the registry."""
    with FakeRegistry("basic") as registry, FakeRegistry() as storage:
        registry.push("shop/web", "1", layers=LAYERS)
        storage.blobs = registry.blobs
        registry.faults[BLOB] = [Reply(307, {"Location": f"http://{storage.host}{BLOB}?signature=secret"})]
        with opened(registry, environ=login(tmp_path, registry.host, username=USER, password=PASSWORD)) as image:
            assert body(image, 1) == LAYERS[1]
        (asked,) = storage.requests
        assert "Authorization" not in asked.headers


def test_storage_that_asks_who_we_are(tmp_path: Path):
    """A host that the registry redirects to cannot have our credentials by asking for them."""
    with FakeRegistry("basic") as registry, FakeRegistry("basic") as storage:
        registry.push("shop/web", "1", layers=LAYERS)
        registry.faults[BLOB] = [Reply(307, {"Location": f"http://{storage.host}{BLOB}"}) for _ in range(9)]
        environ = login(tmp_path, registry.host, username=USER, password=PASSWORD)
        with opened(registry, environ=environ) as image, pytest.raises(OSError, match="refuses access"):
            body(image, 1)
        assert not any("Authorization" in one.headers for one in storage.requests)


def test_hosts_of_the_own_network(tmp_path: Path):
    """A host that the settings list may have a private address; redirects then reach it by its name."""
    with FakeRegistry("bearer") as registry:
        registry.realm = "https://tokens.example:1/token"
        registry.push("shop/web", "1", layers=LAYERS)
        resolve = lambda host, _: ({"tokens.example": "127.0.0.1"}.get(host, host),)  # noqa: E731
        assert "not a public address" in refusal(registry, resolve=resolve).message
        for internal in ("tokens.example", "Tokens.Example:1"):
            error = refusal(registry, resolve=resolve, options=RegistryOptions(internal=(internal,)))
            assert "tokens.example:1 cannot be reached" in error.message


def test_redirect_to_nobody(registry: FakeRegistry):
    """The host that does not answer is told, not the one that sent us there."""
    registry.faults[TAG] = [Reply(307, {"Location": "http://127.0.0.1:1/x"})]
    assert refusal(registry).message.startswith("127.0.0.1:1 cannot be reached")


def test_redirects_that_never_end(registry: FakeRegistry):
    """Redirects are followed five times."""
    registry.faults[BLOB] = [Reply(307, {"Location": BLOB}) for _ in range(20)]
    with opened(registry) as image, pytest.raises(OSError, match="redirects more than 5 times"):
        body(image, 1)


def test_wrong_bytes(registry: FakeRegistry):
    """Bytes that do not have their digest are never handed out."""
    registry.blobs[digest_of(LAYERS[1])] = LAYERS[1][:-1] + b"!"
    with opened(registry) as image, pytest.raises(OSError, match="gives other bytes than those of sha256"):
        body(image, 1)
    registry.blobs[digest_of(LAYERS[1])] = LAYERS[1] + b"!"
    with opened(registry) as image, pytest.raises(OSError, match="gives more than"):
        body(image, 1)


def test_wrong_config(registry: FakeRegistry):
    """The configuration is verified like everything else."""
    digest = json.loads(registry.manifests["shop/web", "1"][1])["config"]["digest"]
    registry.blobs[digest] = b"{}" + b" " * (len(registry.blobs[digest]) - 2)
    assert "gives other bytes than those of sha256" in refusal(registry).message


def test_stated_digest_differs(registry: FakeRegistry):
    """A registry that states another digest than that of its bytes is told of."""
    registry.faults[TAG] = [Reply(200, {"Docker-Content-Digest": f"sha256:{'0' * 64}"})]
    assert "states the digest" in refusal(registry).message


def test_layers_too_large(registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch):
    """A layer that is larger than what is read, or than the disk, is not even begun."""
    kind, raw = registry.manifests["shop/web", "1"]
    manifest = json.loads(raw)
    manifest["layers"][0]["size"] = 1 << 50
    registry.put("shop/web", "1", manifest, kind)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with opened(registry) as image:
        for index, words in enumerate(("more than the", "no room for its 0 MB")):
            with pytest.raises(OSError, match=words):
                body(image, index)
    assert BLOB not in registry.asked()


def test_layers_that_are_too_large_together(registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch):
    """A registry cannot fill the disk with many layers: those behind the bound of an image are not begun."""
    bounds = Limits(image_bytes=len(LAYERS[0]) + 1000)
    monkeypatch.setattr("tidewaiter.adapters.registry.image.Limits", lambda: bounds)
    with opened(registry) as image:
        image.fetch(image.layers)
        assert LAYERS[0] == body(image, 0)
        with pytest.raises(OSError, match="bytes together"):
            body(image, 1)
    assert BLOB not in registry.asked()


@pytest.mark.parametrize(
    ("encoding", "change", "words"),
    [
        ("gzip", gzip.compress, ""),
        ("gzip", lambda body: gzip.compress(body)[:20], ""),
        ("gzip", bytes, "damaged gzip"),
        ("gzip", lambda _: gzip.compress(b" " * (17 << 20)), "more than 16 MiB"),
        ("zstd", bytes, "the encoding `zstd`"),
    ],
)
def test_encodings(registry: FakeRegistry, encoding: str, change: Any, words: str):
    """A body that something compressed on the way is unpacked within bounds, and has its digest all the same."""
    raw = registry.manifests["shop/web", "1"][1]
    registry.faults[TAG] = [Reply(200, {"Content-Encoding": encoding, "Content-Type": MANIFEST}, change(raw))]
    if words:
        assert words in refusal(registry).message
    elif len(change(raw)) == 20:
        assert refusal(registry).message
    else:
        with opened(registry) as image:
            assert image.digest == digest_of(raw)


@pytest.mark.parametrize("understands_ranges", [True, False])
def test_cut_layer_is_continued(registry: FakeRegistry, understands_ranges: bool):
    """After a cut only what is missing is fetched; a server without ranges sends everything again."""
    registry.understands_ranges = understands_ranges
    registry.faults[BLOB] = [Reply(cut=200_000), *([Reply(cut=9)] if understands_ranges else [])]
    pauses = Pauses()
    with opened(registry, patience=pauses.patience()) as image:
        assert body(image, 1) == LAYERS[1]
    ranges = [one.headers.get("Range", "") for one in registry.requests if one.path == BLOB]
    assert ranges[0] == ""
    assert ranges[1].startswith("bytes=")
    assert pauses == [0.5] * (len(ranges) - 1)


def test_layer_that_is_always_cut(registry: FakeRegistry):
    """A server that never gets further is given up."""
    registry.faults[BLOB] = [Reply(cut=0) for _ in range(50)]
    with opened(registry) as image, pytest.raises(OSError, match=r"cannot be reached|ends after"):
        body(image, 1)
    assert registry.asked().count(BLOB) == 5


def test_asked_too_often(registry: FakeRegistry):
    """429 waits as long as the server asks, 5xx longer each time."""
    pauses = Pauses()
    registry.faults[TAG] = [Reply(429, {"Retry-After": "7"}), Reply(503), Reply(500)]
    with opened(registry, patience=pauses.patience()):
        pass
    assert pauses == [7.0, 1.0, 2.0]
    registry.faults[TAG] = [Reply(429, {"Retry-After": "3600"})]
    error = refusal(registry)
    assert error.message == "the registry answers that it was asked too often, and to wait 3600 seconds"
    assert "registries.mirrors" in error.advice
    registry.faults[TAG] = [Reply(502)] * 5
    assert "status 502" in refusal(registry).message


def test_silent_server(registry: FakeRegistry):
    """A server that sends nothing is given up after the time without a byte, as often as it is asked."""
    gate = threading.Event()
    registry.faults[TAG] = [Reply(wait=gate), Reply(wait=gate)]
    error = refusal(registry, patience=Pauses().patience(read=0.05, attempts=2))
    gate.set()
    assert error.message == f"{registry.host} stopped answering"


def test_drip(registry: FakeRegistry):
    """A manifest that never ends in time is given up, however alive the connection is."""
    moments = iter(range(0, 10_000, 100))
    error = refusal(registry, patience=Pauses().patience(clock=lambda: float(next(moments))))
    assert "answers too slowly" in error.message


def test_manifest_that_is_too_large(registry: FakeRegistry):
    """A manifest has at most 16 MiB."""
    registry.put("shop/web", "1", b'{"schemaVersion": 2, "layers": []}' + b" " * (16 << 20))
    assert "more than 16 MiB" in refusal(registry).message


@pytest.mark.parametrize(
    ("document", "kind", "words"),
    [
        ({"schemaVersion": 1, "fsLayers": []}, "application/vnd.docker.distribution.manifest.v1+prettyjws", "schema 1"),
        ({"schemaVersion": 2, "manifests": [], "layers": []}, INDEX, "an index and a manifest at once"),
        ({"schemaVersion": 2, "mediaType": INDEX, "layers": []}, INDEX, "is not the"),
        ({"schemaVersion": 2}, MANIFEST, "is no image manifest"),
        ([], MANIFEST, "is not a JSON object"),
        ({"layers": [], "config": {"digest": "md5:0", "size": 1}}, MANIFEST, "cannot be verified"),
        ({"layers": [], "config": {"digest": f"sha256:{'0' * 64}", "size": -1}}, MANIFEST, "states no size"),
        ({"layers": []}, MANIFEST, "is not a container image but nothing"),
        (
            {"layers": [], "config": descriptor(b"{}", "application/vnd.cncf.helm.config.v1+json")},
            MANIFEST,
            "is not a container image but application/vnd.cncf.helm",
        ),
    ],
)
def test_documents_that_are_no_image(registry: FakeRegistry, document: Any, kind: str, words: str):
    """What is no image is said to be none."""
    registry.put("shop/web", "1", json.dumps(document).encode(), kind)
    assert words in refusal(registry).message


def index(registry: FakeRegistry, *platforms: str) -> None:
    """Store an index with one image per platform, and an attestation before them."""
    attestation = descriptor(b"{}", MANIFEST, platform={"os": "unknown", "architecture": "unknown"})
    entries = [attestation | {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}}]
    for text in platforms:
        os, architecture, *variant = text.split("/")
        made = registry.push("shop/web", text, layers=[layer_tar({"made/for": text})], platform=(os, architecture))
        place = {"os": os, "architecture": architecture} | ({"variant": variant[0]} if variant else {})
        entries.append(made | {"platform": place})
    registry.put("shop/web", "1", {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "linux/amd64"),
        ("linux/arm64", "linux/arm64/v8"),
        ("arm64/v8", None),
        ("aarch64", "linux/arm64/v8"),
        ("linux/arm64/v8", "linux/arm64/v8"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/v6", "linux/arm/v6"),
        ("windows/amd64", None),
    ],
)
def test_platform(registry: FakeRegistry, asked: str, found: str | None):
    """The image for a platform is chosen; the error about a missing one names what there is."""
    index(registry, "linux/arm64/v8", "linux/amd64", "linux/arm/v6", "linux/arm/v7")
    if found is None:
        error = refusal(registry, platform=asked)
        assert "there is no image for" in error.message
        assert "linux/arm64/v8, linux/amd64, linux/arm/v6, linux/arm/v7" in error.advice
        return
    with opened(registry, platform=asked) as image:
        assert body(image, 0) == layer_tar({"made/for": found})


@pytest.mark.parametrize("text", ["", "a/b/c/d", "linux/", "../x"])
def test_platform_that_is_none(text: str):
    """A text that is no platform is refused with an example."""
    with pytest.raises(ImageError, match="is not a platform"):
        parse_platform(text)


def test_index_within_itself(registry: FakeRegistry):
    """Indexes are followed three times."""
    inner = registry.push("shop/web", "0", layers=LAYERS)
    for depth in range(5):
        entry = inner | {"platform": {"os": "linux", "architecture": "amd64"}}
        inner = registry.put("shop/web", str(depth), {"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]})
    with opened(registry, "shop/web:2") as image:
        assert image.layers
    assert "deeper than 3" in refusal(registry, "shop/web:4").message


def test_unknown_name(registry: FakeRegistry):
    """A name that the registry does not have is said, with its tag."""
    assert f"does not have the image {registry.host}/shop/web:2" in refusal(registry, "shop/web:2").message


def test_mirror(registry: FakeRegistry):
    """A mirror is asked first, under its own prefix; what it lacks comes from the next place."""
    with FakeRegistry() as mirror:
        mirror.push("cache/shop/web", "1", layers=LAYERS)
        del mirror.blobs[digest_of(LAYERS[1])]
        options = RegistryOptions(mirrors={registry.host: (f"http://{mirror.host}/cache", "127.0.0.1:1")})
        with opened(registry, options=options) as image:
            assert registry.asked() == []
            assert body(image, 1) == LAYERS[1]
        assert BLOB in registry.asked()
        mirror.manifests.clear()
        with opened(registry, options=options) as image:
            assert body(image, 0) == LAYERS[0]


def test_mirror_that_is_none():
    """A malformed address is told without what may be a password in it."""
    options = RegistryOptions(mirrors={"docker.io": ("robot:s3cret@[::1",)})
    with pytest.raises(ImageError, match=r"^`\[::1` is not the address of a registry$"):
        Registries({"HOME": "/nonexistent"}, options=options).image("debian").__enter__()


def test_foreign_layers(registry: FakeRegistry):
    """A layer that lies elsewhere is only fetched where that is allowed, and never without TLS."""
    foreign = descriptor(LAYERS[0], f"{LAYER}.nondistributable", urls=["http://example.org/layer", "ftp://x/"])
    foreign["mediaType"] = "application/vnd.oci.image.layer.nondistributable.v1.tar"
    registry.push("shop/web", "1", layers=LAYERS)
    kind, raw = registry.manifests["shop/web", "1"]
    registry.put("shop/web", "1", {**json.loads(raw), "layers": [foreign]}, kind)
    with opened(registry) as image:
        assert "registries.foreignLayers" in image.layers[0].missing
    with opened(registry, options=RegistryOptions(foreign_layers=True)) as image:
        assert image.layers[0].missing == ""
        assert body(image, 0) == LAYERS[0]
    registry.put("shop/web", "1", {**json.loads(raw), "layers": [{**foreign, "urls": ["https://[::1/x"]}]}, kind)
    del registry.blobs[digest_of(LAYERS[0])]
    with (
        opened(registry, options=RegistryOptions(foreign_layers=True)) as image,
        pytest.raises(OSError, match="no address"),
    ):
        body(image, 0)


def nowhere(host: str, _: int) -> tuple[str, ...]:
    """Resolve nothing."""
    raise OSError(host)


def test_plain_http_elsewhere():
    """Only this machine and what the settings list is asked without TLS."""
    with pytest.raises(ImageError, match="cannot be reached"), Registries({}, resolve=nowhere).image("example.org/x"):
        pass
    options = RegistryOptions(mirrors={"example.org": ("http://mirror.example",)})
    registries = Registries({}, options=options, resolve=nowhere)
    with (
        pytest.raises(ImageError, match=r"mirror\.example would be asked without TLS"),
        registries.image("example.org/x"),
    ):
        pass


def test_no_registry(registry: FakeRegistry):
    """A server that is no registry is called none; a name that is none is refused before anything is asked."""
    registry.faults["/v2/"] = [Reply(404)]
    assert "is not a registry" in refusal(registry).message
    with pytest.raises(ImageError, match="is not the name of an image"), Registries({}).image("Shop/Web"):
        pass
