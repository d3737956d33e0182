"""Credentials in the image configuration: environment, labels, start command, build history and build arguments."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from msgspec import structs

from tidewaiter.core.model.image import Credential, HistoryEntry, ImageConfig
from tidewaiter.core.model.location import Location
from tidewaiter.scan.credential_search import CredentialSearch

_ENVIRONMENT: Final = ".env"
"""The name of the file that has the syntax of environments, so that its formats are searched for."""
_SETTING: Final = re.compile(r"(?:/bin/sh -c #\(nop\) {1,2})?(?:ENV|ARG) ")
"""Instructions of the build that write assignments."""
Source = Literal["env", "history", "label", "command", "build-arg"]
_ARGUMENTS: Final = re.compile(r"^(?:RUN )?\|\d+ (.*?)/bin/\S+ -\S*c", re.DOTALL)
"""Builders write the build arguments of a step before its shell: `|2 A=b C=d /bin/sh -c …`."""


def config_credentials(
    search: CredentialSearch, config: ImageConfig | None, history: tuple[HistoryEntry, ...], image: str
) -> tuple[Credential, ...]:
    """Return the credentials of the configuration; `pointer` tells the place in it, `layer` what the history made."""
    found: dict[tuple[str, str, str], Credential] = {}
    for source, pointer, layer, text in _texts(config, history):
        for token in search.search(_bytes(text), _file(source, text)):
            place = Location(pointer=pointer, layer=layer, image=image)
            credential = Credential(
                rule=token.rule,
                title=token.title,
                location=place,
                redacted=token.redacted,
                source=source,
                verified=token.verified,
            )
            found.setdefault((token.rule, pointer, token.redacted), credential)
    return tuple(found.values())


def without_secrets(
    search: CredentialSearch, config: ImageConfig | None, history: tuple[HistoryEntry, ...]
) -> tuple[ImageConfig | None, tuple[HistoryEntry, ...]]:
    """Return both with every credential redacted: reports show the environment and the instructions of the build.

    A secret of one text is hidden in all others too.
    """
    found: dict[str, str] = {}
    for source, _, _, text in _texts(config, history):
        secrets = search.secrets(_bytes(text), _file(source, text))
        found |= {secret.decode("utf-8", "surrogatepass"): told for secret, told in secrets.items()}
    if not found:
        return config, history
    hide = _Hiding(found)
    entries = tuple(structs.replace(entry, created_by=hide(entry.created_by)) for entry in history)
    if config is None:
        return None, entries
    shown = structs.replace(
        config,
        env=tuple((name, hide(value)) for name, value in config.env),
        labels=tuple((key, hide(value)) for key, value in config.labels),
        entrypoint=tuple(hide(word) for word in config.entrypoint),
        cmd=tuple(hide(word) for word in config.cmd),
    )
    return shown, entries


class _Hiding:
    """Replaces secrets in texts, the longest first because one may hold another."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = sorted(secrets.items(), key=lambda pair: (-len(pair[0]), pair[0]))

    def __call__(self, text: str) -> str:
        for secret, told in self._secrets:
            text = text.replace(secret, told)
        return text


def _file(source: Source, text: str) -> str:
    is_environment = source in {"env", "build-arg"} or _SETTING.match(text) is not None
    return _ENVIRONMENT if is_environment else ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _texts(
    config: ImageConfig | None, history: tuple[HistoryEntry, ...]
) -> Iterator[tuple[Source, str, int | None, str]]:
    if config is not None:
        for index, (name, value) in enumerate(config.env):
            yield "env", f"/config/Env/{index}", None, f"{name}={value}"
        for key, value in config.labels:
            yield "label", f"/config/Labels/{key.replace('~', '~0').replace('/', '~1')}", None, f"{key}={value}"
        yield "command", "/config/Entrypoint", None, "\n".join(config.entrypoint)
        yield "command", "/config/Cmd", None, "\n".join(config.cmd)
    for index, entry in enumerate(history):
        arguments = _ARGUMENTS.match(entry.created_by)
        pointer = f"/history/{index}/created_by"
        if arguments is not None:
            yield "build-arg", pointer, entry.layer, arguments[1]
        yield "history", pointer, entry.layer, entry.created_by
