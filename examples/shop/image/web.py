"""The image `shop/web`, step by step as services/web/Dockerfile says."""

import binascii
import hashlib
import string
from pathlib import Path

from image import debian, python_base, wheels
from image.archive import Image, Layer

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
CONTEXT = ("app.py", "requirements.txt", "templates/index.html")


def build(services: Path) -> Image:
    """Return the image with its layers filled."""
    image = Image(tag="shop/web:latest", config=_config())
    python_base.add(image)
    source = services / "web"
    image.step("WORKDIR /app", _folder("app"))
    image.step(
        "RUN /bin/sh -c apt-get update     && apt-get install -y --no-install-recommends curl gcc libc6-dev"
        "     && rm -rf /var/lib/apt/lists/* # buildkit",
        _tools(),
    )
    tini = Layer()
    tini.file("usr/local/bin/tini", debian.STUB, 0o600)
    image.step("ADD https://downloads.shop.example/tini/v0.19.0/tini-amd64 /usr/local/bin/tini # buildkit", tini)
    tini = Layer()
    tini.file("usr/local/bin/tini", debian.STUB, 0o755)
    image.step("RUN /bin/sh -c chmod +x /usr/local/bin/tini # buildkit", tini)
    waiter = Layer()
    waiter.file("usr/local/bin/wait-for", '#!/bin/sh\nuntil curl -fs "$1"; do sleep 1; done\n', 0o755)
    image.step(
        "RUN /bin/sh -c curl -fsSL https://downloads.shop.example/wait-for/install.sh | sh -s -- /usr/local/bin # buildkit",
        waiter,
    )
    _application(image, source)
    return image


def _application(image: Image, source: Path) -> None:
    netrc = Layer()
    netrc.file("root/.netrc", f"machine github.com\nlogin shop-ci\npassword {_token()}\n", 0o600)
    image.step("COPY .netrc /root/.netrc # buildkit", netrc)
    pins = Layer()
    pins.file("app/requirements.txt", (source / "requirements.txt").read_bytes())
    image.step("COPY requirements.txt . # buildkit", pins)
    site = Layer()
    for wheel in wheels.fetch(source / "requirements.txt"):
        wheels.unpack(site, wheel, python_base.SITE, python_base.BIN, python=python_base.PYTHON)
    image.step("RUN /bin/sh -c pip install --no-cache-dir -r requirements.txt # buildkit", site)
    gone = Layer()
    gone.whiteout("root/.netrc")
    image.step("RUN /bin/sh -c rm -f /root/.netrc # buildkit", gone)
    application = Layer()
    for name in CONTEXT:
        application.file(f"app/{name}", (source / name).read_bytes())
    image.step("COPY . . # buildkit", application)
    image.step("ENV PYTHONUNBUFFERED=1")
    image.step("EXPOSE map[8000/tcp:{}]")
    image.step('ENTRYPOINT ["tini" "--"]')
    image.step('CMD ["gunicorn" "--bind" "0.0.0.0:8000" "--workers" "2" "app:app"]')


def _config() -> dict[str, object]:
    return {
        "Env": [f"PATH={python_base.PATH}", "LANG=C.UTF-8", "PYTHON_VERSION=3.11.4", "PYTHONUNBUFFERED=1"],
        "Entrypoint": ["tini", "--"],
        "Cmd": ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "app:app"],
        "WorkingDir": "/app",
        "ExposedPorts": {"8000/tcp": {}},
    }


def _folder(path: str) -> Layer:
    layer = Layer()
    layer.folder(path)
    return layer


def _tools() -> Layer:
    layer = Layer()
    debian.install(layer, debian.table("build-tools"), python_base.WITH_PYTHON)
    return layer


def _token() -> str:
    """Return text of a GitHub token's form, checksum included, that no server ever issued."""
    number = int.from_bytes(hashlib.sha256(b"shop-ci").digest())
    body = _base62(number, 30)
    return f"ghp_{body}{_base62(binascii.crc32(body.encode()), 6)}"


def _base62(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits
