"""The image `shop/notify`, step by step as services/notify/Dockerfile says."""

from pathlib import Path

from image import debian, npm
from image.archive import Image, Layer

BASE = debian.table("bookworm")
OWN = ("package.json", "package-lock.json")


def build(services: Path) -> Image:
    """Return the image with its layers filled."""
    source = services / "notify"
    config = {
        "User": "node",
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "NODE_VERSION=18.17.0"],
        "Cmd": ["node", "index.js"],
        "WorkingDir": "/srv",
    }
    image = Image(tag="shop/notify:0.9.4", config=config)
    image.step(
        "/bin/sh -c #(nop) ADD file:d6e0eb2e0e5e1c4a3ac5bd5fe3b9a9cc0ff4a6a7b5d7ef5c06ed1f4b5c2bd7a5 in / ",
        debian.root(BASE),
    )
    image.step('/bin/sh -c #(nop)  CMD ["bash"]')
    image.step(
        "/bin/sh -c groupadd --gid 1000 node   && useradd --uid 1000 --gid node --shell /bin/bash --create-home node",
        _user(),
    )
    image.step("/bin/sh -c #(nop)  ENV NODE_VERSION=18.17.0")
    image.step(
        '/bin/sh -c ARCH= && dpkgArch="$(dpkg --print-architecture)"   && node --version   && npm --version', _node()
    )
    workdir = Layer()
    workdir.folder("srv")
    image.step("WORKDIR /srv", workdir)
    pins = Layer()
    for name in OWN:
        pins.file(f"srv/{name}", (source / name).read_bytes())
    image.step("COPY package.json package-lock.json ./ # buildkit", pins)
    modules = Layer()
    for folder, package in npm.fetch(source / "package-lock.json").items():
        npm.unpack(modules, package, f"srv/{folder}")
    image.step("RUN /bin/sh -c npm ci --omit=dev # buildkit", modules)
    application = Layer()
    application.file("srv/index.js", (source / "index.js").read_bytes())
    image.step("COPY index.js . # buildkit", application)
    image.step("USER node")
    image.step('CMD ["node" "index.js"]')
    return image


def _user() -> Layer:
    layer = Layer()
    layer.file("etc/passwd", debian.USERS + "node:x:1000:1000::/home/node:/bin/bash\n")
    layer.file("etc/group", debian.GROUPS + "node:x:1000:\n")
    layer.folder("home/node")
    return layer


def _node() -> Layer:
    layer = Layer()
    layer.file("usr/local/bin/node", debian.STUB, 0o755)
    layer.file("usr/local/bin/npm", debian.STUB, 0o755)
    return layer
