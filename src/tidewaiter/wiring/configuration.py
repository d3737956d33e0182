"""What a repository sets: its configuration and the findings it has accepted."""

from pathlib import Path
from typing import Final

from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.configuration import (
    FILE_NAME,
    Configuration,
    ConfigurationError,
    decode_configuration,
)
from tidewaiter.core.exception import Accepted, decode_accepted
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.strict import DocumentError
from tidewaiter.scan.yaml_text import load_documents
from tidewaiter.wiring.settings import Settings

ACCEPTED_FILE: Final = ".tidewaiter/accepted.json"
"""Relative to the checked tree."""


def read_configuration(workspace: DiskWorkspace, base: Path, settings: Settings) -> Configuration:
    """Return the configuration that lies in a folder, an empty one without a file; raises `ConfigurationError`."""
    file = str(base / FILE_NAME)
    data = workspace.read(file)
    if data is None:
        return Configuration()
    documents = [one for one in load_documents(data, FILE_NAME) if one.value is not None or one.error is not None]
    if len(documents) > 1:
        raise ConfigurationError([DocumentError("more than one document", location=Location(file=file))])
    if not documents:
        return Configuration()
    (document,) = documents
    if document.error is not None:
        where = document.error.location or Location(file=file)
        raise ConfigurationError([DocumentError(document.error.reason, location=where, advice=document.error.advice)])
    return decode_configuration(
        document.value, file=FILE_NAME, positions=document.positions, permit_never=settings.permit_never
    )


def read_accepted(workspace: DiskWorkspace, base: Path) -> tuple[Accepted | None, tuple[Unknown, ...]]:
    """Read the accepted findings; a malformed file accepts nothing and leaves the run incomplete."""
    data = workspace.read(str(base / ACCEPTED_FILE))
    if data is None:
        return None, ()
    try:
        return decode_accepted(data, file=ACCEPTED_FILE), ()
    except DocumentError as error:
        return None, (
            Unknown(subject=ACCEPTED_FILE, reason=error.message, advice=error.advice, location=error.location),
        )
