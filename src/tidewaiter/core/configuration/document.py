"""The decoded configuration; every field has a default, so that no file is needed."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec

from tidewaiter.core.configuration.watch import WatchOptions
from tidewaiter.core.exception import PolicyException
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.owner import OwnerRule
from tidewaiter.core.policy.override import PolicyOverride
from tidewaiter.core.registry_options import RegistryOptions
from tidewaiter.core.strict import DocumentError, did_you_mean

FILE_NAME: Final = ".tidewaiter.yaml"
_REGISTRY_POLICY: Final = "untrusted-registry"
"""The built-in policy that `registries.allowed` speaks to."""


class ConfigurationError(ValueError):
    """The file cannot be used; `problems` tells every mistake with its place."""

    def __init__(self, problems: Iterable[DocumentError]) -> None:
        """Join the mistakes, one line each."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(_line, self.problems)))
        self.advice = f"correct {FILE_NAME}; docs/configuration.md lists every key"


def _line(problem: DocumentError) -> str:
    return f"{problem} ({problem.advice})" if problem.advice else str(problem)


class ConfiguredImage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is known of one image name of the manifests."""

    archive: str = ""
    """Path of an archive or layout, relative to the checked tree."""
    dockerfile: str = ""
    """Path of the Dockerfile, relative to the checked tree."""
    target: str = ""
    """Build stage that becomes the image; empty for the last one."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the file may say."""

    policies: Mapping[str, PolicyOverride] = {}
    policy_places: Mapping[str, Location] = {}
    """Where each policy is named, for messages about names that no policy has."""
    policy_dirs: tuple[str, ...] = ()
    """Folders with policies of the repository's own, relative to the tree."""
    vex: tuple[str, ...] = ()
    """VEX documents, ignore files of other scanners and folders of them, relative to the tree."""
    owners: tuple[OwnerRule, ...] = ()
    images: Mapping[str, ConfiguredImage] = {}
    exceptions: tuple[PolicyException, ...] = ()
    ignore: tuple[str, ...] = ()
    """Globs in the words of `.gitignore`."""
    is_partial: bool = False
    environment: str = ""
    allowed_registries: tuple[str, ...] | None = None
    registries: RegistryOptions = RegistryOptions()
    watch: WatchOptions = WatchOptions()
    unknowns: tuple[Unknown, ...] = ()
    """Malformed exceptions, which exempt nothing."""

    def overrides(self) -> Mapping[str, PolicyOverride]:
        """Return the overrides by policy, `registries.allowed` as the parameter of its policy."""
        if self.allowed_registries is None:
            return self.policies
        override = self.policies.get(_REGISTRY_POLICY, PolicyOverride())
        params = {"allowed": list(self.allowed_registries), **override.params}
        return {**self.policies, _REGISTRY_POLICY: msgspec.structs.replace(override, params=params)}


def unknown_policies(configuration: Configuration, known: Collection[str]) -> tuple[DocumentError, ...]:
    """Return one mistake per policy that the file names and nobody has."""
    return tuple(
        DocumentError(
            f"no policy is named `{name}`",
            location=configuration.policy_places.get(name, Location(file=FILE_NAME)),
            advice=did_you_mean(name, sorted(known)) or "`tidewaiter policy list` shows all of them",
        )
        for name in configuration.policies
        if name not in known
    )
