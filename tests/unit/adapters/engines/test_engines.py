"""Images of local engines: where engines listen, what they say, and what is not asked twice."""

import hashlib
import io
import json
import socket
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from fake_engine import FakeEngine
from images import build_image
from tidewaiter.adapters.engines import Address, Engine, EngineImage, Engines, addresses
from tidewaiter.adapters.images import open_file
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import parse_platform

NAME = "shop/web:1"
LAYERS = [{"etc/os-release": "ID=debian\n"}, {"srv/data": "x" * 5000}]


class Memory(dict[str, bytes]):
    """A cache in memory."""

    def put(self, key: str, value: bytes) -> None:
        """Keep."""
        self[key] = value


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    """Return an engine with one image."""
    with FakeEngine(tmp_path / "engine.sock") as made:
        archive = build_image(tmp_path / "web.tar", layers=LAYERS, tags=[NAME])
        made.archives[NAME] = archive.read_bytes()
        made.inspected[NAME] = inspected(archive)
        yield made


def config_of(archive: Path) -> bytes:
    """Return the configuration in a docker archive."""
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        return tar.extractfile(manifest[0]["Config"]).read()


def inspected(archive: Path) -> dict[str, Any]:
    """Return what an engine says about an archive."""
    config = config_of(archive)
    return {
        "Id": f"sha256:{hashlib.sha256(config).hexdigest()}",
        "RepoTags": [NAME],
        "Os": "linux",
        "Architecture": "amd64",
        "Size": 6000,
        "RootFS": {"Type": "layers", "Layers": json.loads(config)["rootfs"]["diff_ids"]},
    }


@contextmanager
def opened(
    folder: Path, name: str = NAME, *, platform: str = "", kind: Any = "docker", **more: Any
) -> Iterator[EngineImage]:
    """Open an image of the engine."""
    environ = {"DOCKER_HOST": f"unix://{folder}/engine.sock", "CONTAINER_HOST": f"unix://{folder}/engine.sock"}
    engines = Engines(environ, open_archive=open_file, **more)
    with engines.image(kind, name, platform=parse_platform(platform) if platform else None) as image:
        yield image


def body(image: EngineImage, index: int) -> bytes:
    """Return the stored bytes of a layer."""
    with image.open(image.layers[index]) as stream:
        return b"".join(iter(lambda: stream.read(1 << 16), b""))


def refusal(folder: Path, name: str = NAME, **more: Any) -> str:
    """Return the error of opening."""
    with pytest.raises(ImageError) as caught, opened(folder, name, **more):
        pass
    return caught.value.message


def test_exported_once(engine: FakeEngine, tmp_path: Path):
    """An unknown image is exported when it is opened, and only once."""
    with opened(tmp_path) as image:
        assert image.tags == (NAME,)
        assert image.digest == engine.inspected[NAME]["Id"]
        assert image.config == config_of(tmp_path / "web.tar")
        image.fetch(image.layers)
        assert b"ID=debian" in body(image, 0)
        assert b"x" * 5000 in body(image, 1)
    assert engine.asked == [f"/images/{NAME}/json", f"/images/{NAME}/get"]


@pytest.mark.parametrize("id_", ["", "sha256:" + "a" * 64])
def test_known_image_is_not_exported(engine: FakeEngine, tmp_path: Path, id_: str):
    """What was seen before is described from memory, also where the id is no digest of a configuration."""
    engine.inspected[NAME] |= {"Id": id_} if id_ else {}
    memory = Memory()
    with opened(tmp_path, cache=memory) as image:
        first = (image.config, image.digest, image.tags, [layer.size for layer in image.layers])
    engine.asked.clear()
    with opened(tmp_path, cache=memory) as image:
        assert (image.config, image.digest, image.tags, [layer.size for layer in image.layers]) == first
        image.fetch(())
        assert engine.asked == [f"/images/{NAME}/json"]
        assert b"ID=debian" in body(image, 0)
    assert engine.asked == [f"/images/{NAME}/json", f"/images/{NAME}/get"]


def test_memory_that_does_not_fit(engine: FakeEngine, tmp_path: Path):
    """What is remembered counts only when it fits what the engine says now."""
    memory = Memory()
    with opened(tmp_path, cache=memory):
        pass
    (key,) = memory
    for wrong in (b"", b"\xc1", memory[key][:-1] + b"\xff"):
        memory[key] = wrong
        with opened(tmp_path, cache=memory) as image:
            assert image.config == config_of(tmp_path / "web.tar")


def test_image_that_is_replaced(engine: FakeEngine, tmp_path: Path):
    """An engine that exports another image than it described is told of."""
    memory = Memory()
    with opened(tmp_path, cache=memory):
        pass
    other = build_image(tmp_path / "other.tar", layers=[*LAYERS[:1], {"x": "y"}], tags=[NAME])
    engine.archives[NAME] = other.read_bytes()
    with opened(tmp_path, cache=memory) as image:
        image.fetch(image.layers)
        with pytest.raises(OSError, match="exports another image"):
            body(image, 0)
    engine.archives[NAME] = build_image(tmp_path / "one.tar", layers=LAYERS[:1], tags=[NAME]).read_bytes()
    assert "describes 2 layers and exports 1" in refusal(tmp_path)


