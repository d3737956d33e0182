"""Readers of what languages leave in images: archives, executables, lists of packages."""

from pathlib import Path

from binaries import BASE, GO_MAGIC, crates, elf, go_inline, go_pointers, macho, note, pe, universal
from fuzz.target import Target
from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.analyzers import (
    bare_binary,
    composer_installed,
    conda_meta,
    dotnet_deps,
    elf_note,
    embedded_sbom,
    gemspec,
    go_binary,
    java,
    jdk_release,
    npm,
    python_egg,
    python_metadata,
    rust_binary,
)
from tidewaiter.scan.golang.modules import read_build
from tidewaiter.scan.java.class_file import texts
from tidewaiter.scan.java.manifest import read_manifest, read_properties
from tidewaiter.scan.java.names import split_name

_CASES = Path(__file__).resolve().parent.parent / "contract" / "analyzers"
_LINES = (
    "path\texample.com/a\nmod\texample.com/a\t(devel)\t\ndep\tb\tv1.0.0\n=>\tc\tv1.1.0\th1:\n"
    "build\t-ldflags=\"-s -X 'main.version=1.4.2' -X example.com/a.v=2\"\nbuild\tvcs.time=2024-03-01T10:11:12Z\n"
)
_GO = go_inline("go1.22.1", _LINES)
_CRATES = {
    "packages": [{"name": "a", "version": "1", "root": True, "dependencies": [1]}, {"name": "b", "version": "2"}]
}
_NOTE = {"type": "rpm", "name": "a", "version": "1-2", "osCpe": "cpe:/o:fedoraproject:fedora:40"}
_MANIFEST = (
    b"Manifest-Version: 1.0\r\nBundle-SymbolicName: org.exam\r\n ple;a:=b\r\nBundle-Version: 1.2.3\r\n\r\nName: x\r\n"
)
_POOL = b"\1\0\3a/B\1\0\4Code\5" + bytes(8) + b"\7\0\1"
_CLASS = b"\xca\xfe\xba\xbe\0\0\0\x34\0\6" + _POOL


def _fixture(analyzer: Analyzer, path: str) -> Target:
    seed = (_CASES / analyzer.id / "fires" / path).read_bytes()
    return Target(f"{analyzer.id} {path.rpartition('/')[2]}", seed, lambda data: analyzer.parse(data, path))


def _program(analyzer: Analyzer, name: str, seed: bytes) -> Target:
    return Target(f"{analyzer.id} {name}", seed, lambda data: analyzer.parse(data, "usr/bin/program"))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


TARGETS = (
    _fixture(java.ANALYZER, "srv/app.jar"),
    _fixture(java.ANALYZER, "srv/lib/bundle.widget.jar"),
    _fixture(java.ANALYZER, "srv/lib/hidden-1.0.jar"),
    _fixture(java.ANALYZER, "srv/dist.zip"),
    Target("java manifest", _MANIFEST, read_manifest),
    Target("java properties", b"#c\ngroupId=a.b\nartifactId : c\nversion=1\n", read_properties),
    Target("java class", _CLASS, texts),
    Target("java file name", b"lib/netty-4.1.50.Final-linux-x86_64.jar", lambda data: split_name(_text(data))),
    _program(go_binary.ANALYZER, "elf", elf({".go.buildinfo": _GO})),
    _program(go_binary.ANALYZER, "elf stripped", elf({".go.buildinfo": _GO}, with_table=False)),
    _program(go_binary.ANALYZER, "elf 32 big-endian", elf({".go.buildinfo": _GO}, wide=False, big=True)),
    _program(go_binary.ANALYZER, "pointers", go_pointers("go1.13", _LINES)),
    _program(go_binary.ANALYZER, "pointers 32", go_pointers("go1.13", _LINES, wide=False, big=True)),
    _program(go_binary.ANALYZER, "pe", pe({".data": _GO})),
    _program(go_binary.ANALYZER, "macho", macho({"__go_buildinfo": _GO})),
    _program(go_binary.ANALYZER, "macho universal", universal(macho({"__go_buildinfo": _GO}))),
    _program(go_binary.ANALYZER, "magic alone", elf({".data": GO_MAGIC + BASE.to_bytes(20, "little")})),
    Target("go lines", _LINES.encode(), lambda data: read_build(_text(data))),
    _program(rust_binary.ANALYZER, "elf", elf({".dep-v0": crates(_CRATES)})),
    _program(rust_binary.ANALYZER, "pe", pe({".dep-v0": crates(_CRATES)})),
    _program(elf_note.ANALYZER, "elf", elf({".note.package": note(_NOTE)})),
    _fixture(bare_binary.ANALYZER, "usr/local/bin/postgres"),
    _fixture(dotnet_deps.ANALYZER, "app/Shop.deps.json"),
    _fixture(composer_installed.ANALYZER, "srv/app/vendor/composer/installed.json"),
    _fixture(gemspec.ANALYZER, "usr/lib/ruby/gems/3.1.0/specifications/rake-13.0.6.gemspec"),
    _fixture(embedded_sbom.ANALYZER, "opt/bitnami/nginx/.spdx-nginx.spdx"),
    _fixture(embedded_sbom.ANALYZER, "opt/bitnami/.bitnami_components.json"),
    _fixture(embedded_sbom.ANALYZER, "var/lib/db/sbom/busybox-1.36.1-r2.spdx.json"),
    _fixture(jdk_release.ANALYZER, "opt/java/openjdk/release"),
    _fixture(conda_meta.ANALYZER, "opt/conda/conda-meta/openssl-3.0.8-h7f8727e_0.json"),
    _fixture(npm.ANALYZER, "srv/node_modules/express/package.json"),
    _fixture(python_egg.ANALYZER, "usr/lib/python2.7/site-packages/simplejson-3.16.0-py2.7.egg"),
    _fixture(python_metadata.ANALYZER, "site-packages/Flask-3.0.0.dist-info/METADATA"),
)
