"""The few files that belong to the run itself, on disk."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from tidewaiter.ports.workspace import WorkspaceError

_LARGEST: Final = 16 * 1024 * 1024
"""Bytes; configuration, policies and accepted findings are far smaller."""
_ENTRIES: Final = 20_000
"""Files and folders below a folder of policies; whoever names a whole disk did not mean to."""
_MODE: Final = 0o644


class DiskWorkspace:
    """Implements `ports.workspace.Workspace`."""

    def read(self, path: str) -> bytes | None:
        """Return the file's bytes, None when there is no such file."""
        try:
            # without O_NONBLOCK a pipe in the place of the file would keep us waiting for ever
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor has no Path
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise WorkspaceError(f"{path} cannot be read: it is no regular file", "put a file in its place")
                data = stream.read(_LARGEST + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise WorkspaceError(
                f"{path} cannot be read: {_words(error)}", "check the path and its permissions"
            ) from error
        if len(data) > _LARGEST:
            raise WorkspaceError(f"{path} is larger than {_LARGEST} bytes", "give a smaller file")
        return data

    def files(self, folder: str, suffixes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the paths of the files below a folder, sorted; a file stands for itself."""
        root = Path(folder)
        if root.is_file():
            return (folder,)
        if not root.is_dir():
            raise WorkspaceError(f"{folder} is no folder", "give a folder of policies")
        found: list[Path] = []
        for count, path in enumerate(root.rglob("*"), 1):
            if count > _ENTRIES:
                raise WorkspaceError(f"{folder} holds more than {_ENTRIES} entries", "give a folder of policies only")
            if path.suffix in suffixes and path.is_file():
                found.append(path)
        return tuple(sorted(str(path) for path in found))

    def write(self, path: str, data: bytes) -> None:
        """Write beside the file and rename, so that a reader sees the old or the new content and nothing between."""
        target = Path(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() and not target.is_file():
                target.write_bytes(data)  # a pipe or device cannot be replaced
                return
            descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(data)
                temporary = Path(name)
                temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else _MODE)
                temporary.replace(target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise WorkspaceError(
                f"{path} cannot be written: {_words(error)}", "check the folder and its permissions"
            ) from error


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
