"""VEX documents and ignore files that a run is given."""

from collections.abc import Sequence
from pathlib import Path

from tidewaiter.adapters.documents import open_documents
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.vuln.vex import VexIndex
from tidewaiter.gates.build.tools import Statements
from tidewaiter.ports.advisories import AdvisoryError, Document, DocumentError
from tidewaiter.ports.workspace import WorkspaceError
from tidewaiter.scan.vex import VexError, read_vex_lines
from tidewaiter.wiring.settings import Progress

_NAMED = 20


def load_statements(paths: Sequence[str], *, progress: Progress) -> Statements:
    """Return the statements of files, archives and folders.

    Raises WorkspaceError for a path that does not exist. What is in no known form is told, and so is every document
    that cannot be read; both leave the run incomplete, because a statement that was meant to count does not.
    """
    index = VexIndex()
    sources: dict[str, int] = {}
    unknowns: list[Unknown] = []
    for path in paths:
        progress(f"reading statements of {path}")
        try:
            for document in open_documents(Path(path)):
                _read(document, index, sources, unknowns)
        except AdvisoryError as error:
            raise WorkspaceError(str(error), "check the path given to `--vex`") from error
        if not any(name == path or name.startswith((f"{path}/", f"{path}:", f"{path} ")) for name in sources):
            reason = "holds no VEX document and no ignore file"
            advice = "give OpenVEX, CSAF or CycloneDX in JSON, .trivyignore, or .grype.yaml"
            unknowns.append(Unknown(subject=path, reason=reason, advice=advice))
    return Statements(index=index, sources=tuple(sources.items()), unknowns=tuple(unknowns))


def _read(
    document: Document | DocumentError, index: VexIndex, sources: dict[str, int], unknowns: list[Unknown]
) -> None:
    if isinstance(document, DocumentError):
        unknowns.append(Unknown(subject="statements about vulnerabilities", reason=str(document)))
        return
    name = document.name
    try:
        data = document.stream().read()
    except DocumentError as error:
        unknowns.append(Unknown(subject=name, reason=str(error), advice="get the document again"))
        return
    for found in read_vex_lines(data, name=name):
        if isinstance(found, VexError):
            unknowns.append(Unknown(subject=name, reason=found.message, advice=found.advice))
            continue
        for statement in found.statements:
            index.add(statement)
            sources[statement.source] = sources.get(statement.source, 0) + 1
        sources.setdefault(name, 0)
        unknowns += [
            Unknown(subject=name, reason=reason, advice="correct the document") for reason in found.problems[:_NAMED]
        ]
