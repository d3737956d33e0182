"""Finds an image by its name as `docker scan NAME` would: on this machine as a path, in an engine, in its registry."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from tidewaiter.adapters import images
from tidewaiter.core.context import parse_reference
from tidewaiter.core.registry_options import RegistryOptions
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import parse_platform
from tidewaiter.scan.image import ImageStore, LayerCache
from tidewaiter.wiring.platforms import refuse_other

if TYPE_CHECKING:
    from tidewaiter.adapters.engines import Kind

Progress = Callable[[str], None]
STDIN: Final = frozenset({"-", "/dev/stdin"})
PREFIXES: Final = ("fs:", "oci:", "archive:", "docker:", "podman:", "registry:", "sbom:")
"""What forces a source; an image of `--image` that begins with one has no name before it."""
_ENDINGS: Final = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tar.bz2", ".oci")
_ID: Final = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")
_OFFICIAL: Final = re.compile(r"(?:docker|registry):(?![0-9a-f]{12,64}$)[0-9][\w.-]*")
"""Docker Hub has images called `docker` and `registry`; what looks like their version is no name of an image."""


class ImageOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a person and an installation say about where images come from."""

    registries: RegistryOptions = RegistryOptions()
    platform: str = ""
    """`os/arch[/variant]`; empty takes linux/amd64 where there is a choice."""


class _Asked(NamedTuple):
    """One image that is looked for."""

    reference: str
    """Without prefix."""
    name: str
    """Chooses among several images of an archive."""


Open = Callable[[_Asked], AbstractContextManager[ImageStore]]


class ImageOpener:
    """Implements `OpenImage`."""

    def __init__(
        self,
        environ: Mapping[str, str],
        options: ImageOptions,
        *,
        cache: LayerCache | None = None,
        progress: Progress = lambda _: None,
    ) -> None:
        """Take the environment, the options and what remembers configurations of engines; raises ImageError."""
        self._platform = parse_platform(options.platform) if options.platform else None
        self._progress = progress
        self._environ = environ
        self._options = options.registries
        self._cache = cache
        # One line per prefix. `oci` and `archive` are told apart by their content all the same.
        self._openers: Mapping[str, Open] = {
            "fs": self._folder,
            "oci": self._path,
            "archive": self._path,
            "docker": partial(self._engine, "docker"),
            "podman": partial(self._engine, "podman"),
            "registry": self._registry,
        }

    @contextmanager
    def __call__(self, reference: str, *, name: str = "") -> Iterator[ImageStore]:
        """Open an image; raises ImageError that says what was tried."""
        with self._found(reference, name) as store:
            if self._platform is not None:
                refuse_other(store, self._platform)
            yield store

    def _found(self, reference: str, name: str) -> AbstractContextManager[ImageStore]:
        if reference in STDIN:
            return images.open_stdin(sys.stdin.buffer, name=name, platform=self._platform)
        prefix, colon, rest = reference.partition(":")
        if colon and prefix == "docker" and rest.startswith("//"):
            return self._registry(_Asked(rest[2:], name))
        if colon and prefix in self._openers and not _OFFICIAL.fullmatch(reference):
            return self._openers[prefix](_Asked(rest, name))
        return self._anywhere(_Asked(reference, name))

    @contextmanager
    def _anywhere(self, asked: _Asked) -> Iterator[ImageStore]:
        """Look everywhere, in the order in which a person expects it."""
        written = asked.reference
        is_name = parse_reference(written) is not None
        is_id = _ID.fullmatch(written) is not None
        is_there = images.exists(written)
        # A folder may be called like an image; only one that holds an image is meant by that name.
        if _is_path(written) or not (is_name or is_id) or (is_there and images.is_layout(written)):
            with self._path(asked) as store:
                yield store
            return
        here = "it is a folder without an image in it" if is_there else "no such file or folder"
        failures = [("path", ImageError(here))]
        places: list[tuple[str, Open]] = [(kind, self._openers[kind]) for kind in ("docker", "podman")]
        if is_name:
            places.append(("registry", self._registry))
        with ExitStack() as stack:
            for kind, opener in places:
                try:
                    store = stack.enter_context(opener(asked))
                except ImageError as error:
                    failures.append((kind, error))
                else:
                    yield store
                    return
        raise _nowhere(written, failures, is_folder=is_there and str(images.split(written)[0]) == written)

    def _path(self, asked: _Asked) -> AbstractContextManager[ImageStore]:
        return images.open_path(asked.reference, name=asked.name, platform=self._platform)

    @contextmanager
    def _folder(self, asked: _Asked) -> Iterator[ImageStore]:
        yield images.open_folder(asked.reference)

    def _engine(self, kind: "Kind", asked: _Asked) -> AbstractContextManager[ImageStore]:
        written = asked.reference
        if parse_reference(written) is None and _ID.fullmatch(written) is None:
            raise ImageError(f"`{written}` is neither the name nor the id of an image", f"write {kind}:NAME[:TAG]")
        from tidewaiter.adapters.engines import Engines  # noqa: PLC0415 - a path needs no HTTP client

        engines = Engines(self._environ, open_archive=images.open_file, cache=self._cache)
        return engines.image(kind, written, platform=self._platform, progress=self._progress)

    def _registry(self, asked: _Asked) -> AbstractContextManager[ImageStore]:
        from tidewaiter.adapters.registry import Registries  # noqa: PLC0415 - a path needs no HTTP client

        default = self._environ.get("DOCKER_DEFAULT_PLATFORM", "")
        platform = self._platform or (parse_platform(default) if default else None)
        registries = Registries(self._environ, options=self._options)
        return registries.image(asked.reference, platform=platform, progress=self._progress)


def registry_options(configured: RegistryOptions, base: Path, environ: Mapping[str, str]) -> RegistryOptions:
    """Return the settings: those of the file that `TIDEWAITER_REGISTRIES` names, else those of the repository.

    Files that they name are relative to the file that names them. Raises ConfigurationError.
    """
    named = environ.get("TIDEWAITER_REGISTRIES", "")
    if not named:
        return _placed(configured, base)
    from tidewaiter.wiring.registries import read_registries  # noqa: PLC0415 - nothing else of a scan reads YAML

    return _placed(read_registries(named), Path(named).parent)


def _placed(options: RegistryOptions, base: Path) -> RegistryOptions:
    files = {name: str(base / getattr(options, name)) for name in ("ca", "credentials") if getattr(options, name)}
    return msgspec.structs.replace(options, **files)


def _is_path(written: str) -> bool:
    """Return whether a reference can only be a path: it says so, or it ends like a file of images."""
    return (
        written.startswith(("/", "./", "../", "~")) or written.endswith(("/", *_ENDINGS)) or written in {"", ".", ".."}
    )


def _nowhere(written: str, failures: list[tuple[str, ImageError]], *, is_folder: bool) -> ImageError:
    tried = "\n".join(f"{kind}: {error.message}" for kind, error in failures)
    advice = next((error.advice for _, error in reversed(failures) if error.advice), "")
    if is_folder:
        advice = f"scan it as a folder: `fs:{written}`"
    return ImageError(f"no image `{written}` was found\n{tried}", advice)
