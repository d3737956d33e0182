"""The image configuration (OCI image-spec: config.md; moby: image/spec/v1.2)."""

from typing import Any

import msgspec

from tidewaiter.core.model.image import HistoryEntry, ImageConfig
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.json_text import JsonError, decode, mapping, text, texts


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """What the config blob holds."""

    config: ImageConfig | None = None
    history: tuple[HistoryEntry, ...] = ()
    diff_ids: tuple[str, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


def read_config(data: bytes, subject: str) -> Configuration:
    """Return the configuration; a value of a wrong type counts as absent, a blob that is not JSON as Unknown."""
    try:
        root = decode(data)
    except JsonError as error:
        advice = "save or pull the image again"
        return Configuration(
            unknowns=(Unknown(subject=f"configuration of {subject}", reason=str(error), advice=advice),)
        )
    root = mapping(root)
    run = mapping(root.get("config"))
    history = root.get("history")
    return Configuration(
        config=ImageConfig(
            user=text(run.get("User")),
            env=tuple(_pair(entry) for entry in texts(run.get("Env"))),
            exposed_ports=tuple(sorted(mapping(run.get("ExposedPorts")))),
            entrypoint=texts(run.get("Entrypoint")),
            cmd=texts(run.get("Cmd")),
            working_dir=text(run.get("WorkingDir")),
            labels=tuple((key, text(value)) for key, value in sorted(mapping(run.get("Labels")).items())),
            has_healthcheck=_has_healthcheck(run.get("Healthcheck")),
            created=text(root.get("created")),
            architecture=text(root.get("architecture")),
            os=text(root.get("os")),
        ),
        history=tuple(_history(entry) for entry in history) if isinstance(history, list) else (),
        diff_ids=texts(mapping(root.get("rootfs")).get("diff_ids")),
    )


def _pair(entry: str) -> tuple[str, str]:
    name, _, value = entry.partition("=")
    return name, value


def _has_healthcheck(value: Any) -> bool:
    test = texts(mapping(value).get("Test"))
    return bool(test) and test[0] != "NONE"


def _history(value: Any) -> HistoryEntry:
    entry = mapping(value)
    return HistoryEntry(
        created_by=text(entry.get("created_by")),
        created=text(entry.get("created")),
        empty_layer=entry.get("empty_layer") is True,
    )
