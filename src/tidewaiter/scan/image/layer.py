"""One streaming pass over one layer: every member's name, the bodies of the few files that some reader wants."""

from collections.abc import Mapping
from typing import Final

from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.analyzer import AnalyzerResult
from tidewaiter.scan.credential_search import KEY_STORES, MOST, UTF_16
from tidewaiter.scan.image.damage import DamageError
from tidewaiter.scan.image.facts import LayerFacts
from tidewaiter.scan.image.paths import normalise
from tidewaiter.scan.image.plan import BESIDE, SYSTEM, Plan
from tidewaiter.scan.image.store import Entries, Entry
from tidewaiter.scan.image.waiting import Waiting
from tidewaiter.scan.tools import tool_name

_WHITEOUT: Final = ".wh."
_OPAQUE: Final = ".wh..wh..opq"
_AUFS: Final = ".wh..wh."
_SPECIAL: Final = 0o6002
_EXECUTABLE: Final = 0o111
_BINARY_TEST: Final = 8192
_LANDMARKS: Final = frozenset({".prefetch.landmark", ".no.prefetch.landmark", "stargz.index.json"})


class LayerPass:
    """Collects the facts of one layer; what was read before damage stays."""

    def __init__(self, plan: Plan, *, also: Mapping[str, tuple[str, ...]]) -> None:
        """`also` names further paths and the analyzers that want them: targets of links to package databases."""
        self.facts = LayerFacts()
        self._plan = plan
        self._also = also
        self._waiting = Waiting(plan)
        self._folder = ""
        self._listed: dict[str, list[str]] = {}
        self._names: list[str] = self._listed.setdefault("", [])

    def run(self, entries: Entries) -> LayerFacts:
        """Walk the layer to its end or to its damage."""
        facts = self.facts
        try:
            for entry in entries:
                self._member(entry, entries)
        except DamageError as damage:
            reason = f"{damage.reason} at byte {damage.offset}; what stands before it was read"
            facts.unknowns.append(Unknown(subject="", reason=reason, advice=damage.advice))
        facts.names = {folder: "/".join(names) for folder, names in self._listed.items() if names}
        self._analyze_waiting()
        facts.unknowns.extend(entries.unknowns)
        return facts

    def _member(self, entry: Entry, entries: Entries) -> None:
        path, kind = entry.path, entry.kind
        folder, _, name = path.rpartition("/")
        facts = self.facts
        if kind == "folder":
            facts.folders.add(path)
            return
        if name.startswith(_WHITEOUT):
            self._whiteout(folder, name)
            return
        if not name or (not folder and name in _LANDMARKS):
            return
        if folder != self._folder:
            self._folder = folder
            self._names = self._listed.setdefault(folder, [])
        self._names.append(name)
        if kind == "symlink":
            facts.links[path] = entry.link
        wanted = self._plan.wanted(path, folder, name)
        if self._also and path in self._also:
            wanted = (*wanted, *self._also[path])
        if kind == "file":
            if entry.mode & _SPECIAL:
                facts.modes[path] = entry.mode
            self._file(entry, entries, folder, wanted)
        elif wanted and kind == "hardlink":
            facts.hard[path] = entry.link
        elif wanted and kind == "sparse":
            self._unread(path, "it is stored as a sparse file, which is not read", entry.offset)
        elif wanted and kind == "other":
            self._unread(path, "it is a device or a pipe, which is not read", entry.offset)
        if kind != "other" and tool_name(folder, name):
            facts.tools.append(path)

    def _whiteout(self, folder: str, name: str) -> None:
        if name == _OPAQUE:
            self.facts.opaques.add(folder)
        elif not name.startswith(_AUFS) and name != _WHITEOUT:
            removed = normalise(f"{folder}/{name[len(_WHITEOUT) :]}")
            if removed:
                self.facts.whiteouts.add(removed)

    def _file(self, entry: Entry, entries: Entries, folder: str, wanted: tuple[str, ...]) -> None:
        plan = self._plan
        searched = plan.is_searched(folder)
        if not searched:
            self.facts.not_searched += 1
        if entry.mode & _EXECUTABLE and entry.size and plan.magic_bytes:
            by_magic = plan.wanted_by_magic(entries.peek(plan.magic_bytes))
            if by_magic:
                wanted = tuple(dict.fromkeys((*wanted, *by_magic)))
        if wanted:
            self._read(entry, entries, wanted, searched=searched)
        elif searched and entry.size and _is_searched(entry, entries):
            self._search(entry, entries.body(plan.limits.search_head, plan.limits.search_tail))

    def _read(self, entry: Entry, entries: Entries, wanted: tuple[str, ...], *, searched: bool) -> None:
        """Take the body once and hand it to every reader that reads files as large as this one."""
        most = max(self._most(id_) for id_ in wanted)
        if entry.size > most:
            self._unread(entry.path, f"it has {entry.size} bytes, more than the {most} that are read", entry.offset)
            return
        body = entries.body(most)
        if isinstance(body, memoryview) and not all(id_ in self._plan.views for id_ in wanted):
            body = bytes(body)
        if searched and (b"\0" not in (start := bytes(body[:_BINARY_TEST])) or start.startswith(UTF_16)):
            self._search(entry, body)
        for id_ in wanted:
            if id_ == SYSTEM:
                self.facts.system[entry.path] = bytes(body)
            elif id_ == BESIDE or id_ in self._plan.companions:
                self._waiting.add(entry, id_, bytes(body))
            elif entry.size <= self._most(id_):
                self._analyze(id_, body, entry)

    def _most(self, id_: str) -> int:
        limits = self._plan.limits
        if id_ in {SYSTEM, BESIDE}:
            return limits.system_bytes if id_ == SYSTEM else limits.waiting_bytes
        return self._plan.analyzers[id_].max_bytes

    def _analyze(self, id_: str, body: bytes | memoryview, entry: Entry) -> None:
        plan = self._plan
        try:
            if id_ in plan.views:
                result = plan.views[id_].parse_view(memoryview(body).toreadonly(), entry.path)
            else:
                result = plan.analyzers[id_].parse(bytes(body), entry.path)
        except Exception as error:  # noqa: BLE001 - an analyzer may be a plugin; its mistake must not end the scan
            self._failed(id_, entry, error)
        else:
            self._keep(id_, entry, result)

    def _analyze_waiting(self) -> None:
        """Read the databases that waited for the files beside them."""
        for one in self._waiting.databases():
            try:
                result = self._plan.companions[one.id].parse_beside(one.body, one.entry.path, one.beside)
            except Exception as error:  # noqa: BLE001 - as above
                self._failed(one.id, one.entry, error)
            else:
                self._keep(one.id, one.entry, result)
        for entry, reason in self._waiting.unread:
            self._unread(entry.path, reason, entry.offset)

    def _failed(self, id_: str, entry: Entry, error: Exception) -> None:
        self.facts.is_repeatable = False
        self._unread(entry.path, f"the analyzer {id_} failed ({type(error).__name__}: {error})", entry.offset)

    def _keep(self, id_: str, entry: Entry, result: AnalyzerResult) -> None:
        for unknown in result.unknowns:
            reason = f"{unknown.subject}: {unknown.reason}" if unknown.subject != entry.path else unknown.reason
            self._unread(entry.path, reason, entry.offset, advice=unknown.advice, incomplete=unknown.incomplete)
        kept = AnalyzerResult(packages=result.packages, owned=result.owned, origins=result.origins)
        self.facts.results.setdefault(entry.path, {})[id_] = kept

    def _search(self, entry: Entry, body: bytes | memoryview) -> None:
        limits = self._plan.limits
        cut = entry.size > limits.search_head + limits.search_tail
        tokens = self._plan.credentials.search(body, entry.path, head=limits.search_head if cut else None)
        if tokens:
            self.facts.tokens[entry.path] = tokens
        if len(tokens) >= MOST:
            self._unread(entry.path, f"it holds more than {MOST} credentials, the first are told", entry.offset)
        if cut:
            middle = entry.size - limits.search_head - limits.search_tail
            reason = f"{middle} bytes in the middle of this large text were not searched for credentials"
            where = Location(file=entry.path)
            self.facts.unknowns.append(Unknown(subject="", reason=reason, location=where, incomplete=False))

    def _unread(self, path: str, reason: str, offset: int, *, advice: str = "", incomplete: bool = True) -> None:
        text = f"{path} at byte {offset}: {reason}"
        where = Location(file=path)
        self.facts.unknowns.append(
            Unknown(subject="", reason=text, advice=advice, location=where, incomplete=incomplete)
        )


def _is_searched(entry: Entry, entries: Entries) -> bool:
    """Tell texts, texts in UTF-16 and stores of keys from other binary files."""
    if not entries.starts_binary() or entry.path.lower().endswith(KEY_STORES):
        return True
    return entries.peek(len(UTF_16[0])).startswith(UTF_16)