def test_cut_export(engine: FakeEngine, tmp_path: Path):
    """An export that is cut off is an error, not half an image."""
    engine.cut = True
    assert "engine.sock cannot be asked" in refusal(tmp_path)


def test_name_below_localhost(engine: FakeEngine, tmp_path: Path):
    """Podman keeps what it builds below `localhost/`; both names are those of the image."""
    for held in (engine.inspected, engine.archives):
        held[f"localhost/{NAME}"] = held.pop(NAME)
    engine.inspected[f"localhost/{NAME}"] |= {"RepoTags": [f"localhost/{NAME}"]}
    with opened(tmp_path, kind="podman") as image:
        assert image.tags == (f"localhost/{NAME}", NAME)
    assert "does not have" in refusal(tmp_path, f"example.org/{NAME}", kind="podman")
    assert "does not have" in refusal(tmp_path)


def test_platform(engine: FakeEngine, tmp_path: Path):
    """An engine's image for another platform is not the one that is asked for."""
    with opened(tmp_path, platform="linux/amd64"):
        pass
    assert "is there for linux/amd64, not for linux/arm64" in refusal(tmp_path, platform="arm64")


@pytest.mark.parametrize("answer", [{}, [], {"Id": 5}, {"Id": "x", "RootFS": "?", "RepoTags": {"a": 1}, "Size": "?"}])
def test_answers_that_make_no_sense(engine: FakeEngine, tmp_path: Path, answer: Any):
    """An answer without sense is an error, or an image without name."""
    engine.inspected[NAME] = answer
    if isinstance(answer, dict) and answer.get("Id") == "x":
        with opened(tmp_path) as image:
            assert image.tags == (NAME,)
        return
    assert "answers with status 200" in refusal(tmp_path)


def test_nobody_listens(tmp_path: Path):
    """A variable that leads nowhere is told; so is an address that is no socket."""
    assert "engine.sock does not exist" in refusal(tmp_path)
    (tmp_path / "engine.sock").write_text("")
    assert "cannot be asked" in refusal(tmp_path) or "nothing listens" in refusal(tmp_path)
    for address in ("ssh://me@host", "nonsense"):
        engines = Engines({"DOCKER_HOST": address}, open_archive=open_file)
        with pytest.raises(ImageError, match="is neither a unix socket nor"), engines.image("docker", NAME):
            pass


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_engine_on_a_port(engine: FakeEngine, tmp_path: Path):
    """An engine that listens on a port, as in pipelines, is asked by HTTP; behind TLS it needs certificates."""
    with FakeEngine() as remote:
        remote.inspected, remote.archives = engine.inspected, engine.archives
        with Engines({"DOCKER_HOST": remote.url}, open_archive=open_file).image("docker", NAME) as image:
            assert b"ID=debian" in body(image, 0)
    for environ, words in (
        ({"DOCKER_HOST": remote.url}, "cannot be asked"),
        ({"DOCKER_HOST": "tcp://["}, "cannot be asked"),
        ({"DOCKER_HOST": remote.url, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}, "cannot be used"),
    ):
        with pytest.raises(ImageError, match=words), Engines(environ, open_archive=open_file).image("docker", NAME):
            pass


def test_silent_engine(engine: FakeEngine, tmp_path: Path):
    """An engine that says nothing is given up."""
    engine.gate = threading.Event()
    with pytest.raises(ImageError, match="does not answer"):
        Engine(Address(kind="docker", path=f"{tmp_path}/engine.sock"), read_seconds=0.05).inspect(NAME)
    engine.gate.set()


def test_engine_that_one_may_not_ask(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Missing permission is said, with what to do about it."""

    class Refused:
        """A socket that may not connect."""

        def __init__(self, *_: object) -> None:
            """Take nothing."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Leave nothing."""

        def settimeout(self, _: float) -> None:
            """Wait for nothing."""

        def connect(self, _: str) -> None:
            """Refuse."""
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Refused)
    assert refusal(tmp_path) == f"you may not ask {tmp_path}/engine.sock"


def test_full_disk(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without room for the export the temporary folder is named as the cause."""

    class Full(io.BytesIO):
        """A file without room."""

        def write(self, _: object) -> int:
            """Refuse."""
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    assert refusal(tmp_path) == f"no room for {NAME} in the temporary folder: No space left on device"


def test_places(tmp_path: Path):
    """Engines are looked for where their own commands look."""
    environ = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": "/run/user/7"}
    assert [one.path for one in addresses("docker", environ)] == [
        "/var/run/docker.sock",
        "/run/user/7/docker.sock",
        f"{tmp_path}/.docker/run/docker.sock",
    ]
    assert "/run/user/7/podman/podman.sock" in [one.path for one in addresses("podman", environ)]
    key = hashlib.sha256(b"colima").hexdigest()
    meta = tmp_path / ".docker" / "contexts" / "meta" / key / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": "colima", "Endpoints": {"docker": {"Host": "unix:///colima.sock"}}}))
    (tmp_path / ".docker" / "config.json").write_text('{"currentContext": "colima"}')
    assert addresses("docker", environ)[0].path == "/colima.sock"
    assert addresses("docker", {**environ, "DOCKER_CONTEXT": "default"})[0].path == "/var/run/docker.sock"
