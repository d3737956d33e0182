"""The image configuration (OCI image-spec: config.md; moby: image/spec/v1.2)."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tidewaiter.core.model.image import HistoryEntry, ImageConfig
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.json_text import JsonError, decode, mapping, text, texts

_AGAIN: Final = "save or pull the image again"
_KINDS: Final[dict[str, type]] = {
    "User": str,
    "Env": list,
    "Cmd": list,
    "Entrypoint": list,
    "ExposedPorts": dict,
    "Labels": dict,
    "WorkingDir": str,
}


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """What the config blob holds."""

    config: ImageConfig | None = None
    history: tuple[HistoryEntry, ...] = ()
    diff_ids: tuple[str, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


def read_config(data: bytes, subject: str) -> Configuration:
    """Return the configuration; a value of a wrong type counts as absent and is told, as is a blob that is not JSON."""
    try:
        root = decode(data)
    except JsonError as error:
        reason = str(error)
        return Configuration(unknowns=(Unknown(subject=f"configuration of {subject}", reason=reason, advice=_AGAIN),))
    unknowns = tuple(_wrong(root, f"configuration of {subject}"))
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
        unknowns=unknowns,
    )


def _wrong(root: Any, subject: str) -> Iterator[Unknown]:
    """Yield the values that judgement rests on and that have a wrong type; null counts as absent, as in Go."""
    if not isinstance(root, dict):
        yield Unknown(subject=subject, reason="it is not a JSON object", advice=_AGAIN)
        return
    run = mapping(root.get("config"))
    places = [("config", root, dict), ("history", root, list), ("rootfs", root, dict)]
    for place, holder, kind in [*places, *((name, run, kind) for name, kind in _KINDS.items())]:
        value = holder.get(place)
        if value is not None and not isinstance(value, kind):
            yield Unknown(subject=subject, reason=f"`{place}` has a wrong type, so it was not read", advice=_AGAIN)
        elif kind is list and place != "history" and isinstance(value, list) and len(texts(value)) < len(value):
            yield Unknown(
                subject=subject, reason=f"`{place}` holds what is not text, which was not read", advice=_AGAIN
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
