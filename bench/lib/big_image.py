"""Makes the bench image: some 800 MB of Debian, Python, Node, Java and Go, as plain docker archive and gzipped OCI layout.

    .venv/bin/python bench/lib/big_image.py

Needs what `tests/real_image.py` needs, and `mvn` and `go`. Maven and Go fetch through their ordinary clients. The
result is made once and kept beside the image of the long tests (`TIDEWAITER_TEST_CACHE`), outside the repository.
"""

import shutil
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]
import real_image as real  # noqa: E402 - it lies beside the tests

RECIPE: Final = "1"
"""Raise it when the content changes."""
APT: Final = ("python3-pip", "python3-yaml", "python3-requests", "curl", "git", "openssl", "perl", "postgresql-client")
PIP: Final = (
    "flask==3.0.0",
    "django==4.2.1",
    "numpy==1.26.4",
    "cryptography==41.0.3",
    "jinja2==3.1.2",
    "pandas==2.2.2",
)
NPM: Final = (
    "express@4.18.2",
    "lodash@4.17.20",
    "webpack@5.88.0",
    "@babel/core@7.22.5",
    "typescript@5.1.6",
    "jest@29.7.0",
)
JARS: Final = (
    "org.springframework.boot:spring-boot-starter-web:2.7.5",
    "org.hibernate:hibernate-core:5.6.9.Final",
    "org.apache.logging.log4j:log4j-core:2.14.1",
    "org.apache.commons:commons-text:1.9",
    "org.apache.kafka:kafka-clients:3.2.0",
    "org.apache.lucene:lucene-analyzers-common:8.11.1",
    "com.google.guava:guava:30.1-jre",
    "io.netty:netty-all:4.1.77.Final",
    "org.bouncycastle:bcprov-jdk15on:1.68",
    "org.apache.hadoop:hadoop-common:3.3.2",
    "com.amazonaws:aws-java-sdk-s3:1.12.200",
    "org.scala-lang:scala-library:2.13.8",
)
GO: Final = (
    "github.com/google/go-containerregistry/cmd/crane@v0.20.2",
    "github.com/mikefarah/yq/v4@v4.44.3",
    "github.com/caddyserver/caddy/v2/cmd/caddy@v2.8.4",
    "helm.sh/helm/v3/cmd/helm@v3.15.4",
)
_POM: Final = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>test</groupId><artifactId>shop</artifactId><version>1.0.0</version><dependencies>{}</dependencies></project>
"""
_DEPENDENCY: Final = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"


@dataclass(frozen=True)
class BigImage:
    """The same image in two archives."""

    oci: Path
    docker: Path


def missing() -> str:
    """Return why the image cannot be made here, empty when it can."""
    absent = [tool for tool in ("mvn", "go") if shutil.which(tool) is None]
    return real.missing() or (f"not installed: {', '.join(absent)}" if absent else "")


def big_image() -> BigImage:
    """Return the image, made in some minutes when the cache does not hold it."""
    home = real.cache_folder() / f"big-{RECIPE}"
    image = BigImage(home / "oci", home / "image.tar")
    if not image.docker.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _make(image, home)
        shutil.rmtree(home / "bundle", ignore_errors=True)
    return image


def _make(image: BigImage, home: Path) -> None:
    name, tree = f"{image.oci}:latest", home / "bundle" / "rootfs"
    real.run("umoci", "init", "--layout", image.oci)
    real.run("umoci", "new", "--image", name)
    real.run("umoci", "unpack", "--image", name, home / "bundle")
    suite, address = real.mirror()
    real.run("debootstrap", "--variant=minbase", suite, tree, address)
    shutil.copy("/etc/resolv.conf", tree / "etc/resolv.conf")
    real.run("chroot", tree, "apt-get", "update")
    quiet = ("env", "DEBIAN_FRONTEND=noninteractive")
    real.run("chroot", tree, *quiet, "apt-get", "install", "-y", "--no-install-recommends", *APT)
    real.run("chroot", tree, "apt-get", "clean")
    shutil.rmtree(tree / "var/lib/apt/lists")
    real.repack(name, home, "RUN apt-get install " + " ".join(APT))
    real.run(sys.executable, "-m", "pip", "install", "--target", tree / real.PYTHON_FOLDER, *PIP)
    real.repack(name, home, "RUN pip install " + " ".join(PIP))
    (tree / real.NODE_FOLDER).mkdir(parents=True)
    (tree / real.NODE_FOLDER / "package.json").write_text('{"name": "shop", "version": "1.2.3"}')
    real.run("npm", "install", "--fetch-retries=1", "--fetch-timeout=60000", "--prefix", tree / real.NODE_FOLDER, *NPM)
    real.repack(name, home, "RUN npm install " + " ".join(NPM))
    _add_jars(tree / "srv/java")
    real.repack(name, home, "RUN mvn package")
    _add_go(tree / "usr/local/bin")
    real.repack(name, home, "RUN go install " + " ".join(GO))
    partial = image.docker.with_suffix(".partial")
    real.run("skopeo", "--insecure-policy", "copy", f"oci:{name}", f"docker-archive:{partial}:test/shop:big")
    partial.rename(image.docker)


def _add_jars(folder: Path) -> None:
    """Copy the jars and all they depend on, and put some into one jar as Spring Boot does."""
    library = folder / "lib"
    library.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        pom = Path(place) / "pom.xml"
        pom.write_text(_POM.format("".join(_DEPENDENCY.format(*jar.split(":")) for jar in JARS)))
        goal = "dependency:copy-dependencies"
        real.run("mvn", "-q", "-B", "-f", pom, goal, f"-DoutputDirectory={library}", "-DincludeScope=runtime")
    with zipfile.ZipFile(folder / "shop.jar", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nImplementation-Title: shop\nImplementation-Version: 1.0.0\n"
        )
        for jar in sorted(library.glob("spring-*.jar")) + sorted(library.glob("jackson-*.jar")):
            archive.write(jar, f"BOOT-INF/lib/{jar.name}", zipfile.ZIP_STORED)


def _add_go(folder: Path) -> None:
    for module in GO:
        environment = {"GOBIN": str(folder), "CGO_ENABLED": "0", "GOFLAGS": "-p=2"}
        real.run("nice", "go", "install", "-trimpath", module, environment=environment)


if __name__ == "__main__":
    print(missing() or big_image())
