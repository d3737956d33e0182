"""Finds the credential for a repository where Docker and Podman keep them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tidewaiter.adapters.registry.auth_files import (
    AuthFile,
    Credential,
    decode_auth_file,
    normal_place,
    places,
)
from tidewaiter.adapters.registry.helpers import HelperError, ask_helper
from tidewaiter.ports.registry import RegistryError
from tidewaiter.scan.json_text import SIZE, JsonError

Ask = Callable[[str, str], Credential | None]
_INLINE: Final = "DOCKER_AUTH_CONFIG"


class Credentials:
    """Looks into the files in their order; the first file that knows the place decides, its longest match counts."""

    def __init__(self, environ: Mapping[str, str], *, file: str = "", ask: Ask = ask_helper) -> None:
        """Take the environment, a file that is asked first (it must be readable), and the way to ask a helper."""
        self._environ = environ
        self._file = file
        self._ask = ask
        self.problems: list[str] = []
        """What could not be asked; told when a registry refuses us."""

    def find(self, registry: str, repository: str) -> Credential | None:
        """Return the credential for a repository, None when there is none; raises RegistryError for the named file."""
        for file in self._files():
            found = self._in(file, registry, repository)
            if found is not None:
                return found
        return None

    def _in(self, file: AuthFile, registry: str, repository: str) -> Credential | None:
        host = normal_place(registry)
        for place in places(registry, repository):
            helper = file.helpers.get(place)
            found = self._helped(helper, place) if helper else file.auths.get(place)
            if found is not None:
                return found
        return self._helped(file.store, host) if file.store else None

    def _helped(self, helper: str, place: str) -> Credential | None:
        try:
            return self._ask(helper, place)
        except HelperError as error:
            self.problems.append(str(error))
            return None

    def _files(self) -> Iterator[AuthFile]:
        inline = self._environ.get(_INLINE, "")
        if self._file:
            yield self._read(Path(self._file), required=True)
        if inline:
            yield self._decoded(inline.encode(), _INLINE)
        for path in self._paths():
            if self._is_there(path):
                yield self._read(path, required=False)

    def _is_there(self, path: Path) -> bool:
        """Return whether there is such a file; a folder that we may not look into is a problem and no end."""
        try:
            return path.is_file()
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            self.problems.append(f"{path} cannot be read: {why}")
            return False

    def _paths(self) -> Iterator[Path]:
        environ = self._environ
        own = Path(environ.get("HOME") or "/nonexistent")
        if environ.get("REGISTRY_AUTH_FILE"):
            yield Path(environ["REGISTRY_AUTH_FILE"])
        if environ.get("XDG_RUNTIME_DIR"):
            yield Path(environ["XDG_RUNTIME_DIR"]) / "containers" / "auth.json"
        yield Path(environ.get("XDG_CONFIG_HOME") or own / ".config") / "containers" / "auth.json"
        yield Path(environ.get("DOCKER_CONFIG") or own / ".docker") / "config.json"
        yield own / ".dockercfg"

    def _read(self, path: Path, *, required: bool) -> AuthFile:
        try:
            with path.open("rb") as file:
                return self._decoded(file.read(SIZE + 1), str(path))
        except OSError as error:
            problem = f"{path} cannot be read: {error.strerror or error}"
            if required:
                raise RegistryError(problem, "correct `registries.credentials`") from error
            self.problems.append(problem)
            return AuthFile(source=str(path))

    def _decoded(self, data: bytes, source: str) -> AuthFile:
        try:
            return decode_auth_file(data, source)
        except JsonError as error:
            self.problems.append(f"{source} holds no credentials: {error}")
            return AuthFile(source=source)
