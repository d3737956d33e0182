r"""Builds small container images for tests: docker archives and OCI layouts from plain dictionaries.

    path = build_image(
        tmp_path / "web.tar",
        layers=[{"etc/os-release": "ID=debian\n"}, {"bin/sh": Link("busybox"), "etc/motd": None}],
        config={"User": "app"},
        history=["FROM scratch", "RUN rm /etc/motd"],
        tags=["shop/web:1.0"],
        form="oci-dir",
    )

A layer maps a path to its content: `bytes` or `str` for a file, `None` for a whiteout of that path, `Link` and `Hard`
for links, `File` for a body with a mode, `Folder` for a directory, `OPAQUE` on a directory's path for an opaque
marker. Entries are written in the order of the dictionary. A layer may also be `bytes`: a tar (or garbage) as it is.
"""

import gzip as gzip_module
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import zstandard

Form = Literal["docker-archive", "docker-archive-oci", "oci-dir", "oci-tar"]


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True)
class Hard:
    """A hard link to another entry of the same layer."""

    target: str


@dataclass(frozen=True)
class File:
    """A regular file with a mode of its own."""

    body: bytes = b""
    mode: int = 0o644


@dataclass(frozen=True)
class Folder:
    """A directory entry."""

    mode: int = 0o755


OPAQUE: Final = "\x00opaque"

Content = bytes | str | Link | Hard | File | Folder | None
LayerSpec = Mapping[str, Content] | bytes


def layer_tar(entries: Mapping[str, Content], *, prefix: str = "", format: int = tarfile.PAX_FORMAT) -> bytes:  # noqa: A002
    """Return one layer as an uncompressed tar; `prefix` goes before every name, such as `./`."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for path, content in entries.items():
            info, body = _member(path, content)
            info.name = prefix + info.name
            tar.addfile(info, io.BytesIO(body))
    return out.getvalue()


def _member(path: str, content: Content) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(path)
    body = b""
    folder, _, name = path.rpartition("/")
    match content:
        case None:
            info.name = f"{folder}/.wh.{name}" if folder else f".wh.{name}"
        case str() if content == OPAQUE:
            info.name = f"{path}/.wh..wh..opq"
        case Link(target):
            info.type, info.linkname, info.mode = tarfile.SYMTYPE, target, 0o777
        case Hard(target):
            info.type, info.linkname = tarfile.LNKTYPE, target
        case Folder(mode):
            info.type, info.mode = tarfile.DIRTYPE, mode
        case File(body, mode):
            info.mode = mode
        case _:
            body = content.encode() if isinstance(content, str) else content
    info.size = len(body)
    return info, body


def build_image(
    target: Path,
    *,
    layers: Sequence[LayerSpec],
    config: Mapping[str, Any] | None = None,
    history: Sequence[str | Mapping[str, Any]] | None = None,
    tags: Sequence[str] = ("test/image:1",),
    form: Form = "docker-archive",
    gzip: bool = False,
    compression: Literal["gzip", "none", "zstd", "multi-gzip"] | None = None,
    outer_gzip: bool = False,
    dotted: bool = False,
    platform: tuple[str, str] = ("linux", "amd64"),
    root: Mapping[str, Any] | None = None,
) -> Path:
    """Write an image and return `target`.

    `config` is the runtime part (`User`, `Env`, ...); `root` overrides keys of the whole configuration (`history`,
    `created`). A text in `history` makes an entry of a layer, with a leading `!` one of an empty layer; by default
    there is one entry per layer. `gzip` is short for `compression="gzip"`; `dotted` writes `./` before every name
    of the outer archive and of every layer.
    """
    packed = compression or ("gzip" if gzip else "none")
    plain = [layer if isinstance(layer, bytes) else layer_tar(layer, prefix="./" if dotted else "") for layer in layers]
    blobs = [_compress(layer, packed) for layer in plain]
    configuration = {
        "architecture": platform[1],
        "os": platform[0],
        "created": "2026-01-02T03:04:05Z",
        "config": dict(config or {}),
        "rootfs": {"type": "layers", "diff_ids": [_digest(layer) for layer in plain]},
        "history": [_history(entry) for entry in (history or [f"RUN layer {i}" for i in range(len(plain))])],
    } | dict(root or {})
    raw_config = json.dumps(configuration).encode()
    files = (
        _docker_files(raw_config, blobs, tags)
        if form == "docker-archive"
        else oci_files(raw_config, blobs, tags, packed)
    )
    if form == "docker-archive-oci":
        files["manifest.json"] = _docker_manifest(f"blobs/sha256/{_hex(raw_config)}", [_blob(b) for b in blobs], tags)
    if form == "oci-dir":
        for name, body in files.items():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
        return target
    raw = layer_tar(files, prefix="./" if dotted else "")
    target.write_bytes(gzip_module.compress(raw, mtime=0) if outer_gzip else raw)
    return target


def oci_files(config: bytes, blobs: Sequence[bytes], tags: Sequence[str], packed: str = "none") -> dict[str, bytes]:
    """Return the files of an OCI layout with one image, each tag as a reference name of its manifest."""
    suffix = {"gzip": "+gzip", "multi-gzip": "+gzip", "zstd": "+zstd", "none": ""}[packed]
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": _descriptor(config, "application/vnd.oci.image.config.v1+json"),
        "layers": [_descriptor(blob, f"application/vnd.oci.image.layer.v1.tar{suffix}") for blob in blobs],
    }
    raw_manifest = json.dumps(manifest).encode()
    descriptor = _descriptor(raw_manifest, "application/vnd.oci.image.manifest.v1+json")
    entries = [descriptor | {"annotations": {"org.opencontainers.image.ref.name": tag}} for tag in tags]
    index = {"schemaVersion": 2, "manifests": entries or [descriptor]}
    files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": json.dumps(index).encode()}
    for blob in (config, raw_manifest, *blobs):
        files[_blob(blob)] = blob
    return files


def _docker_files(config: bytes, blobs: Sequence[bytes], tags: Sequence[str]) -> dict[str, bytes]:
    names = [f"{_hex(b'%d' % index + blob)}/layer.tar" for index, blob in enumerate(blobs)]
    config_name = f"{_hex(config)}.json"
    files = {config_name: config, **dict(zip(names, blobs, strict=True))}
    files["manifest.json"] = _docker_manifest(config_name, names, tags)
    return files


def _docker_manifest(config: str, layers: Sequence[str], tags: Sequence[str]) -> bytes:
    return json.dumps([{"Config": config, "RepoTags": list(tags), "Layers": list(layers)}]).encode()


def _history(entry: str | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(entry, str):
        return dict(entry)
    made = {"created": "2026-01-02T03:04:05Z", "created_by": entry.removeprefix("!")}
    return made | ({"empty_layer": True} if entry.startswith("!") else {})


def _compress(body: bytes, how: str) -> bytes:
    match how:
        case "gzip":
            return gzip_module.compress(body, mtime=0)
        case "multi-gzip":
            half = len(body) // 3
            return gzip_module.compress(body[:half], mtime=0) + gzip_module.compress(body[half:], mtime=0)
        case "zstd":
            return zstandard.ZstdCompressor().compress(body)
        case _:
            return body


def _descriptor(body: bytes, media_type: str) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": _digest(body), "size": len(body)}


def _digest(body: bytes) -> str:
    return f"sha256:{_hex(body)}"


def _hex(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _blob(body: bytes) -> str:
    return f"blobs/sha256/{_hex(body)}"
