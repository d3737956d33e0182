"""Images: the walk of a layer's tar, compressed layers, archives and layouts as a whole, configurations."""

import tempfile
from pathlib import Path

import images as build
from fuzz.target import Target
from images import File, Folder, Hard, Link
from scanning import scan
from tidewaiter.ports.images import ImageError
from tidewaiter.scan.image.config import read_config

_LAYER = {
    "etc/os-release": "ID=debian\nVERSION_ID=12\n",
    "var/lib": Folder(),
    "var/lib/dpkg/status": "Package: a\nStatus: install ok installed\nVersion: 1\n",
    "usr/bin/sh": Link("dash"),
    "usr/bin/dash": File(b"\x7fELF" + bytes(600), 0o4755),
    "usr/bin/hard": Hard("usr/bin/dash"),
    "n" * 120 + "/" + "m" * 120: "long name",
    "app/.env": "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n",
    "gone": None,
}
_CONFIG = (
    b'{"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z","config":{"User":"app:1","Env":["A=b","C"],'
    b'"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"b"},"Healthcheck":{"Test":["CMD"]}},"history":[{"created_by":"RUN x"},'
    b'{"created_by":"CMD y","empty_layer":true}],"rootfs":{"type":"layers","diff_ids":["sha256:1"]}}'
)


def _archive(form: build.Form, **options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = build.build_image(
            Path(folder) / "x.tar", layers=[_LAYER, {"app": build.OPAQUE}], tags=["a:1"], form=form, **options
        )
        return path.read_bytes()


def _scanned(data: bytes) -> object:
    """Scan a whole file; the file lies in memory where the system has such a folder."""
    memory = Path("/dev/shm")
    with tempfile.NamedTemporaryFile(suffix=".tar", dir=memory if memory.is_dir() else None) as file:
        file.write(data)
        file.flush()
        try:
            return scan(file.name)
        except ImageError:
            return None


def _in_archive(layer: bytes) -> object:
    """Scan a layer as it is within an archive that is whole, so that the walk is always reached."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        return scan(build.build_image(Path(folder) / "x.tar", layers=[layer], tags=["a:1"]))


TARGETS = (
    Target("tar pax", build.layer_tar(_LAYER), _in_archive),
    Target("tar gnu", build.layer_tar(_LAYER, format=1), _in_archive),
    Target("tar ustar", build.layer_tar({k: v for k, v in _LAYER.items() if len(k) < 100}, format=0), _in_archive),
    Target("archive docker", _archive("docker-archive"), _scanned),
    Target("archive oci", _archive("oci-tar"), _scanned),
    Target("image config", _CONFIG, lambda data: read_config(data, "x")),
)
