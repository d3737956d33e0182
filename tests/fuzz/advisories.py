"""What brings advisory data here: archives of documents, indexes, lists of feeds, signatures, whole databases."""

import atexit
import bz2
import io
import json
import lzma
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path

import zstandard

from fuzz.target import Target
from tidewaiter.adapters.documents import OpenDocument, open_documents
from tidewaiter.adapters.feed_source import read_feed_list
from tidewaiter.adapters.feed_source.indexes import updateinfo_of
from tidewaiter.adapters.signing import read_signature
from tidewaiter.adapters.store import damage
from tidewaiter.ports.advisories import AdvisoryError, DocumentError
from tidewaiter.ports.feed_source import FetchError
from tidewaiter.scan.advisories.osv_text import first_record, is_osv, osv_parts
from tidewaiter.scan.json_stream import JsonStreamError

_FOLDER = Path(tempfile.mkdtemp(prefix="tidewaiter-fuzz-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
_OSV = json.dumps([{"id": "X-1", "modified": "2026-01-01T00:00:00Z", "affected": []}] * 3).encode()
_LIST = b"extends: shipped\nfeeds:\n  a: {ecosystems: ['*'], urls: ['https://h.example/{release}'], releases: ['9']}\n"
_REPOMD = (
    b'<repomd><data type="updateinfo"><checksum type="sha256">00</checksum><location href="r/u.xml"/></data></repomd>'
)
_SIGNATURE = b'{"schema":"tidewaiter.dev/signature/v1","sha256":"aa","size":1,"built":"x","key":"k","signature":"AA=="}'


def _tar(kind: int) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=kind) as archive:
        for name, data in {"a.json": _OSV, "deep/" * 40 + "é.json": bz2.compress(_OSV), "b": b""}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return whole.getvalue()


def _zip() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", _OSV)
        archive.writestr("b.tar", _tar(tarfile.USTAR_FORMAT))
    return whole.getvalue()


def _file(data: bytes) -> Path:
    path = _FOLDER / "input"
    path.write_bytes(data)
    return path


def _documents(data: bytes) -> object:
    found = []
    for document in open_documents(_file(data)):
        if not isinstance(document, OpenDocument):
            continue
        try:
            found.append((document.name, document.head(), len(document.stream().read())))
        except DocumentError:
            continue
    return found


def _osv(data: bytes) -> object:
    try:
        return is_osv(data), first_record(data), list(osv_parts(io.BytesIO(data)))
    except JsonStreamError:
        return None


def _list(data: bytes) -> object:
    try:
        return [list(feed.addresses(name, ())) for name, feed in read_feed_list(_file(data)).items()]
    except AdvisoryError:
        return None


def _index(data: bytes) -> object:
    try:
        return updateinfo_of(data, "https://h.example/")
    except FetchError:
        return None


def _signed(data: bytes) -> object:
    try:
        return read_signature(data, "x")
    except AdvisoryError:
        return None


def _database(data: bytes) -> object:
    try:
        return damage(_file(data))
    except AdvisoryError:
        return None


def _built() -> bytes:
    from advisory_data import import_into  # noqa: PLC0415 - builds a database once

    (_FOLDER / "seed.json").write_bytes(
        _OSV.replace(b"[]", b'[{"package":{"ecosystem":"npm","name":"x"},"versions":["1"]}]')
    )
    import_into(_FOLDER / "seed.sqlite", _FOLDER / "seed.json")
    return (_FOLDER / "seed.sqlite").read_bytes()


TARGETS = (
    Target("archive tar", _tar(tarfile.PAX_FORMAT), _documents),
    Target("archive tar gnu", _tar(tarfile.GNU_FORMAT), _documents),
    Target("archive tar.xz", lzma.compress(_tar(tarfile.PAX_FORMAT)), _documents),
    Target("archive tar.zst", zstandard.compress(_tar(tarfile.PAX_FORMAT)), _documents),
    Target("archive zip", _zip(), _documents),
    Target("osv text", _OSV, _osv),
    Target("feed list", _LIST, _list),
    Target("repomd index", _REPOMD, _index),
    Target("database signature", _SIGNATURE, _signed),
    Target("database file", _built(), _database),
)
