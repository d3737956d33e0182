"""Layers and image archives that come out the same, byte for byte, whenever they are made from the same input."""

import hashlib
import io
import json
import posixpath
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MTIME = 1_690_881_000  # 2023-08-01T09:10:00Z, when the shop's images were "built"
CREATED = "2023-08-01T09:10:00Z"


@dataclass
class Layer:
    """Files of one layer; parents are made as needed."""

    entries: dict[str, tarfile.TarInfo] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def _add(self, path: str, kind: bytes, mode: int, *, link: str = "") -> None:
        parent = posixpath.dirname(path)
        if parent and parent not in self.entries:
            self._add(parent, tarfile.DIRTYPE, 0o755)
        info = tarfile.TarInfo(path)
        info.type, info.mode, info.linkname, info.mtime = kind, mode, link, MTIME
        self.entries[path] = info

    def folder(self, path: str, mode: int = 0o755) -> None:
        """Make a folder."""
        self._add(path, tarfile.DIRTYPE, mode)

    def file(self, path: str, body: bytes | str, mode: int = 0o644) -> None:
        """Write a file; text is UTF-8."""
        self._add(path, tarfile.REGTYPE, mode)
        self.bodies[path] = body.encode() if isinstance(body, str) else body

    def link(self, path: str, target: str) -> None:
        """Make a symbolic link."""
        self._add(path, tarfile.SYMTYPE, 0o777, link=target)

    def whiteout(self, path: str) -> None:
        """Delete what a lower layer holds at `path` (OCI image-spec: layer.md)."""
        folder, name = posixpath.split(path)
        self.file(posixpath.join(folder, f".wh.{name}"), b"")

    def tar(self) -> bytes:
        """Return the layer as an uncompressed tar, sorted by path."""
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path, info in sorted(self.entries.items()):
                body = self.bodies.get(path, b"")
                info.size = len(body)
                archive.addfile(info, io.BytesIO(body))
        return stream.getvalue()


@dataclass
class Image:
    """An image while it is made: what each step of its history was, and the layer it left."""

    tag: str
    config: dict[str, Any]
    created: str = CREATED
    steps: list[tuple[str, Layer | None]] = field(default_factory=list)

    def step(self, created_by: str, layer: Layer | None = None) -> None:
        """Append one line of history; without a layer it changed the configuration only."""
        self.steps.append((created_by, layer))

    def write(self, path: Path) -> str:
        """Write the image as `docker save` does since Docker 25 and return the digest of its manifest."""
        blobs: dict[str, bytes] = {}

        def keep(body: bytes) -> str:
            digest = hashlib.sha256(body).hexdigest()
            blobs[digest] = body
            return digest

        layers = [keep(layer.tar()) for _, layer in self.steps if layer is not None]
        config = keep(_json(self._configuration(layers)))
        manifest = keep(_json(_manifest(config, layers, blobs)))
        _write(path, self.tag, blobs, config, layers, manifest)
        return f"sha256:{manifest}"

    def _configuration(self, layers: list[str]) -> dict[str, Any]:
        history = [
            {"created": self.created, "created_by": step, **({} if layer is not None else {"empty_layer": True})}
            for step, layer in self.steps
        ]
        return {
            "architecture": "amd64",
            "os": "linux",
            "created": self.created,
            "config": self.config,
            "history": history,
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer}" for layer in layers]},
        }


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _descriptor(media: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": media, "digest": f"sha256:{digest}", "size": size}


def _manifest(config: str, layers: list[str], blobs: dict[str, bytes]) -> dict[str, Any]:
    media = "application/vnd.oci.image"
    return {
        "schemaVersion": 2,
        "mediaType": f"{media}.manifest.v1+json",
        "config": _descriptor(f"{media}.config.v1+json", config, len(blobs[config])),
        "layers": [_descriptor(f"{media}.layer.v1.tar", layer, len(blobs[layer])) for layer in layers],
    }


def _write(path: Path, tag: str, blobs: dict[str, bytes], config: str, layers: list[str], manifest: str) -> None:
    top = _descriptor("application/vnd.oci.image.manifest.v1+json", manifest, len(blobs[manifest]))
    top["annotations"] = {"org.opencontainers.image.ref.name": tag.rpartition(":")[2]}
    names = [f"blobs/sha256/{layer}" for layer in layers]
    outer = Layer()
    for digest, body in blobs.items():
        outer.file(f"blobs/sha256/{digest}", body)
    outer.file("oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
    outer.file("index.json", _json({"schemaVersion": 2, "manifests": [top]}))
    entry = {"Config": f"blobs/sha256/{config}", "RepoTags": [tag], "Layers": names}
    outer.file("manifest.json", _json([entry]))
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(outer.tar())
    unfinished.replace(path)
