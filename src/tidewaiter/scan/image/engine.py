"""Reads an image: one pass over each layer, one merge, one value."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from tidewaiter.core.model.image import Image, Layer
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.core.registry import Registry
from tidewaiter.scan.analyzer import Analyzer
from tidewaiter.scan.credentials import BUILTIN
from tidewaiter.scan.image import assemble
from tidewaiter.scan.image.compression import Chunks
from tidewaiter.scan.image.config import Configuration, read_config
from tidewaiter.scan.image.config_credentials import config_credentials
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.history import align
from tidewaiter.scan.image.layer import LayerPass
from tidewaiter.scan.image.limits import Limits
from tidewaiter.scan.image.links import further_reads, lost_links
from tidewaiter.scan.image.merge import Merge
from tidewaiter.scan.image.plan import Plan
from tidewaiter.scan.image.store import ImageStore, StoredLayer
from tidewaiter.scan.image.tar import TarWalk
from tidewaiter.scan.os_release import operating_system
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
) -> Image:
    """Return all facts of an image or folder.

    `ref` names the image in every location. Damage and bounds become `unknowns`; what could be read stays. `formats`
    are the credential formats (all built-in ones by default); `search_everywhere` also searches folders of installed
    code for them. `progress` is told what is being read.
    """
    bounds = limits or Limits()
    plan = Plan(analyzers, formats or Registry("credentials", BUILTIN), bounds, search_everywhere=search_everywhere)
    return _Reading(store, plan, ref=ref, source=source, progress=progress or (lambda _: None)).run()


class _Reading:
    """The state of one call of `read_image`."""

    def __init__(self, store: ImageStore, plan: Plan, *, ref: str, source: str, progress: Progress) -> None:
        self._store = store
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
        facts = self._read_layers(stored)
        merge = self._merge(facts)
        again = further_reads(merge, self._plan, facts)
        if again:
            self._read_again(stored, facts, again)
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

    def _read_layers(self, stored: tuple[StoredLayer, ...]) -> list[LayerFacts]:
        facts: list[LayerFacts] = []
        made = 0
        for layer in stored:
            if made > self._plan.limits.image_bytes:
                self._note(
                    self._subject(layer),
                    f"not read: the layers below have more than {self._plan.limits.image_bytes} bytes",
                )
                facts.append(LayerFacts())
                continue
            self._progress(f"layer {layer.index + 1} of {len(stored)} ({layer.size / 1e6:.0f} MB)")
            one = self._read_layer(layer, {})
            self._unknowns.extend(one.unknowns)
            made += one.made_bytes
            facts.append(one)
        return facts

    def _read_again(
        self, stored: tuple[StoredLayer, ...], facts: list[LayerFacts], again: dict[int, dict[str, tuple[str, ...]]]
    ) -> None:
        """Read once more the layers that hold the targets of links to package databases."""
        for index, also in again.items():
            self._progress(f"layer {index + 1} again, for files behind links")
            further = self._read_layer(stored[index], also)
            wanted_by_name = set(facts[index].hard.values())
            for path in also:
                results = further.results.get(path)
                if results is None:  # no file, or one that was told to be unread
                    pass
                elif path in wanted_by_name:
                    facts[index].linked[path] = results
                else:
                    facts[index].results.setdefault(path, {}).update(results)
                if path in further.system:
                    facts[index].system[path] = further.system[path]

    def _read_layer(self, layer: StoredLayer, also: dict[str, tuple[str, ...]]) -> LayerFacts:
        subject = self._subject(layer)
        reading = LayerPass(self._plan, subject, also=also)
        if layer.missing:
            reading.facts.unknowns.append(Unknown(subject=subject, reason=layer.missing, advice="save the image again"))
            return reading.facts
        if layer.stated_size is not None:
            reason = f"the blob has {layer.size} bytes, its manifest says {layer.stated_size}"
            reading.facts.unknowns.append(Unknown(subject=subject, reason=reason, advice="pull the image again"))
        try:
            if self._store.kind == "filesystem":
                with self._store.walk() as entries:
                    return reading.run(entries)
            with self._store.open(layer) as stream:
                chunks = Chunks(stream, self._plan.limits)
                walk = TarWalk(chunks, self._plan.limits, subject)
                reading.run(walk)
                reading.facts.made_bytes = chunks.made_bytes
            if not walk.is_marked and not self._has_its_digest(layer):
                reason = f"the layer ends at byte {chunks.made_bytes} without an end mark, so it may be cut off"
                cut = Unknown(subject=subject, reason=reason, advice="save or pull the image again")
                reading.facts.unknowns.append(cut)
        except (DamageError, OSError) as error:
            reading.facts.unknowns.append(Unknown(subject=subject, reason=f"the layer cannot be read ({error})"))
        return reading.facts

    def _has_its_digest(self, layer: StoredLayer) -> bool:
        """Read a layer once more and compare it with the digest that the configuration states for it."""
        if not self._diff_ids:
            return False
        digest = hashlib.sha256()
        with self._store.open(layer) as stream:
            chunks = Chunks(stream, self._plan.limits)
            while chunk := chunks.next():
                digest.update(chunk)
        return self._diff_ids[layer.index] == f"sha256:{digest.hexdigest()}"

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
        owned = assemble.owners(merge, resolver)
        history, layers = align(configuration.history, self._layers(configuration, stored))
        config = configuration.config
        if config is not None:
            config = msgspec.structs.replace(config, uid=uid_of(config.user, bodies.get("etc/passwd")))
        leaked = assemble.file_credentials(merge, facts, self._ref)
        leaked += config_credentials(self._plan.credentials, config, history, self._ref)
        notable = tuple(assemble.notable_files(merge, self._ref))
        self._tell_not_searched(facts)
        return Image(
            ref=self._ref,
            tags=self._store.tags,
            digest=self._store.digest,
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
            reason = f"{count} files in folders of installed code and documentation were not searched for credentials"
            self._unknowns.append(Unknown(subject=self._ref, reason=reason, incomplete=False))

    def _at_most(self, found: tuple[T, ...], most: int, what: str) -> tuple[T, ...]:
        if len(found) > most:
            self._note(self._ref, f"{len(found)} {what} were found, {most} are told")
        return found[:most]

    def _note(self, subject: str, reason: str) -> None:
        self._unknowns.append(Unknown(subject=subject, reason=reason, location=Location(image=self._ref)))
