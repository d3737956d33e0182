"""The layers that `python:3.11-slim-bookworm` had in the summer of 2023, in outline."""

from image import debian, wheels
from image.archive import Image, Layer

SITE = "usr/local/lib/python3.11/site-packages"
BIN = "usr/local/bin"
PATH = "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PYTHON = f"/{BIN}/python3.11"
BASE = debian.table("bookworm")
WITH_PYTHON = (*BASE, *debian.table("python"))


def add(image: Image) -> None:
    """Append the base image's history and layers."""
    image.step(
        "/bin/sh -c #(nop) ADD file:d6e0eb2e0e5e1c4a3ac5bd5fe3b9a9cc0ff4a6a7b5d7ef5c06ed1f4b5c2bd7a5 in / ",
        debian.root(BASE),
    )
    image.step('/bin/sh -c #(nop)  CMD ["bash"]')
    image.step(f"/bin/sh -c #(nop)  ENV PATH={PATH}")
    image.step("/bin/sh -c #(nop)  ENV LANG=C.UTF-8")
    image.step(
        "/bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends "
        "\t\tca-certificates \t\tnetbase \t\ttzdata \t; \trm -rf /var/lib/apt/lists/*",
        _libraries(),
    )
    image.step("/bin/sh -c #(nop)  ENV PYTHON_VERSION=3.11.4")
    image.step(
        '/bin/sh -c set -eux; \tmake -j "$(nproc)" LDFLAGS="${LDFLAGS:-}" python; \tmake install; \tpython3 --version',
        _interpreter(),
    )
    image.step(
        "/bin/sh -c set -eux; \tpython get-pip.py --disable-pip-version-check --no-cache-dir "
        '"pip==$PYTHON_PIP_VERSION" "setuptools==$PYTHON_SETUPTOOLS_VERSION"; \tpip --version',
        _pip(),
    )
    image.step('/bin/sh -c #(nop)  CMD ["python3"]')


def _libraries() -> Layer:
    layer = Layer()
    debian.install(layer, debian.table("python"), BASE)
    return layer


def _interpreter() -> Layer:
    layer = Layer()
    layer.file(f"{BIN}/python3.11", debian.STUB, 0o755)
    layer.link(f"{BIN}/python3", "python3.11")
    layer.link(f"{BIN}/python", "python3")
    layer.file("usr/local/lib/python3.11/os.py", "# the standard library is left out of this example\n")
    return layer


def _pip() -> Layer:
    layer = Layer()
    for wheel in wheels.fetch(debian.HERE / "base-wheels.txt"):
        wheels.unpack(layer, wheel, SITE, BIN, python=PYTHON)
    return layer
