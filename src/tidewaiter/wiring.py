"""The only composition root: settings and adapters become what the use cases work with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final

import msgspec

import tidewaiter
from tidewaiter.adapters.clock import SystemClock
from tidewaiter.adapters.documents import open_documents
from tidewaiter.adapters.feeds import registry as feed_registry
from tidewaiter.adapters.files import read_tree
from tidewaiter.adapters.images import open_image
from tidewaiter.adapters.store import build_advisories, open_advisories
from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.configuration import (
    FILE_NAME,
    Configuration,
    ConfigurationError,
    decode_configuration,
    unknown_policies,
)
from tidewaiter.core.exception import Accepted, decode_accepted
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.policy import PolicySet, PolicySource, load
from tidewaiter.core.policy.adhoc import fail_on
from tidewaiter.core.registry import Registry
from tidewaiter.core.report import Report
from tidewaiter.core.strict import DocumentError
from tidewaiter.core.vuln import AdvisorySource
from tidewaiter.gates import build
from tidewaiter.operations.advisories import Imported, import_advisories
from tidewaiter.ports.advisories import AdvisoryError
from tidewaiter.ports.workspace import WorkspaceError
from tidewaiter.scan import analyzers
from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.yaml_text import load_documents

ACCEPTED_FILE: Final = ".tidewaiter/accepted.json"
"""Relative to the checked tree."""
_SUFFIXES: Final = (".yaml", ".yml", ".json")
Progress = Callable[[str], None]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says; read once."""

    database: Path
    permit_never: bool = False
    """An administrator allows exceptions without an end (`TIDEWAITER_PERMIT_NEVER=1`)."""


class CheckOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of `check`, `explain` and `fix`."""

    path: str = "."
    images: tuple[str, ...] = ()
    """`NAME=PATH`, or `PATH` to take the archive's own tags."""
    fail_on: tuple[str, ...] = ()
    environment: str = ""
    accept_current: bool = False
    policies: tuple[str, ...] = ()
    only_policies: bool = False
    """Judge by `policies` alone: neither the built-in policies nor those of the configuration."""
    database: str = ""


