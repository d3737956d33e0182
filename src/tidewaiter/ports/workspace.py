"""The few files that belong to the run itself: configuration, accepted findings, policies, reports."""

from typing import Protocol


class WorkspaceError(Exception):
    """Such a file cannot be read or written."""

    def __init__(self, message: str, advice: str) -> None:
        """Say what happened to which file, and what to do."""
        super().__init__(message)
        self.advice = advice


class Workspace(Protocol):
    """Reads and writes small files by path."""

    def read(self, path: str) -> bytes | None:
        """Return the file's bytes, None when there is no such file; raises `WorkspaceError` for anything else."""
        ...

    def files(self, folder: str, suffixes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the paths of the files below a folder, sorted; raises `WorkspaceError` when it is no folder."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Replace the file as a whole, folders included; raises `WorkspaceError`."""
        ...
