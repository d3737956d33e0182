"""How a name finds its image."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from fake_engine import FakeEngine
from fake_registry import INDEX, FakeRegistry
from images import Form, build_image, layer_tar
from tidewaiter.core.configuration import ConfigurationError, RegistryOptions
from tidewaiter.ports.images import ImageError
from tidewaiter.wiring.check import split_image
from tidewaiter.wiring.images import ImageOpener, ImageOptions, registry_options


def opener(folder: Path, platform: str = "", **environ: str) -> ImageOpener:
    """Return an opener that sees only what a test makes."""
    nothing = {"HOME": str(folder), "DOCKER_HOST": "unix:///no/docker", "CONTAINER_HOST": "unix:///no/podman"}
    return ImageOpener({**nothing, **environ}, ImageOptions(platform=platform))


def source(find: ImageOpener, reference: str) -> str:
    """Return where an image was found."""
    with find(reference) as store:
        return store.source


def refusal(find: ImageOpener, reference: str) -> ImageError:
    """Return the error of opening."""
    with pytest.raises(ImageError) as caught, find(reference):
        pass
    return caught.value


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def archive(inside: Path) -> Path:
    """Return an archive called like an image."""
    return build_image(inside / "web", layers=[{"a": "b"}], tags=["shop/web:1"])


@pytest.mark.parametrize(
    "reference", ["web", "./web", "web:shop/web:1", "archive:web", "oci:web", "archive:web:shop/web:1"]
)
def test_paths(archive: Path, inside: Path, reference: str):
    """An existing archive wins over everything that is called like it."""
    assert source(opener(inside), reference) == "web"


def test_folders(inside: Path):
    """A folder without an image in it does not hide an image of the same name, and is offered."""
    (inside / "web").mkdir()
    (inside / "web" / "manifest.json").write_text('{"name": "a web application"}')
    (inside / "web" / "index.json").write_text("{}")
    error = refusal(_offline(opener(inside)), "web")
    assert "path: it is a folder without an image in it" in error.message
    assert error.advice == "scan it as a folder: `fs:web`"
    assert "fs:" not in refusal(_offline(opener(inside)), "web:1").advice
    assert refusal(opener(inside), "docker:web").message == "/no/docker does not exist"
    assert source(opener(inside), "fs:web") == "fs:web"
    assert "names no image" in refusal(opener(inside), "./web").message


@pytest.mark.parametrize("reference", ["web.tar", "./web", "/no/web", "sub/web.tgz", "", "Web", "a b", "web/"])
def test_what_can_only_be_a_path(inside: Path, reference: str):
    """What ends like an archive or is no name is not looked for elsewhere."""
    error = refusal(opener(inside), reference)
    assert "registry" not in error.message
    assert error.advice


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_registry_last(inside: Path):
    """A name that neither a path nor an engine has comes from its registry; an error tells all that was tried."""
    with FakeRegistry() as registry:
        registry.push("shop/web", "1", layers=[layer_tar({})])
        name = f"{registry.host}/shop/web:1"
        for reference in (name, f"registry:{name}", f"docker://{name}"):
            assert source(opener(inside), reference) == name
        error = refusal(opener(inside), f"{registry.host}/shop/other")
        assert error.message.splitlines() == [
            f"no image `{registry.host}/shop/other` was found",
            "path: no such file or folder",
            "docker: /no/docker does not exist",
            "podman: /no/podman does not exist",
            f"registry: the registry does not have the image {registry.host}/shop/other:latest",
        ]
        assert error.advice == "check name and tag"


def test_engines_before_the_registry(archive: Path, inside: Path):
    """An engine that has the image is enough; prefixes ask one engine only."""
    data = archive.read_bytes()
    archive.unlink()
    with FakeEngine(inside / "engine.sock") as engine:
        engine.inspected["shop/web:1"] = {"Id": "sha256:0"}
        engine.archives["shop/web:1"] = data
        find = opener(inside, CONTAINER_HOST=f"unix://{inside}/engine.sock")
        assert source(find, "shop/web:1") == source(find, "podman:shop/web:1") == "podman:shop/web:1"
        assert "does not exist" in refusal(find, "docker:shop/web:1").message
        assert "neither the name nor the id" in refusal(find, "podman:../x").message


def test_official_images_called_like_prefixes(inside: Path):
    """`docker:27` and `registry:2` are images of Docker Hub, `docker:debian` is one of the engine."""
    find = _offline(opener(inside))
    for name in ("docker:27.1-dind", "registry:2"):
        assert refusal(find, name).message.startswith(f"no image `{name}` was found")
    assert refusal(find, "docker:debian").message == "/no/docker does not exist"
    assert refusal(find, "docker:123456789012").message == "/no/docker does not exist"


def _offline(find: ImageOpener) -> ImageOpener:
    """Return the opener with a registry that is never asked."""

    def registry(_: Any) -> Any:
        raise ImageError("offline")

    find._registry = registry
    return find


def test_standard_input(archive: Path, inside: Path, monkeypatch: pytest.MonkeyPatch):
    """A lone `-` reads an archive from standard input; nothing in it is told."""
    for data, reference in ((archive.read_bytes(), "-"), (archive.read_bytes(), "/dev/stdin")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert source(opener(inside), reference) == "standard input"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert refusal(opener(inside), "-").message == "standard input is empty"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"no archive" * 100)))
    assert "standard input" in refusal(opener(inside), "-").message


@pytest.mark.parametrize("form", ["oci-dir", "docker-archive"])
def test_platform(inside: Path, form: Form):
    """`--platform` refuses an image that is made for another one, though it is the only one there."""
    path = str(build_image(inside / "layout", layers=[{}], form=form, platform=("linux", "arm64")))
    assert source(opener(inside), path) == source(opener(inside, platform="arm64"), path) == path
    assert (
        f"{path} is made for linux/arm64, not for linux/amd64" == refusal(opener(inside, "linux/amd64"), path).message
    )
    with pytest.raises(ImageError, match="is not a platform"):
        opener(inside, platform="a/b/c/d")


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_platform_of_the_environment(archive: Path, inside: Path):
    """Docker's variable holds for registries, and a wrong one stands in nobody else's way."""
    assert source(opener(inside, DOCKER_DEFAULT_PLATFORM="a/b/c/d"), "web") == "web"
    with FakeRegistry() as registry:
        made = registry.push("x", "arm", layers=[layer_tar({})], platform=("linux", "arm64"))
        entry = made | {"platform": {"os": "linux", "architecture": "arm64"}}
        registry.put("x", "1", {"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]})
        name = f"registry:{registry.host}/x:1"
        assert source(opener(inside, DOCKER_DEFAULT_PLATFORM="linux/arm64"), name)
        assert "there is no image for linux/amd64" in refusal(opener(inside), name).message
        alone = f"registry:{registry.host}/y:1"
        registry.push("y", "1", layers=[layer_tar({})], platform=("linux", "arm64"))
        assert source(opener(inside, DOCKER_DEFAULT_PLATFORM="linux/amd64"), alone)
        assert "is made for linux/arm64" in refusal(opener(inside, platform="amd64"), alone).message
        assert source(opener(inside, platform="arm64", DOCKER_DEFAULT_PLATFORM="linux/amd64"), name)
        assert "is not a platform" in refusal(opener(inside, DOCKER_DEFAULT_PLATFORM="a/b/c/d"), name).message


def test_registry_settings(inside: Path):
    """Settings come from the repository, or from the file that the variable names; files lie beside it."""
    configured = RegistryOptions(ca="ca.pem", insecure=("a:5000",))
    assert registry_options(configured, Path("repo"), {}) == RegistryOptions(ca="repo/ca.pem", insecure=("a:5000",))
    file = inside / "conf" / "registries.yaml"
    file.parent.mkdir()
    file.write_text("mirrors: {docker.io: [mirror.example/hub]}\ncredentials: auth.json\n")
    environ = {"TIDEWAITER_REGISTRIES": str(file)}
    expected = RegistryOptions(
        mirrors={"docker.io": ("mirror.example/hub",)}, credentials=str(inside / "conf" / "auth.json")
    )
    assert registry_options(configured, Path("repo"), environ) == expected
    file.write_text("miror: {}\n")
    with pytest.raises(ConfigurationError, match="did you mean `mirrors`"):
        registry_options(configured, Path(), environ)
    for text in ("", "a: [", "--- {}\n--- {}\n", "[]"):
        file.write_text(text)
        with pytest.raises(ConfigurationError):
            registry_options(configured, Path(), environ)
    with pytest.raises(ConfigurationError, match="no such file"):
        registry_options(configured, Path(), {"TIDEWAITER_REGISTRIES": str(inside / "none")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web=build/web.tar", ("web", "build/web.tar")),
        ("shop/web:1=registry:ghcr.io/shop/web:1", ("shop/web:1", "registry:ghcr.io/shop/web:1")),
        ("registry:ghcr.io/shop/web:1", ("", "registry:ghcr.io/shop/web:1")),
        ("podman:web", ("", "podman:web")),
        ("ghcr.io/shop/web:1", ("", "ghcr.io/shop/web:1")),
    ],
)
def test_images_of_check(text: str, expected: tuple[str, str]):
    """`--image` takes what `scan` takes, with or without a name before it."""
    assert split_image(text) == expected
