"""Policies from the package, from folders and from the command line."""

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.policy import PolicySet, PolicySource, load
from tidewaiter.core.policy.adhoc import fail_on
from tidewaiter.scan.yaml_text import load_documents
from tidewaiter.wiring.configuration import read_configuration
from tidewaiter.wiring.settings import Settings

_SUFFIXES: Final = (".yaml", ".yml", ".json")


def load_policies(folders: Sequence[str] = (), *, fail_on: Sequence[str] = ()) -> tuple[PolicySet, tuple[Unknown, ...]]:
    """Return the built-in policies, those of the folders and the ad-hoc ones; a file that is no YAML is an Unknown."""
    return _loaded([*builtin_sources(), *_own_sources(folders)], fail_on)


def load_own_policies(folders: Sequence[str], *, fail_on: Sequence[str] = ()) -> tuple[PolicySet, tuple[Unknown, ...]]:
    """Return the policies of the folders and the ad-hoc ones alone."""
    return _loaded(_own_sources(folders), fail_on)


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
    configuration = read_configuration(DiskWorkspace(), base, Settings(database=Path()))
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


def broken_names(policies: PolicySet) -> frozenset[str]:
    """Return the ids of policies that are broken: they may be named in the configuration without being an error."""
    return frozenset(defect.policy for defect in policies.defects)
