"""Inventories of seen images: what a gate hands over, and what is asked of them when advisories change."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from tidewaiter.core.model.image import Image
from tidewaiter.core.model.package import OperatingSystem, Package
from tidewaiter.core.model.vulnerability import Vulnerability
from tidewaiter.core.vuln import AdvisorySource
from tidewaiter.core.vuln.rematch import Group, Told


class InventoryError(Exception):
    """The inventories cannot be read or written; `advice` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the message as the exception's text and the advice beside it."""
        super().__init__(message)
        self.advice = advice


class Use(msgspec.Struct, frozen=True, kw_only=True, order=True, omit_defaults=True):
    """One workload that runs an image."""

    workload: str
    """`shop/Deployment/web`."""
    owner: str = ""
    """As the workload's annotations say; empty when they do not."""
    place: str = ""
    """Where that is known from: the tree that was checked, later a cluster."""


class KnownImage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """One image that was seen."""

    number: int
    """By which the inventories call it; of no meaning elsewhere."""
    digest: str
    """Empty for an image whose source told none."""
    names: tuple[str, ...] = ()
    """References under which it was seen, the latest first."""
    current: tuple[str, ...] = ()
    """Those of the names that no image seen later has taken over."""
    source: str = ""
    os: str = ""
    bases: tuple[str, ...] = ()
    base_chain: str = ""
    """ChainID of its base's layers; empty unless they were recognised."""
    layers: int = 0
    packages: int = 0
    gaps: int = 0
    """Parts that could not be read when it was scanned."""
    findings: int = 0
    """Counted ones; suppressed findings are left out."""
    first_seen: str = ""
    last_seen: str = ""
    matched: str = ""
    """When the advisory data was built with which its findings were told; empty when there was none."""
    uses: tuple[Use, ...] = ()


class StoredBuild(msgspec.Struct, frozen=True, kw_only=True):
    """One image that was seen under a name, as far as matching needs it."""

    name: str
    digest: str = ""
    created: str = ""
    """When it was built, as its configuration says."""
    diff_ids: tuple[str, ...] = ()
    system: OperatingSystem | None = None
    packages: tuple[Package, ...] = ()


class Inventories(Protocol):
    """What a gate hands its images to; every method may raise InventoryError."""

    def saw(
        self, image: Image, found: Sequence[Vulnerability] | None, *, advisories: AdvisorySource | None, now: str
    ) -> None:
        """Keep an image with its findings as matching told them, before any statement suppressed some.

        An image that is known with these packages only gets its names and date: what is told of it changes by
        `Watch.session` alone, so that no news is lost. `found` is None when there was no advisory data.
        """
        ...

    def used(self, image: Image, uses: Iterable[Use], *, place: str, now: str) -> None:
        """Keep by which workloads of a place an image is run, instead of what that place said before."""
        ...

    def builds(self, repositories: Sequence[str]) -> Sequence[StoredBuild]:
        """Return the images that were seen under names in these repositories, the latest built first, at most 20."""
        ...


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """One group of packages whose advisories changed, and the images that hold it."""

    group: Group
    numbers: tuple[int, ...]
    """Of the packages, in the order of the group."""
    images: Mapping[tuple[int, ...], Sequence[int]]
    """Images by what was told of each package: numbers for `Session.told`."""


class Session(Protocol):
    """One pass over the inventories, during which nobody else writes; nothing is kept before `keep`."""

    @property
    def changed_keys(self) -> int:
        """Return under how many package keys advisories changed, as far as any image is concerned."""
        ...

    @property
    def newer(self) -> tuple[str, ...]:
        """Return when newer advisory data was built with which images were matched already; they are left alone."""
        ...

    def touched(self) -> Sequence[Touched]:
        """Return what has to be matched again."""
        ...

    def told(self, number: int) -> tuple[Told, ...]:
        """Return what was told."""
        ...

    def tell(self, package: int, images: Sequence[int], told: tuple[Told, ...], first: Mapping[str, str]) -> None:
        """Note what is told of a package in images now.

        `first` maps ids that were not told before to those under which the same defects went, empty for new defects.
        """
        ...

    def since(self, package: int, name: str) -> str:
        """Return when a finding of a package was first told in any image."""
        ...

    def images(self, numbers: Iterable[int]) -> Mapping[int, KnownImage]:
        """Return images by number."""
        ...

    def places(self) -> Mapping[tuple[str, str], int]:
        """Return the ecosystems and releases that packages of images belong to, with how many packages."""
        ...

    def gaps(self) -> tuple[str, ...]:
        """Return the names of images that were not read in full."""
        ...

    def keep(self) -> None:
        """Make it all last."""
        ...


class Watch(Inventories, Protocol):
    """The inventories as their keeper sees them."""

    def all(self) -> tuple[KnownImage, ...]:
        """Return every image, the latest seen first."""
        ...

    def count(self) -> int:
        """Return how many images are known."""
        ...

    def session(self, advisories: AdvisorySource, *, now: str) -> AbstractContextManager[Session]:
        """Begin a pass with advisory data."""
        ...

    def forget(self, names: Sequence[str]) -> int:
        """Forget images by name, digest or the beginning of one, and return how many there were."""
        ...

    def prune(self, before: str) -> int:
        """Forget images that were last seen before a time, and return how many there were."""
        ...


class KnownTag(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a tag of a registry stood for when it was looked at last."""

    ref: str
    digest: str
    """As the registry tells it: of an index where there is one."""
    since: str
    """When it was first seen to stand for this digest."""
    checked: str
    before: str = ""
    """The digest before that."""
    scanned: str = ""
    """The digest that was scanned last; empty when that has failed or was not asked for."""


class TagRegister(Protocol):
    """Remembers what tags stood for; every method may raise InventoryError."""

    def tags(self) -> Mapping[str, KnownTag]:
        """Return every known tag by its reference."""
        ...

    def keep_tag(self, tag: KnownTag) -> None:
        """Keep what a tag stands for now."""
        ...


class NoInventories:
    """Keeps nothing."""

    def saw(
        self, image: Image, found: Sequence[Vulnerability] | None, *, advisories: AdvisorySource | None, now: str
    ) -> None:
        """Keep nothing."""

    def used(self, image: Image, uses: Iterable[Use], *, place: str, now: str) -> None:
        """Keep nothing."""

    def builds(self, repositories: Sequence[str]) -> Sequence[StoredBuild]:
        """Return nothing."""
        del repositories
        return ()
