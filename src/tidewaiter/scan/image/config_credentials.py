"""Credentials in the image configuration: environment, labels, start command, build history and build arguments."""

import re
from collections.abc import Iterator
from typing import Final, Literal

from tidewaiter.core.model.image import Credential, HistoryEntry, ImageConfig
from tidewaiter.core.model.location import Location
from tidewaiter.scan.credential_search import CredentialSearch

_ENVIRONMENT: Final = ".env"
"""The name of the file that has the syntax of environments, so that its formats are searched for."""
Source = Literal["env", "history", "label", "command", "build-arg"]
_ARGUMENTS: Final = re.compile(r"^(?:RUN )?\|\d+ (.*?)/bin/\S+ -\S*c", re.DOTALL)
"""Builders write the build arguments of a step before its shell: `|2 A=b C=d /bin/sh -c …`."""


def config_credentials(
    search: CredentialSearch, config: ImageConfig | None, history: tuple[HistoryEntry, ...], image: str
) -> tuple[Credential, ...]:
    """Return the credentials of the configuration; `pointer` tells the place in it, `layer` what the history made."""
    found: dict[tuple[str, str, str], Credential] = {}
    for source, pointer, layer, text in _texts(config, history):
        file = _ENVIRONMENT if source in {"env", "build-arg"} else ""
        for token in search.search(text.encode("utf-8", "surrogatepass"), file):
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
