"""Images of the local Docker and Podman engines."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

from tidewaiter.adapters.engines.engine import Engine, EngineError, Inspected, NoSuchImageError
from tidewaiter.adapters.engines.image import EngineImage, OpenArchive, Progress
from tidewaiter.adapters.engines.sockets import Address, Kind, addresses
from tidewaiter.core.context import parse_reference
from tidewaiter.ports.registry import Platform
from tidewaiter.scan.image import LayerCache

__all__ = ["Address", "Engine", "EngineImage", "Engines", "Kind", "OpenArchive", "addresses"]
_ID: Final = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")
_COMMANDS: Final = {"docker": "Docker", "podman": "Podman"}


class Engines:
    """The engines of this machine."""

    def __init__(
        self, environ: Mapping[str, str], *, open_archive: OpenArchive, cache: LayerCache | None = None
    ) -> None:
        """Take the environment, the way to read an exported archive, and a memory for configurations."""
        self._environ = environ
        self._open_archive = open_archive
        self._cache = cache

    @contextmanager
    def image(
        self, kind: Kind, name: str, *, platform: Platform | None = None, progress: Progress = lambda _: None
    ) -> Iterator[EngineImage]:
        """Open an image of the first engine of a kind that has it; raises ImageError that tells all that were asked."""
        with ExitStack() as stack:
            engine, found = self._find(kind, name, platform)
            yield EngineImage(
                engine,
                found,
                names=() if found.tags and _ID.fullmatch(name) else (name,),
                open_archive=self._open_archive,
                cache=self._cache,
                progress=progress,
                stack=stack,
            )

    def _find(self, kind: Kind, name: str, platform: Platform | None) -> tuple[Engine, Inspected]:
        failures: list[EngineError] = []
        for address in addresses(kind, self._environ):
            if not (address.is_socket or address.is_tcp):
                failures.append(EngineError(f"{address.path} is neither a unix socket nor tcp://HOST:PORT"))
                continue
            if address.is_socket and not os.path.exists(address.path):  # noqa: PTH110 - a path that may not be looked at is no error
                if address.is_named:
                    failures.append(EngineError(f"{address.path} does not exist"))
                continue
            engine = Engine(address)
            try:
                found = self._inspected(engine, name)
                _refuse_other(found, platform)
            except EngineError as error:
                failures.append(error)
            else:
                return engine, found
        if not failures:
            raise EngineError(f"no {_COMMANDS[kind]} engine was found", f"start {_COMMANDS[kind]}")
        advice = next((one.advice for one in failures if one.advice), "")
        raise EngineError("; ".join(one.message for one in failures), advice)

    @staticmethod
    def _inspected(engine: Engine, name: str) -> Inspected:
        """Ask for a name; Podman keeps what it builds under `localhost/`, which people leave away."""
        try:
            return engine.inspect(name)
        except NoSuchImageError:
            reference = parse_reference(name)
            if engine.address.kind != "podman" or reference is None or name.startswith(f"{reference.domain}/"):
                raise
            return engine.inspect(f"localhost/{name}")


def _refuse_other(found: Inspected, platform: Platform | None) -> None:
    if platform is not None and (found.os, found.architecture) != (platform.os, platform.architecture):
        raise NoSuchImageError(f"{found.name} is there for {found.os}/{found.architecture}, not for {platform}")