def default_database(environ: Mapping[str, str]) -> Path:
    """Return the place of the advisory data: `TIDEWAITER_DB`, else the user's cache folder (XDG base directories)."""
    if environ.get("TIDEWAITER_DB"):
        return Path(environ["TIDEWAITER_DB"])
    cache = environ.get("XDG_CACHE_HOME") or str(Path(environ.get("HOME", "~")).expanduser() / ".cache")
    return Path(cache) / "tidewaiter" / "advisories.sqlite"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings of this process."""
    return Settings(
        database=default_database(environ),
        permit_never=environ.get("TIDEWAITER_PERMIT_NEVER", "").lower() in {"1", "true", "yes"},
    )


def run_check(options: CheckOptions, *, settings: Settings, progress: Progress) -> Report:
    """Check a tree; raises the error families of the ports and `ConfigurationError`, all with `advice`."""
    workspace = DiskWorkspace()
    root = Path(options.path)
    base = root if root.is_dir() else root.parent
    configuration = _configuration(workspace, base, settings)
    files = read_tree(root, ignore=configuration.ignore)
    if options.only_policies:
        policies, unknowns = _loaded(_own_sources(options.policies), options.fail_on)
    else:
        policies, unknowns = load_policies(
            [str(base / folder) for folder in configuration.policy_dirs] + list(options.policies),
            fail_on=options.fail_on,
        )
    wrong = unknown_policies(configuration, {*policy_names(policies), *_optional_names(policies)})
    if wrong and not options.only_policies:
        raise ConfigurationError(wrong)
    accepted, refused = _accepted(workspace, base)
    request = build.CheckRequest(
        root=options.path,
        images=tuple(_images(options.images, configuration, base)),
        configuration=configuration,
        environment=options.environment or configuration.environment,
        accepted=accepted,
        accept_current=options.accept_current,
        unknowns=(*unknowns, *refused),
    )
    with _tools(policies, settings, options.database, progress) as tools:
        return build.check(request, files=files, tools=tools)


def run_scan(reference: str, *, settings: Settings, database: str, progress: Progress) -> Report:
    """Take the inventory of one image or folder."""
    with _tools(load([]), settings, database, progress) as tools:
        return build.scan(build.ImageInput(reference=reference), tools=tools)


def run_import(paths: Sequence[str], *, database: Path, progress: Progress) -> Imported:
    """Import advisory data into a file, which changes only when all of it was read; AdvisoryError."""
    with build_advisories(database, now=SystemClock().now()) as builder:
        documents = (document for path in paths for document in open_documents(Path(path)))
        return import_advisories(documents, feeds=feed_registry(), builder=builder, progress=progress)


@contextmanager
def _tools(policies: PolicySet, settings: Settings, database: str, progress: Progress) -> Iterator[build.Tools]:
    with ExitStack() as stack:
        yield build.Tools(
            open_image=open_image,
            analyzers=analyzer_registry(),
            advisories=_advisories(stack, settings, database),
            policies=policies,
            clock=SystemClock(),
            version=tidewaiter.__version__,
            progress=progress,
        )


def _advisories(stack: ExitStack, settings: Settings, database: str) -> AdvisorySource | Unknown:
    """Open the data; a missing default file is an open question, a missing file that was named is an error."""
    try:
        return stack.enter_context(open_advisories(Path(database) if database else settings.database))
    except AdvisoryError as error:
        if database:
            raise
        return Unknown(subject="advisory data", reason=str(error), advice=error.advice)


def analyzer_registry() -> Registry[Analyzer]:
    """Return the built-in analyzers and those of installed plug-ins (entry points `tidewaiter.analyzers`)."""
    plugins = [point.load() for point in metadata.entry_points(group="tidewaiter.analyzers")]
    return Registry("analyzers", [*analyzers.BUILTIN, *plugins])


def load_policies(folders: Sequence[str] = (), *, fail_on: Sequence[str] = ()) -> tuple[PolicySet, tuple[Unknown, ...]]:
    """Return the built-in policies, those of the folders and the ad-hoc ones; a file that is no YAML is an Unknown."""
    return _loaded([*builtin_sources(), *_own_sources(folders)], fail_on)


def _loaded(files: Sequence[tuple[str, bytes]], fail_on_words: Sequence[str]) -> tuple[PolicySet, tuple[Unknown, ...]]:
    sources: list[PolicySource] = []
    unknowns: list[Unknown] = []
    for file, data in files:
        for document in load_documents(data, file):
            if document.error is not None:
                unknowns.append(document.error)
            elif document.value is not None:
                sources.append(
                    PolicySource(
                        file=file,
                        value=document.value,
                        positions=document.positions,
                        text=document.text.decode("utf-8", "replace"),
                        line=document.line,
                    )
                )
    return load([*sources, *map(fail_on, fail_on_words)]), tuple(unknowns)


def builtin_sources() -> list[tuple[str, bytes]]:
    """Return name and text of every built-in policy, in the order of their names."""
    folder = resources.files("tidewaiter.core.policy") / "builtin"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return [(f"builtin/{entry.name}", entry.read_bytes()) for entry in sorted(found, key=lambda entry: entry.name)]


def _own_sources(folders: Sequence[str]) -> list[tuple[str, bytes]]:
    workspace = DiskWorkspace()
    paths = [path for folder in folders for path in workspace.files(folder, _SUFFIXES)]
    return [(path, workspace.read(path) or b"") for path in dict.fromkeys(paths)]


def policy_text(name: str, *, path: str = ".", folders: Sequence[str] = ()) -> Mapping[str, Any]:
    """Return the `spec` of the policy with this id as written; empty when there is none, as for an ad-hoc policy."""
    root = Path(path)
    base = root if root.is_dir() else root.parent
    configuration = _configuration(DiskWorkspace(), base, Settings(database=Path()))
    own = [str(base / folder) for folder in configuration.policy_dirs]
    for file, data in [*_own_sources([*own, *folders]), *builtin_sources()]:
        if name.encode() not in data:
            continue
        for document in load_documents(data, file):
            value = document.value
            if not isinstance(value, dict) or not isinstance(value.get("spec"), dict):
                continue
            metadata_of = value.get("metadata")
            if isinstance(metadata_of, dict) and metadata_of.get("name") == name:
                spec: Mapping[str, Any] = value["spec"]
                return spec
    return {}


def policy_names(policies: PolicySet) -> frozenset[str]:
    """Return the ids of all policies."""
    return frozenset(policy.name for policy in policies.policies)


def _optional_names(policies: PolicySet) -> frozenset[str]:
    """Return the ids of policies that are broken: they may be named in the configuration without being an error."""
    return frozenset(defect.policy for defect in policies.defects)


def _configuration(workspace: DiskWorkspace, base: Path, settings: Settings) -> Configuration:
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


def _accepted(workspace: DiskWorkspace, base: Path) -> tuple[Accepted | None, tuple[Unknown, ...]]:
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


def _images(given: Sequence[str], configuration: Configuration, base: Path) -> Iterator[build.ImageInput]:
    """Join `--image` with `images` of the configuration; the option wins, a Dockerfile stays bound to its name."""
    known = dict(configuration.images)
    for text in given:
        name, path = split_image(text)
        bound = known.pop(name, None)
        yield build.ImageInput(
            reference=path,
            name=name,
            dockerfile=bound.dockerfile if bound else "",
            target=bound.target if bound else "",
        )
    for name, image in known.items():
        yield build.ImageInput(
            reference=str(base / image.archive) if image.archive else "",
            name=name,
            dockerfile=image.dockerfile,
            target=image.target,
            required=False,
        )


def split_image(text: str) -> tuple[str, str]:
    """Return name and path of `NAME=PATH`; the name is empty for a bare path, even one that contains `=`."""
    name, equals, path = text.partition("=")
    if not equals or name.startswith(("/", ".", "fs:")) or (not path and not Path(text).exists()):
        if equals and not path:
            raise WorkspaceError(f"--image {text}: no path after `=`", "write --image NAME=PATH")
        return "", text
    return name, path
