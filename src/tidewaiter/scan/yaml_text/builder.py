"""Plain values straight from libyaml's events: no nodes, no recursion, one number kept per field for its place."""

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from tidewaiter.scan.yaml_text.errors import TextError, from_yaml_error
from tidewaiter.scan.yaml_text.limits import Limits
from tidewaiter.scan.yaml_text.scalars import LEADING, WORDS, key_text, resolve_number, resolve_tagged

if TYPE_CHECKING:
    from collections.abc import Callable

Built: TypeAlias = tuple[Any, int, dict[int, list[int]]]
"""Value, place of its first character, and per collection (by `id`) the places of its fields or items, in order."""

_NO_KEY: Final = object()
_MERGE: Final = object()
_UNFINISHED: Final = object()
_ALIAS_ADVICE = "write the repeated part out, or lower the number of aliases"


class _Frame:
    """A collection under construction."""

    __slots__ = ("anchor", "height", "key", "merged", "places", "started", "value")

    def __init__(self, value: Any, anchor: str | None, started: int) -> None:
        self.value: Any = value
        self.key: Any = _NO_KEY
        self.merged: list[dict[str, Any]] | None = None
        self.anchor = anchor
        self.started = started
        self.height = 1
        self.places: list[int] = []


class _Builder:
    """Builds the values of all documents in one text."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.documents: list[Built] = []
        self.places: dict[int, list[int]] = {}
        self.root = 0
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int, int]] = {}
        self.nodes = 0
        self.aliased = 0

    def scalar(self, event: ScalarEvent) -> None:
        """Take in the most frequent event; `place` and `put` are repeated here for speed."""
        text: str = event.value
        implicit: tuple[bool, bool] = event.implicit
        plain = implicit[0]
        value: Any
        if not plain:
            value = text if implicit[1] or event.tag is None else resolve_tagged(text, event.tag)
        elif text in WORDS:
            value = WORDS[text]
        else:
            value = resolve_number(text) if text[0] in LEADING else text
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1, 0)
        if not self.stack:
            self.place(event)
            self.put(value, event)
            return
        frame = self.stack[-1]
        key = frame.key
        container = frame.value
        if key is not _NO_KEY:
            frame.key = _NO_KEY
            if key is _MERGE:
                self.merge(frame, value, event)
            else:
                container[key] = value
        elif type(container) is list:
            frame.places.append(event.start_mark.index)  # type: ignore[union-attr]
            container.append(value)
        elif plain and text == "<<":
            frame.key = _MERGE
        else:
            frame.places.append(event.start_mark.index)  # type: ignore[union-attr]
            frame.key = value if type(value) is str and value not in container else self.key(value, container, event)

    def start(self, event: CollectionStartEvent, value: Any) -> None:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise TextError(f"it has more than {self.limits.nodes} fields and items", _index(event))
        if len(self.stack) >= self.limits.depth:
            raise TextError(f"it is nested deeper than {self.limits.depth} levels", _index(event))
        self.place(event)
        anchor = event.anchor
        if anchor is not None:
            self.anchors[anchor] = (_UNFINISHED, 0, 0)
        self.stack.append(_Frame(value, anchor, self.nodes + self.aliased))

    def end(self, event: Event) -> None:
        frame = self.stack.pop()
        value = frame.value
        places = frame.places
        self.nodes += len(places)
        if frame.merged is not None:
            value, places = self.merged(frame.merged, value, places)
        self.places[id(value)] = places
        if frame.anchor is not None:
            self.anchors[frame.anchor] = (value, self.nodes + self.aliased - frame.started + 1, frame.height)
        if self.stack:
            parent = self.stack[-1]
            if frame.height >= parent.height:
                parent.height = frame.height + 1
        self.put(value, event)

    def alias(self, event: AliasEvent) -> None:
        known = self.anchors.get(event.anchor or "")
        if known is None:
            raise TextError(f"alias *{event.anchor} names no anchor of this document", _index(event))
        value, size, height = known
        if value is _UNFINISHED:
            raise TextError(
                f"anchor &{event.anchor} contains itself through this alias", _index(event), "remove the cyclic alias"
            )
        self.aliased += size
        if self.aliased > self.limits.aliased:
            raise TextError(f"aliases repeat more than {self.limits.aliased} fields", _index(event), _ALIAS_ADVICE)
        if len(self.stack) + height > self.limits.depth:
            raise TextError(f"aliases nest deeper than {self.limits.depth} levels", _index(event), _ALIAS_ADVICE)
        if self.stack and height >= self.stack[-1].height:
            self.stack[-1].height = height + 1
        self.place(event)
        self.put(value, event)

    def place(self, event: Event) -> None:
        """Keep where an item, a field name or the document begins; a field is found at its name."""
        mark = event.start_mark
        if mark is None:
            return
        if not self.stack:
            self.root = mark.index
            return
        frame = self.stack[-1]
        if frame.key is _NO_KEY:
            frame.places.append(mark.index)

    def put(self, value: Any, event: Event) -> None:
        if not self.stack:
            self.documents.append((value, self.root, self.places))
            self.places = {}
            self.anchors.clear()
            self.nodes = self.aliased = 0
            return
        frame = self.stack[-1]
        container = frame.value
        if type(container) is list:
            container.append(value)
            return
        key = frame.key
        if key is _NO_KEY:
            frame.key = self.key(value, container, event)
            return
        frame.key = _NO_KEY
        if key is _MERGE:
            self.merge(frame, value, event)
        else:
            container[key] = value

    def key(self, value: Any, container: dict[str, Any], event: Event) -> str:
        key = value if type(value) is str else key_text(value)
        if key is None:
            what = "null" if value is None else "a list or map"
            raise TextError(f"{what} cannot be the name of a field", _index(event), _KEY_ADVICE)
        if key in container:
            raise TextError(f"field `{_short(key)}` occurs twice", _index(event), "remove or rename one of the two")
        return key

    def merge(self, frame: _Frame, value: Any, event: Event) -> None:
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, dict) for source in sources):
            raise TextError("`<<` takes an alias of a map or a list of them", _index(event))
        if frame.merged is None:
            frame.merged = []
        frame.merged.extend(sources)

    def merged(
        self, sources: list[dict[str, Any]], own: dict[str, Any], own_places: list[int]
    ) -> tuple[dict[str, Any], list[int]]:
        """Return the map with its merged fields and their places; own fields win, then earlier sources."""
        values: dict[str, Any] = {}
        places: dict[str, int] = {}
        for source in reversed(sources):
            values.update(source)
            places.update(zip(source, self.places.get(id(source), ()), strict=False))
        values.update(own)
        places.update(zip(own, own_places, strict=False))
        return values, [places.get(key, 0) for key in values]


_KEY_ADVICE = "quote the name, or quote the whole value if the braces are meant as text"


def build(text: bytes, limits: Limits) -> list[Built]:
    """Return the documents in `text` (UTF-8); raise `TextError` at the first defect."""
    # every scalar needs a line or a comma of its own, so counting them once spares counting scalars one by one
    if text.count(b"\n") + text.count(b",") > limits.nodes:
        raise TextError(f"it has more than {limits.nodes} lines and items", 0, "split the file")
    builder = _Builder(limits)
    handlers: dict[type, Callable[[Any], None]] = {
        ScalarEvent: builder.scalar,
        MappingStartEvent: lambda event: builder.start(event, {}),
        SequenceStartEvent: lambda event: builder.start(event, []),
        MappingEndEvent: builder.end,
        SequenceEndEvent: builder.end,
        AliasEvent: builder.alias,
    }
    handler_of = handlers.get
    parser = CParser(text)
    next_event = parser.get_event
    try:
        while (event := next_event()) is not None:
            handler = handler_of(type(event))
            if handler is not None:
                handler(event)
    except (YAMLError, UnicodeError) as error:
        raise _translated(error, text) from error
    finally:
        parser.dispose()
    return builder.documents


def _translated(error: YAMLError | UnicodeError, text: bytes) -> TextError:
    if isinstance(error, YAMLError):
        return from_yaml_error(error, text)
    return TextError("it holds characters that are not Unicode text", 0)


def _index(event: Event) -> int:
    mark = event.start_mark
    return int(mark.index) if mark is not None else 0


def _short(key: str) -> str:
    return key if len(key) <= 60 else key[:57] + "..."
