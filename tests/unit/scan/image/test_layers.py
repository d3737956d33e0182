"""Layers from the cache, from processes of their own, and read here: one result."""

import random
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from images import File, Hard, Link, build_image, layer_tar
from scanning import names, problems, scan, status
from tidewaiter.adapters.images import open_image
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import Package
from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzer import AnalyzerResult
from tidewaiter.scan.analyzers import BUILTIN
from tidewaiter.scan.image import Failure, ImageStore, Job, LayerServices, Limits, StoredLayer, layers, read_image

TOKEN = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"


class Cache(dict[str, bytes]):
    """A cache in memory."""

    def put(self, key: str, value: bytes) -> None:
        """Keep the value."""
        self[key] = value


class Workers:
    """Runs jobs here, in any order, some without success."""

    def __init__(self, seed: int = 0, *, failing: Sequence[int] = (), unstarted: Sequence[int] = ()) -> None:
        self.random = random.Random(seed)
        self.failing, self.unstarted = failing, unstarted
        self.started: list[int] = []

    def is_ready(self) -> bool:
        """Claim so."""
        return True

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, bytes | Failure | None]]:
        """Do the jobs in a random order."""
        self.started += [job.index for job in jobs]
        for job in self.random.sample(jobs, len(jobs)):
            if job.index in self.failing:
                yield job.index, Failure(reason="the layer could not be read: it was killed", advice="help it")
            else:
                yield job.index, None if job.index in self.unstarted else job.work()


LAYERS: list[Any] = [
    {
        "etc/os-release": "ID=debian\nVERSION_ID=12\n",
        "etc/passwd": "root:x:0:0\n",
        "var/lib/dpkg/status": status("curl=1", "bash=5"),
        "bin/bash": File(b"x", 0o4755),
        "lib": Link("usr/lib"),
        "a/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
        "b/x-1.dist-info/METADATA": Hard("a/x-1.dist-info/METADATA"),
    },
    {"srv/env": f"token={TOKEN}\n", "var/lib/dpkg/status": status("curl=2", "bash=5"), "opt/package.json": b"{"},
    {"srv/env": None, "var/lib/dpkg": Link("../../opt/dpkg"), "opt/dpkg/status": status("curl=3")},
]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch):
    """Let the smallest image be worth a process."""
    monkeypatch.setattr(layers, "PARALLEL_BYTES", 0)


@pytest.fixture
def image_path(tmp_path: Path) -> Path:
    """Return an image of LAYERS."""
    return build_image(tmp_path / "image.tar", layers=LAYERS, gzip=True)


def test_every_way_gives_the_same_bytes(image_path: Path):
    """Cold, warm, in processes in any order, or a mix."""
    expected = msgspec.json.encode(scan(image_path))
    for seed in range(4):
        cache = Cache()
        for workers in (Workers(seed), None, Workers(seed, unstarted=[1])):
            services = LayerServices(cache=cache, workers=workers)
            assert expected == msgspec.json.encode(scan(image_path, services=services))
        assert expected == msgspec.json.encode(scan(image_path, services=LayerServices(workers=Workers(seed))))


def test_names_that_are_no_unicode_survive(tmp_path: Path):
    """Such names go through processes and the cache unchanged."""
    name = b"srv/caf\xe9".decode("utf-8", "surrogateescape")
    layer = {
        f"{name}/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
        "l": Link("\ud83d\udce6".encode("utf-16", "surrogatepass").decode("utf-16")),
    }
    path = build_image(tmp_path / "image.tar", layers=[layer])
    cache = Cache()
    for _ in range(2):
        (package,) = scan(path, services=LayerServices(cache=cache, workers=Workers())).packages
        assert package.location.file == f"{name}/x-1.dist-info/METADATA"
    assert len(cache) == 1


def test_a_known_image_is_not_opened(image_path: Path):
    """Neither are its layers fetched, whose store may be a registry."""
    cache = Cache()
    first = scan(image_path, services=LayerServices(cache=cache))
    with open_image(str(image_path)) as store:
        again = _read(Remote(store), cache)
        assert again.packages == first.packages


def test_only_unknown_layers_are_fetched(tmp_path: Path, image_path: Path):
    """An image on a known base costs its own layers only."""
    cache = Cache()
    scan(image_path, services=LayerServices(cache=cache))
    larger = build_image(
        tmp_path / "larger.tar", layers=[*LAYERS[:2], {"x-2.dist-info/METADATA": "Name: y\nVersion: 2\n"}]
    )
    with open_image(str(larger)) as store:
        remote = Remote(store, allowed={2})
        assert "y=2" in names(_read(remote, cache))
        assert remote.fetched == [2]


class Remote:
    """A store that must not open or fetch other layers than the allowed ones."""

    def __init__(self, store: ImageStore, allowed: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        self._store, self._allowed = store, allowed
        self.fetched: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @property
    def layers(self) -> tuple[StoredLayer, ...]:
        """Return all layers."""
        return self._store.layers

    def fetch(self, wanted: Sequence[StoredLayer]) -> None:
        """Note what is fetched."""
        assert wanted
        self.fetched += [layer.index for layer in wanted]
        assert self._allowed >= set(self.fetched)

    def open(self, layer: StoredLayer) -> AbstractContextManager[Any]:
        """Open an allowed layer that was fetched."""
        assert layer.index in self.fetched
        return self._store.open(layer)

    @contextmanager
    def walk(self) -> Iterator[Any]:
        """Refuse."""
        raise NotImplementedError

    kind = source = digest = config = tags = unknowns = property(lambda self: None)  # type: ignore[assignment]


for _name in ("kind", "source", "digest", "config", "tags", "unknowns"):
    setattr(Remote, _name, property(lambda self, name=_name: getattr(self._store, name)))


def _read(store: Any, cache: Cache) -> Image:
    analyzers = Registry("analyzers", BUILTIN)
    return read_image(store, analyzers=analyzers, ref="test", source="test", services=LayerServices(cache=cache))


def test_an_image_that_lies_about_its_layers_spoils_nothing(tmp_path: Path):
    """Facts are kept under the digest that the bytes have, never under one that a configuration claims."""
    honest = build_image(tmp_path / "a.tar", layers=[{"var/lib/dpkg/status": status("curl=1")}])
    with open_image(str(honest)) as store:
        ids = msgspec.json.decode(store.config)["rootfs"]["diff_ids"]
    root = {"rootfs": {"type": "layers", "diff_ids": ids}}
    liar = build_image(tmp_path / "b.tar", layers=[{"etc/motd": "nothing"}], root=root)
    cache = Cache()
    image = scan(liar, services=LayerServices(cache=cache))
    assert image.packages == ()
    assert "the configuration says sha256:" in problems(image)[0]
    assert problems(image) == problems(scan(liar))
    assert cache == {}
    assert names(scan(honest, services=LayerServices(cache=cache))) == {"curl=1": 0}
    assert len(cache) == 1


@pytest.mark.parametrize("cut", [-600, 4000])
def test_a_damaged_layer_is_not_kept(tmp_path: Path, cut: int):
    """The next run may have the whole layer."""
    tar = layer_tar({"var/lib/dpkg/status": status("curl=1"), "z": bytes(8000)})
    whole = build_image(tmp_path / "a.tar", layers=[tar])
    with open_image(str(whole)) as store:
        root = {"rootfs": {"type": "layers", "diff_ids": msgspec.json.decode(store.config)["rootfs"]["diff_ids"]}}
    cache = Cache()
    image = scan(build_image(tmp_path / "b.tar", layers=[tar[:cut]], root=root), services=LayerServices(cache=cache))
    assert problems(image) or cut == -600
    assert cache == {}


class Forgetful:
    """An analyzer that fails now and then, as one without memory does."""

    id, version, tags, globs, max_bytes = "forgetful", 1, frozenset({"image"}), ("**/a.x",), 10
    magics = ()
    broken = True

    def wants(self, path: str) -> bool:
        """Accept all."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Fail while broken."""
        if self.broken:
            raise MemoryError(path)
        return AnalyzerResult(packages=(Package(type="generic", name="x", version=data.decode()),))


def test_a_failed_reader_is_asked_again(tmp_path: Path):
    """What failed may have failed for want of memory, so it is not kept."""
    path = build_image(tmp_path / "i.tar", layers=[{"srv/a.x": b"1"}])
    cache, analyzer = Cache(), Forgetful()
    analyzers = Registry("analyzers", [analyzer])
    with open_image(str(path)) as store:
        services = LayerServices(cache=cache)
        image = read_image(store, analyzers=analyzers, ref="t", source="t", services=services)
        assert len(problems(image)) == 1
        analyzer.broken = False
        image = read_image(store, analyzers=analyzers, ref="t", source="t", services=services)
    assert [one.name for one in image.packages] == ["x"]
    assert problems(image) == []


def test_a_killed_worker_leaves_its_layer_open(image_path: Path):
    """The others are told, the scan is incomplete, and nothing of the layer is kept."""
    cache = Cache()
    image = scan(image_path, services=LayerServices(cache=cache, workers=Workers(failing=[1])))
    (unknown,) = [one for one in image.unknowns if "was killed" in one.reason]
    assert unknown.incomplete
    assert "layer 1" in unknown.subject
    assert unknown.advice == "help it"
    assert "x=1" in names(image)
    assert len(cache) == 2 + 1  # the third layer once more, for the database behind its link


def test_a_worker_that_sends_something_else(image_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A process that hostile bytes have taken over cannot end the scan."""
    monkeypatch.setattr(layers, "encode_facts", lambda _: b"\x01\xc1")
    cache = Cache()
    image = scan(image_path, services=LayerServices(cache=cache, workers=Workers()))
    assert len([one for one in image.unknowns if "sent something else" in one.reason]) == len(LAYERS)
    assert image.packages == ()
    assert cache == {}


def test_the_largest_layer_is_started_first(tmp_path: Path):
    """It is the floor of the whole."""
    path = build_image(tmp_path / "i.tar", layers=[{"a": bytes(10)}, {"a": bytes(90_000)}, {"a": bytes(30_000)}])
    workers = Workers()
    scan(path, services=LayerServices(workers=workers))
    assert workers.started == [1, 2, 0]


def test_the_bound_of_the_image_is_the_same_everywhere(tmp_path: Path):
    """Layers behind the bound are told to be unread, also when a process has read them."""
    path = build_image(tmp_path / "i.tar", layers=[{"a": bytes(20_000)}, {"b": bytes(20_000)}, {"package.json": b"{"}])
    limits = Limits(image_bytes=30_000)
    expected = scan(path, limits=limits)
    assert any("not read: the layers below" in one for one in problems(expected))
    assert expected == scan(path, limits=limits, services=LayerServices(workers=Workers()))


@pytest.mark.parametrize("change", ["version", "limits", "everywhere", "formats"])
def test_other_settings_have_other_keys(image_path: Path, change: str):
    """What would find something else never reads what was found before."""
    cache = Cache()
    services = LayerServices(cache=cache)
    scan(image_path, services=services)
    before = set(cache)
    match change:
        case "version":
            analyzers = [one for one in BUILTIN if one.id != "npm"]
            with open_image(str(image_path)) as store:
                read_image(store, analyzers=Registry("a", analyzers), ref="t", source="t", services=services)
        case "limits":
            scan(image_path, services=services, limits=Limits(system_bytes=100))
        case "everywhere":
            scan(image_path, services=services, search_everywhere=True)
        case _:
            scan(image_path, services=services, formats=Registry("credentials", []))
    assert before.isdisjoint(set(cache) - before)
    assert len(cache) >= 2 * len(before) - 1


@pytest.mark.parametrize("value", [b"", b"\x01", b"\x02", b"\x01\x80", b"\x03abc", b"\x01\xc1", b"\x02\xa1\xff"])
def test_a_cached_value_of_another_form_is_read_again(image_path: Path, value: bytes):
    """A cache may hold anything."""
    cache = Cache()
    expected = scan(image_path, services=LayerServices(cache=cache))
    for key in cache:
        cache[key] = value
    assert expected == scan(image_path, services=LayerServices(cache=cache))
