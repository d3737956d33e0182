"""One image made by Buildah, read from Podman's API, from a real registry, from a layout, an archive and a pipe."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanning import problems, status
from tidewaiter.core.model.image import Image
from tidewaiter.core.registry import Registry
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.layers import LayerCache, LayerServices
from tidewaiter.scan.analyzers import BUILTIN
from tidewaiter.scan.image import read_image
from tidewaiter.wiring.images import ImageOpener, ImageOptions

MISSING = [one for one in ("buildah", "podman", "skopeo", "docker-registry") if shutil.which(one) is None]
if not MISSING and os.getuid() != 0:
    MISSING.append("root")
pytestmark = [
    pytest.mark.long,
    pytest.mark.enable_socket,
    pytest.mark.skipif(bool(MISSING), reason=f"not on this machine: {', '.join(MISSING)}"),
]
NAME = "shop/web:1"
USER, PASSWORD = "robot", "bollard-7"
# bcrypt of the password at its lowest cost, as the registry wants it.
HASH = "$2b$04$JxPajLDlxrAJotMO6ZlGTe6mVza6H9/TKTNripkrxzNij73e1bzn6"
SECONDS = 120
STARTING = 20


class Memory:
    """A cache in memory."""

    def __init__(self) -> None:
        """Start empty."""
        self.held: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return what was kept."""
        return self.held.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep."""
        self.held[key] = value


class Sources:
    """Processes and files of one test run."""

    def __init__(self, folder: Path) -> None:
        """Make the image and start what serves it."""
        self.folder = folder
        storage = folder / "storage.conf"
        storage.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n')
        self.tools = {"PATH": os.environ["PATH"], "HOME": str(folder), "CONTAINERS_STORAGE_CONF": str(storage)}
        # With this variable Podman itself would ask the engine instead of being it.
        self.environ = self.tools | {
            "CONTAINER_HOST": f"unix://{folder}/podman.sock",
            "DOCKER_HOST": f"unix://{folder}/no-docker.sock",
            "REGISTRY_AUTH_FILE": f"{folder}/auth.json",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.registry = f"127.0.0.1:{free.getsockname()[1]}"

    def run(self, *command: str) -> str:
        """Run a command and return what it printed."""
        done = subprocess.run(command, env=self.tools, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()

    def make(self) -> None:
        """Build the image: a base of two packages, a layer above it that removes one and adds another."""
        first, second = self.folder / "first", self.folder / "second"
        for root, text in ((first, status("curl=7.88.1-10", "bash=5.2")), (second, status("curl=7.88.1-10"))):
            (root / "var/lib/dpkg").mkdir(parents=True)
            (root / "var/lib/dpkg/status").write_text(text)
        (first / "etc").mkdir()
        (first / "etc/os-release").write_text("ID=debian\nVERSION_ID=12\n")
        (second / "srv/app-2.dist-info").mkdir(parents=True)
        (second / "srv/app-2.dist-info/METADATA").write_text("Name: app\nVersion: 2\n")
        base = "scratch"
        for root in (first, second):
            container = self.run("buildah", "from", "--pull-never", base)
            self.run("buildah", "add", "-q", container, str(root), "/")
            base = self.run("buildah", "commit", "-q", container, f"localhost/{NAME}")
            self.run("buildah", "rm", container)
        stored = f"containers-storage:localhost/{NAME}"
        copy = ("skopeo", "--insecure-policy", "copy", "-q")
        self.run(*copy, stored, f"oci:{self.folder}/layout:{NAME}")
        self.run(*copy, stored, f"docker-archive:{self.folder}/web.tar:{NAME}")
        login = ("skopeo", "login", "--tls-verify=false", "-u", USER, "-p", PASSWORD, "--authfile")
        self.run(*login, self.environ["REGISTRY_AUTH_FILE"], self.registry)
        copy = (*copy, "--dest-tls-verify=false", "--authfile", self.environ["REGISTRY_AUTH_FILE"])
        self.run(*copy, stored, f"docker://{self.registry}/{NAME}")
        zstd = ("--dest-compress-format", "zstd", "--format", "oci")
        self.run(*copy, *zstd, f"oci:{self.folder}/layout:{NAME}", f"docker://{self.registry}/shop/web:zstd")

    def serve(self) -> None:
        """Start registry and engine."""
        users = self.folder / "users"
        users.write_text(f"{USER}:{HASH}\n")
        config = self.folder / "registry.yml"
        config.write_text(
            f"version: 0.1\nlog: {{level: error}}\nauth: {{htpasswd: {{realm: tests, path: {users}}}}}\n"
            f"storage: {{filesystem: {{rootdirectory: {self.folder}/blobs}}}}\nhttp: {{addr: '{self.registry}'}}\n"
        )
        self._start("docker-registry", "serve", str(config))
        self._start("podman", "system", "service", "--time=0", f"unix://{self.folder}/podman.sock")
        host, port = self.registry.split(":")
        until = time.monotonic() + STARTING
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0 and (self.folder / "podman.sock").exists():
                    return
            time.sleep(0.05)
        pytest.fail("registry and engine did not start")

    def stop(self) -> None:
        """End what was started."""
        for process in self.processes:
            process.terminate()
            process.wait(SECONDS)

    def scan(self, reference: str, cache: LayerCache | None = None, *, progress: list[str] | None = None) -> Image:
        """Return the facts of an image."""
        told: list[str] = [] if progress is None else progress
        opener = ImageOpener(self.environ, ImageOptions(), cache=cache, progress=told.append)
        with opener(reference) as store:
            services = LayerServices(cache=cache)
            return read_image(
                store,
                analyzers=Registry("analyzers", BUILTIN),
                ref="web",
                source=reference,
                services=services,
                progress=told.append,
            )

    def tidewaiter(self, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run the command."""
        return subprocess.run(
            [sys.executable, "-m", "tidewaiter", *arguments],
            env={**os.environ, **self.environ},
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )

    def _start(self, *command: str) -> None:
        self.processes.append(
            subprocess.Popen(command, env=self.tools, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    """Return the image in every place."""
    made = Sources(tmp_path_factory.mktemp("sources"))
    try:
        made.serve()
        made.make()
        yield made
    finally:
        made.stop()


def facts(image: Image) -> list[tuple[str, str, str, int | None]]:
    """Return the packages with their layers."""
    return [(one.type, one.name, one.version, one.location.layer if one.location else None) for one in image.packages]


EXPECTED = [("deb", "curl", "7.88.1-10", 0), ("pypi", "app", "2", 1)]


@pytest.mark.parametrize(
    "reference",
    [
        NAME,
        f"podman:{NAME}",
        f"podman:localhost/{NAME}",
        "registry:{registry}/" + NAME,
        "{registry}/" + NAME,
        "docker://{registry}/" + NAME,
        "{registry}/shop/web:zstd",
        "oci:{folder}/layout",
        "oci:{folder}/layout:" + NAME,
        "archive:{folder}/web.tar",
        "{folder}/web.tar:" + NAME,
    ],
)
def test_every_source_gives_the_same(sources: Sources, reference: str):
    """Packages, their layers and the layers' DiffIDs do not depend on where the image is read from."""
    image = sources.scan(reference.format(registry=sources.registry, folder=sources.folder))
    assert sorted(facts(image)) == EXPECTED
    assert problems(image) == []
    archive = sources.scan(f"archive:{sources.folder}/web.tar")
    assert [one.diff_id for one in image.layers] == [one.diff_id for one in archive.layers]
    assert image.config == archive.config


@pytest.mark.parametrize("reference", ["registry:{registry}/" + NAME, f"podman:{NAME}"])
def test_known_layers_are_not_fetched(sources: Sources, reference: str):
    """The second scan of an image pulls no layer, and exports nothing from an engine."""
    cache, first, second = Memory(), list[str](), list[str]()
    written = reference.format(registry=sources.registry)
    image = sources.scan(written, cache, progress=first)
    again = sources.scan(written, cache, progress=second)
    assert image == again
    fetching = ("downloading", "receiving", "fetching")
    assert any(text.startswith(fetching) for text in first)
    assert not any(text.startswith(fetching) for text in second)


def test_registry_that_wants_to_know_us(sources: Sources):
    """Without credentials, and with wrong ones, the registry's refusal is told; they are never shown."""
    name = f"registry:{sources.registry}/{NAME}"
    nobody = {"HOME": str(sources.folder)}
    with pytest.raises(ImageError) as caught, ImageOpener(nobody, ImageOptions())(name):
        pass
    assert "refuses access without credentials" in caught.value.message
    wrong = {"auths": {sources.registry: {"username": USER, "password": "no-such-word"}}}
    environ = nobody | {"DOCKER_AUTH_CONFIG": json.dumps(wrong)}
    with pytest.raises(ImageError) as caught, ImageOpener(environ, ImageOptions())(name):
        pass
    assert "refuses the credentials of DOCKER_AUTH_CONFIG" in caught.value.message
    assert "no-such-word" not in f"{caught.value} {caught.value.advice}"


def test_check_reads_from_a_registry(sources: Sources):
    """`check --image NAME=registry:…` judges the image together with the tree."""
    tree = sources.folder / "tree"
    tree.mkdir()
    (tree / "pod.yaml").write_text(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{{name: web, image: {NAME}}}]}}\n"
    )
    image = f"{NAME}=registry:{sources.registry}/{NAME}"
    done = sources.tidewaiter("check", str(tree), "--image", image, "--format", "json")
    assert done.returncode in {1, 3}
    (subject,) = [one for one in json.loads(done.stdout)["inputs"] if one["kind"] == "image"]
    assert (subject["name"], subject["source"]) == (NAME, f"registry:{sources.registry}/{NAME}")


def test_image_id(sources: Sources):
    """An engine finds an image by its id, whole or in part."""
    digest = sources.scan(f"podman:{NAME}").digest
    for written in (digest, digest.removeprefix("sha256:"), digest.removeprefix("sha256:")[:12]):
        assert sorted(facts(sources.scan(written))) == EXPECTED


def test_command_line(sources: Sources):
    """The command scans by name, and what Podman saves through a pipe."""
    by_name = sources.tidewaiter("scan", NAME, "--format", "json")
    saved = subprocess.run(
        ["podman", "save", f"localhost/{NAME}"], env=sources.tools, capture_output=True, timeout=SECONDS, check=True
    )
    by_pipe = sources.tidewaiter("scan", "-", "--format", "json", data=saved.stdout)
    for done in (by_name, by_pipe):
        assert done.returncode == 3
        assert b'"curl"' in done.stdout
    unknown = sources.tidewaiter("scan", f"{sources.registry}/no/such:1")
    assert unknown.returncode == 2
    words = unknown.stderr.decode()
    for place in ("path: no such file or folder", "docker: ", "podman: ", "registry: the registry does not have"):
        assert place in words
