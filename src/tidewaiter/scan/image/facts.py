"""What one layer says, before it is merged with the others: the value that a cache of layers holds."""

from typing import Any

import msgspec

from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.analyzer import AnalyzerResult
from tidewaiter.scan.token_format import Token


class LayerFacts(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Facts of one layer by path as written in the layer; filled by one pass, then only read.

    They say nothing of the image or of the layer's place in it, so that every image with the layer may use them: an
    Unknown about the layer as a whole has an empty subject, which the image fills in.
    """

    names: dict[str, str] = {}
    """Folder -> names of its members that are not folders, joined by `/`: one text, because most are never asked for."""
    folders: set[str] = set()
    links: dict[str, str] = {}
    """Symbolic links, targets as written."""
    hard: dict[str, str] = {}
    """Hard links that some reader wants by their own name -> the entry whose body they share."""
    whiteouts: set[str] = set()
    opaques: set[str] = set()
    results: dict[str, dict[str, AnalyzerResult]] = {}
    """Path -> analyzer id -> what the file says."""
    linked: dict[str, dict[str, AnalyzerResult]] = {}
    """Like `results`, for entries that are read only because a hard link with a wanted name shares their body."""
    system: dict[str, bytes] = {}
    """Bodies of the small system files."""
    tools: list[str] = []
    """Paths of members that may be tools, by their name."""
    modes: dict[str, int] = {}
    """Files with setuid, setgid or write permission for all -> mode."""
    tokens: dict[str, tuple[Token, ...]] = {}
    not_searched: int = 0
    """Files that were not searched for credentials because of their folder."""
    unknowns: list[Unknown] = []
    made_bytes: int = 0
    """Uncompressed size."""
    diff_id: str = ""
    """`sha256:<hex>` of the uncompressed bytes; empty unless all were read and hashed."""
    is_repeatable: bool = True
    """False when another run might say more: a reader failed, which may be for want of memory."""


class FactsError(Exception):
    """The bytes are not layer facts."""


_PLAIN = b"\x01"
_ESCAPED = b"\x02"
_DECODER = msgspec.msgpack.Decoder(LayerFacts)


def encode_facts(facts: LayerFacts) -> bytes:
    """Return the facts as bytes (MessagePack behind one byte that tells how texts are written).

    Names in images need not be Unicode. Where one is not, every text is written as the Latin-1 reading of its UTF-8
    bytes, lone surrogates included, because MessagePack carries only valid UTF-8.
    """
    try:
        return _PLAIN + msgspec.msgpack.encode(facts)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(facts, builtin_types=(bytes,))
        return _ESCAPED + msgspec.msgpack.encode(_mapped(plain, _escaped))


def decode_facts(data: bytes) -> LayerFacts:
    """Return the facts that `encode_facts` wrote; raise FactsError for anything else."""
    try:
        if data[:1] == _PLAIN:
            return _DECODER.decode(memoryview(data)[1:])
        if data[:1] == _ESCAPED:
            return msgspec.convert(_mapped(msgspec.msgpack.decode(memoryview(data)[1:]), _unescaped), LayerFacts)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise FactsError(f"the facts cannot be read: {error}") from error
    raise FactsError("the facts have another form")


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key): _mapped(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_mapped(one, change) for one in value]
    return value


def _escaped(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _unescaped(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogatepass")
