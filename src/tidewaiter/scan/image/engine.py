"""Reads an image: one pass over each layer, one merge, one value."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from tidewaiter.core.model.image import Image, Layer
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.image import assemble
from tidewaiter.scan.image.config import Configuration, read_config
from tidewaiter.scan.image.config_credentials import config_credentials, without_secrets
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.history import align
from tidewaiter.scan.image.layers import LayerReader
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.image.links import Also, further_reads, lost_links
from tidewaiter.scan.image.merge import Merge
from tidewaiter.scan.image.pinned import pinned_remark
from tidewaiter.scan.image.plan import Plan
from tidewaiter.scan.image.services import LayerServices
from tidewaiter.scan.image.store import ImageStore, StoredLayer
from tidewaiter.scan.os_release import operating_system, system_unknowns
from tidewaiter.scan.passwd import uid_of
from tidewaiter.scan.token_format import TokenFormat

Progress = Callable[[str], None]
T = TypeVar("T")


def read_image(
    store: ImageStore,
    *,
    analyzers: Registry[Analyzer],
    ref: str,
    source: str,
    limits: Limits | None = None,
    formats: Registry[TokenFormat] | None = None,
    search_everywhere: bool = False,
    progress: Progress | None = None,
    services: LayerServices | None = None,
) -> Image:
    """Return all facts of an image or folder.

    `ref` names the image in every location. Damage and bounds become `unknowns`; what could be read stays. `formats`
    are the credential formats (all built-in ones by default); `search_everywhere` also searches folders of installed
    code for them. `progress` is told what is being read. `services` are the
    cache of layers and the processes to read them in; without, every layer is read here and now.
    """
    bounds = limits or Limits()
    searched = _all_formats() if formats is None else formats
    plan = Plan(analyzers, searched, bounds, search_everywhere=search_everywhere)
    reading = _Reading(store, plan, services or LayerServices(), ref, source, progress or (lambda _: None))
    return reading.run()


def _all_formats() -> Registry[TokenFormat]:
    from tidewaiter.scan.credentials import BUILTIN  # noqa: PLC0415 - many modules, and a tree has no layers

    return Registry("credentials", BUILTIN)


class _Reading:
    """The state of one call of `read_image`."""

    def __init__(
        self, store: ImageStore, plan: Plan, services: LayerServices, ref: str, source: str, progress: Progress
    ) -> None:
        self._store = store
        self._services = services
        self._plan = plan
        self._ref = ref
        self._source = source
        self._progress = progress
        self._unknowns = list(store.unknowns)
        self._diff_ids: tuple[str, ...] = ()

    def run(self) -> Image:
        configuration = self._configuration()
        stored = self._store.layers[: self._plan.limits.layers]
        if len(stored) < len(self._store.layers):
            self._note(self._ref, f"the image has {len(self._store.layers)} layers, {len(stored)} were read")
        reader = LayerReader(self._store, self._plan, self._services, diff_ids=self._diff_ids, progress=self._progress)
        facts = reader.read_all(stored)
        for layer, one in zip(stored, facts, strict=True):
            self._unknowns.extend(self._told(layer, one))
        merge = self._merge(facts)
        wanted = further_reads(merge, self._plan, facts)
        if wanted:
            self._read_again(facts, reader.read_again(stored, wanted), wanted)
            merge = self._merge(facts)
        self._unknowns.extend(lost_links(merge, self._plan, [self._subject(layer) for layer in stored]))
        return self._image(configuration, stored, facts, merge)

    def _configuration(self) -> Configuration:
        if self._store.kind == "filesystem":
            return Configuration()
        configuration = read_config(self._store.config, self._ref)
        self._unknowns.extend(configuration.unknowns)
        known = len(configuration.diff_ids)
        self._diff_ids = configuration.diff_ids if known == len(self._store.layers) else ()
        if configuration.config is not None and known and known != len(self._store.layers):
            self._note(
                self._ref, f"the configuration speaks of {known} layers, the image has {len(self._store.layers)}"
            )
        return configuration

    def _read_again(
        self, facts: list[LayerFacts], again: Iterable[tuple[int, LayerFacts]], wanted: dict[int, Also]
    ) -> None:
        """Add what was found behind links to package databases."""
        for index, further in again:
            wanted_by_name = set(facts[index].hard.values())
            for path in wanted[index]:
                results = further.results.get(path)
                if results is None:  # no file, or one that was told to be unread
                    pass
                elif path in wanted_by_name:
                    facts[index].linked[path] = results
                else:
                    facts[index].results.setdefault(path, {}).update(results)
                if path in further.system:
                    facts[index].system[path] = further.system[path]

    def _told(self, layer: StoredLayer, facts: LayerFacts) -> Iterator[Unknown]:
        """Yield what a layer leaves open, under its name in this image."""
        subject = self._subject(layer)
        for unknown in facts.unknowns:
            yield unknown if unknown.subject else msgspec.structs.replace(unknown, subject=subject)

    def _merge(self, facts: list[LayerFacts]) -> Merge:
        merge = Merge(self._plan.limits.link_depth)
        for one in facts:
            merge.add(one)
        return merge

    def _image(
        self, configuration: Configuration, stored: tuple[StoredLayer, ...], facts: list[LayerFacts], merge: Merge
    ) -> Image:
        resolver = merge.resolver()
        bodies = assemble.system_files(merge, resolver)
        system = operating_system(bodies)
        self._unknowns.extend(
            msgspec.structs.replace(one, location=Location(file=one.subject, image=self._ref))
            for one in system_unknowns(bodies)
        )
        owned = assemble.owners(merge, resolver)
        history, layers = align(configuration.history, self._layers(configuration, stored))
        config = configuration.config
        if config is not None:
            config = msgspec.structs.replace(config, uid=uid_of(config.user, bodies.get("etc/passwd")))
        leaked = assemble.file_credentials(merge, facts, self._ref)
        leaked += config_credentials(self._plan.credentials, config, history, self._ref)
        config, history = without_secrets(self._plan.credentials, config, history)
        _, layers = align(history, layers)
        notable = tuple(assemble.notable_files(merge, self._ref))
        self._tell_not_searched(facts)
        if self._store.kind == "filesystem":
            self._unknowns.extend(pinned_remark(facts, self._source))
        return Image(
            ref=self._ref,
            tags=self._store.tags,
            digest=self._store.digest,
            annotations=self._store.annotations,
            source=self._source,
            kind=self._store.kind,
            config=config,
            history=history,
            layers=layers,
            os=system,
            packages=assemble.packages(merge, owned, system, self._ref),
            tools=assemble.tools(merge, owned, resolver, self._ref),
            credentials=self._at_most(leaked, self._plan.limits.credentials, "credentials"),
            files=self._at_most(notable, self._plan.limits.notable_files, "files with a notable mode"),
            unknowns=tuple(self._unknowns),
        )

    def _layers(self, configuration: Configuration, stored: tuple[StoredLayer, ...]) -> tuple[Layer, ...]:
        ids = configuration.diff_ids
        if self._store.kind == "filesystem":
            return ()
        same = len(ids) == len(self._store.layers)
        return tuple(
            Layer(index=one.index, diff_id=ids[one.index] if same else "", digest=one.digest, size=one.size)
            for one in stored
        )

    def _subject(self, layer: StoredLayer) -> str:
        if self._store.kind == "filesystem":
            return self._source
        named = f" ({layer.digest or layer.name})" if layer.digest or layer.name else ""
        return f"{self._store.source} layer {layer.index}{named}"

    def _tell_not_searched(self, facts: list[LayerFacts]) -> None:
        count = sum(one.not_searched for one in facts)
        if count:
            files = "1 file" if count == 1 else f"{count} files"
            were = "was" if count == 1 else "were"
            reason = f"{files} in folders of installed code and documentation {were} not searched for credentials"
            self._unknowns.append(Unknown(subject=self._ref, reason=reason, incomplete=False))

    def _at_most(self, found: tuple[T, ...], most: int, what: str) -> tuple[T, ...]:
        if len(found) > most:
            self._note(self._ref, f"{len(found)} {what} were found, {most} are told")
        return found[:most]

    def _note(self, subject: str, reason: str) -> None:
        self._unknowns.append(Unknown(subject=subject, reason=reason, location=Location(image=self._ref)))
