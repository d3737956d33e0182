"""Decodes `.tidewaiter.yaml` strictly and tells all mistakes at once, each with its place."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeVar

import msgspec

from tidewaiter.core.configuration.document import Configuration, ConfigurationError, ConfiguredImage
from tidewaiter.core.configuration.watch import WatchOptions
from tidewaiter.core.exception import decode_exceptions
from tidewaiter.core.model.location import Positions
from tidewaiter.core.owner import OwnerRule, path_pattern
from tidewaiter.core.policy.override import PolicyOverride
from tidewaiter.core.policy.selector import Selector
from tidewaiter.core.registry_options import RegistryOptions
from tidewaiter.core.strict import DocumentError, convert, did_you_mean, place

T = TypeVar("T")
_KEYS: Final = (
    "policies",
    "policyDirs",
    "vex",
    "owners",
    "images",
    "exceptions",
    "ignore",
    "tree",
    "environment",
    "registries",
    "watch",
)


class _Owner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    owner: str
    path: str = ""
    select: Selector | None = None


def decode_configuration(
    value: Any, *, file: str, positions: Positions | None = None, permit_never: bool = False
) -> Configuration:
    """Return the configuration; raises `ConfigurationError` with every mistake but those inside exceptions.

    A malformed exception exempts nothing and becomes one of `unknowns`, so that the run ends incomplete. `value` is
    the decoded document, None for an empty file; `permit_never` is the administrator's setting for `expires: never`.
    """
    return _Decoder(file, positions, permit_never=permit_never).run({} if value is None else value)


class _Decoder:
    """Collects the mistakes of one file."""

    def __init__(self, file: str, positions: Positions | None, *, permit_never: bool) -> None:
        self._file = file
        self._positions = positions
        self._permit_never = permit_never
        self._problems: list[DocumentError] = []

    def run(self, value: Any) -> Configuration:
        if not isinstance(value, Mapping):
            raise ConfigurationError([DocumentError("expected a mapping", location=place(self._file, "", None))])
        for key in value:
            if key not in _KEYS:
                self._tell(f"unknown key `{key}`", f"/{_escaped(key)}", did_you_mean(str(key), list(_KEYS)))
        exceptions, unknowns = self._exceptions(value)
        registries = self._part(value, "registries", RegistryOptions) or RegistryOptions()
        policies = dict(self._entries(value, "policies", PolicyOverride))
        configuration = Configuration(
            policies=policies,
            policy_places={
                name: place(self._file, f"/policies/{_escaped(name)}", self._positions) for name in policies
            },
            policy_dirs=self._part(value, "policyDirs", tuple[str, ...]) or (),
            vex=self._part(value, "vex", tuple[str, ...]) or (),
            owners=tuple(self._owners(value.get("owners"))),
            images=dict(self._images(value)),
            exceptions=exceptions,
            ignore=self._part(value, "ignore", tuple[str, ...]) or (),
            is_partial=self._part(value, "tree", Literal["complete", "partial"]) == "partial",  # type: ignore[arg-type]  # a Literal is a type to msgspec
            environment=self._part(value, "environment", str) or "",
            allowed_registries=registries.allowed,
            registries=registries,
            watch=self._part(value, "watch", WatchOptions) or WatchOptions(),
            unknowns=unknowns,
        )
        if self._problems:
            raise ConfigurationError(self._problems)
        return configuration

    def _exceptions(self, value: Mapping[str, Any]) -> Any:
        if value.get("exceptions") is None:
            return (), ()
        return decode_exceptions(
            value["exceptions"],
            file=self._file,
            positions=self._positions,
            pointer="/exceptions",
            permit_never=self._permit_never,
        )

    def _part(self, value: Mapping[str, Any], key: str, wanted: type[T]) -> T | None:
        return None if value.get(key) is None else self._convert(value[key], wanted, f"/{key}")

    def _convert(self, value: Any, wanted: type[T], pointer: str) -> T | None:
        try:
            return convert(value, wanted, file=self._file, positions=self._positions, pointer=pointer)
        except DocumentError as error:
            self._problems.append(error)
            return None

    def _entries(self, value: Mapping[str, Any], key: str, wanted: type[T]) -> Iterator[tuple[str, T]]:
        """Yield the well-formed entries of a mapping of names."""
        entries = value.get(key)
        if entries is None:
            return
        if not isinstance(entries, Mapping):
            self._tell("expected a mapping of names", f"/{key}")
            return
        for name, entry in entries.items():
            decoded = self._convert(entry, wanted, f"/{key}/{_escaped(name)}")
            if decoded is not None:
                yield str(name), decoded

    def _images(self, value: Mapping[str, Any]) -> Iterator[tuple[str, ConfiguredImage]]:
        """Read `name: {archive, dockerfile}`, and `name: PATH` as short for the archive."""
        images = value.get("images")
        if isinstance(images, Mapping):
            images = {name: {"archive": entry} if isinstance(entry, str) else entry for name, entry in images.items()}
        yield from self._entries({"images": images}, "images", ConfiguredImage)

    def _owners(self, value: Any) -> Iterator[OwnerRule]:
        """Read `pattern: owner`, or a list of `{path, owner}` and `{select, owner}`; the first that fits counts."""
        if isinstance(value, Mapping):
            for pattern, owner in value.items():
                if isinstance(owner, str) and isinstance(pattern, str):
                    yield OwnerRule(owner=owner, name=f"owners `{pattern}`", pattern=path_pattern(pattern))
                else:
                    self._tell("expected `path: owner`", f"/owners/{_escaped(pattern)}")
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                rule = self._convert(entry, _Owner, f"/owners/{index}")
                if rule is not None:
                    yield from self._owner(rule, index)
        elif value is not None:
            self._tell("expected a mapping of paths to owners, or a list", "/owners")

    def _owner(self, rule: _Owner, index: int) -> Iterator[OwnerRule]:
        if bool(rule.path) == (rule.select is not None):
            self._tell("give either `path` or `select`", f"/owners/{index}")
            return
        name = f"owners `{rule.path}`" if rule.path else f"owners entry {index + 1}"
        pattern = path_pattern(rule.path) if rule.path else None
        yield OwnerRule(owner=rule.owner, name=name, pattern=pattern, select=rule.select)

    def _tell(self, message: str, pointer: str, advice: str = "") -> None:
        location = place(self._file, pointer, self._positions)
        self._problems.append(DocumentError(message, location=location, advice=advice))


def _escaped(key: Any) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
