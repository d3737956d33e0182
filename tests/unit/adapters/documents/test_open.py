"""Opening files, archives and folders within bounds."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.adapters.documents import Limits, OpenDocument, open_documents
from tidewaiter.ports.advisories import HEAD, AdvisoryError, DocumentError


def contents(path, limits=None):
    """Return name and content, or the error's text, of every document."""
    result = {}
    for document in open_documents(path, limits or Limits()):
        if isinstance(document, DocumentError):
            result[str(document)] = None
            continue
        try:
            document.head()
            result[document.name] = document.stream().read()
        except DocumentError as error:
            result[document.name] = str(error)
    return result


def archive(path, **entries):
    """Write a zip with entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return path


def test_kind_is_told_by_content(tmp_path):
    """A name says nothing: gzip, zip and plain files are recognised by their first bytes."""
    (tmp_path / "a.zip").write_bytes(b"plain")
    (tmp_path / "b.json").write_bytes(gzip.compress(b"zipped"))
    archive(tmp_path / "c.txt", one=b"1", two=gzip.compress(b"2"))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "e").write_bytes(b"deep")
    (tmp_path / ".hidden").write_bytes(b"no")
    (tmp_path / "d" / "loop").symlink_to(tmp_path)
    base = str(tmp_path)
    assert {
        f"{base}/a.zip": b"plain",
        f"{base}/b.json": b"zipped",
        f"{base}/c.txt: one": b"1",
        f"{base}/c.txt: two": b"2",
        f"{base}/d/e": b"deep",
    } == contents(tmp_path)


def test_head_takes_nothing_away(tmp_path):
    """A document larger than its head arrives whole."""
    data = bytes(range(256)) * (HEAD // 128)
    (tmp_path / "a").write_bytes(gzip.compress(data))
    assert {f"{tmp_path}/a": data} == contents(tmp_path)
    (document,) = open_documents(tmp_path / "a")
    assert isinstance(document, OpenDocument)


def test_missing_path(tmp_path):
    """A path that does not exist is an error with advice."""
    with pytest.raises(AdvisoryError, match="does not exist") as caught:
        list(open_documents(tmp_path / "none"))
    assert caught.value.advice


def test_bombs_are_bounded(tmp_path):
    """Documents and sources give at most what they may."""
    (tmp_path / "bomb").write_bytes(gzip.compress(b"\0" * 10_000_000))
    (reason,) = contents(tmp_path / "bomb", Limits(document=1_000_000)).values()
    assert "the document gives more bytes than allowed" in reason
    path = archive(tmp_path / "many", **{str(number): b"\0" * 400_000 for number in range(4)})
    found = contents(path, Limits(source=1_000_000))
    assert [True, True, False, False] == [isinstance(value, bytes) for value in found.values()]
    assert {f"{path}: 4 entries, more than the 3 allowed": None} == contents(path, Limits(entries=3))


def test_damage_is_told_per_document(tmp_path):
    """A cut-off or damaged file does not cost its neighbours."""
    good = gzip.compress(b"x" * 1000)
    (tmp_path / "a").write_bytes(good[:20])
    (tmp_path / "b").write_bytes(b"PK\x03\x04 not a zip")
    (tmp_path / "c").write_bytes(b"fine")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as file:
        file.writestr("e", b"content")
    (tmp_path / "d").write_bytes(whole.getvalue().replace(b"content", b"CONTENT"))
    found = contents(tmp_path)
    assert found[f"{tmp_path}/c"] == b"fine"
    assert found[f"{tmp_path}/a"].startswith("damaged or cut off")
    assert found[f"{tmp_path}/d: e"].startswith("damaged or cut off")
    assert any(name.startswith(f"{tmp_path}/b: damaged archive") for name in found)


def test_entries_without_name_are_passed_over(tmp_path):
    """A zip whose directory names an entry with nothing does not cost the others."""
    path = archive(tmp_path / "z", ab=b"1", cd=b"2")
    data = bytearray(path.read_bytes())
    data[data.rindex(b"ab")] = 0
    path.write_bytes(data)
    assert {f"{path}: cd": b"2"} == {name: value for name, value in contents(path).items() if name.endswith("cd")}


def test_texts_about_the_data_are_passed_over(tmp_path):
    """A folder's NOTICE is no damaged document; a file that somebody names is always opened."""
    for name in ("NOTICE", "README.md", "a.json", "notice.json"):
        (tmp_path / name).write_bytes(b"{}")
    assert ["a.json", "notice.json"] == [Path(one.name).name for one in open_documents(tmp_path)]
    assert ["NOTICE"] == [Path(one.name).name for one in open_documents(tmp_path / "NOTICE")]


COMPRESSIONS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress}
ZSTD = zstandard.ZstdCompressor()


def tarred(entries, kind=tarfile.PAX_FORMAT):
    """Return a tar of files."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=kind) as archive:
        for name, data in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1_700_000_000
            archive.addfile(info, io.BytesIO(data))
    return whole.getvalue()


@pytest.mark.parametrize("compress", COMPRESSIONS.values(), ids=COMPRESSIONS)
def test_compressions(tmp_path, compress):
    """Files and archives are read through each compression; several streams in one file are one content."""
    (tmp_path / "plain").write_bytes(compress(b"one, ") + compress(b"two"))
    (tmp_path / "tar").write_bytes(compress(tarred({"a.json": b"1", "b": compress(b"2"), "README.md": b"no"})))
    base = str(tmp_path)
    expected = {f"{base}/plain": b"one, two", f"{base}/tar: a.json": b"1", f"{base}/tar: b": b"2"}
    assert expected == contents(tmp_path)


@pytest.mark.parametrize("kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_names_and_times_of_tar(tmp_path, kind):
    """Long names keep every character; entries are dated; folders and links are no documents."""
    name = "/".join(["folder"] * 14) + "/é" + "x" * 60
    data = bytearray(tarred({name: b"x" * 600, "other": b""}, kind))
    (tmp_path / "t").write_bytes(data)
    documents = list(open_documents(tmp_path / "t"))
    assert [f"{tmp_path}/t: {name}", f"{tmp_path}/t: other"] == [one.name for one in documents]
    assert {"2023-11-14T22:13:20Z"} == {one.modified for one in documents}
    assert [b"x" * 600, b""] == list(contents(tmp_path / "t").values())


def test_archives_within_archives(tmp_path):
    """One archive within another is read, deeper ones are refused by name."""
    inner = archive(tmp_path / "inner.zip", one=b"1").read_bytes()
    (tmp_path / "t.tar.xz").write_bytes(
        lzma.compress(tarred({"i.zip": inner, "j.tar.gz": gzip.compress(tarred({"two": b"2"}))}))
    )
    base = f"{tmp_path}/t.tar.xz"
    assert {f"{base}: i.zip: one": b"1", f"{base}: j.tar.gz: two": b"2"} == contents(tmp_path / "t.tar.xz")
    (tmp_path / "deep").write_bytes(tarred({"a": tarred({"b": tarred({"c": b"3"})})}))
    (reason,) = contents(tmp_path / "deep")
    assert reason == f"{tmp_path}/deep: a: b: more than 2 archives within each other"


def test_unread_entries_cost_nothing_of_the_next(tmp_path):
    """An entry of which only the head was looked at leaves the next one whole."""
    (tmp_path / "t").write_bytes(tarred({"a": b"a" * 1_000_000, "b": b"b" * 10}))
    names = [(document.name, document.head()[:1]) for document in open_documents(tmp_path / "t")]
    assert [(f"{tmp_path}/t: a", b"a"), (f"{tmp_path}/t: b", b"b")] == names


@pytest.mark.parametrize("limit", [{"document": 1000}, {"source": 1000}, {"free": 1000, "ratio": 10}])
def test_bombs_in_archives(tmp_path, limit):
    """Entries count towards every bound, also when only the archive itself is large."""
    (tmp_path / "t").write_bytes(lzma.compress(tarred({"a": b"\0" * 3_000_000})))
    (reason,) = [value or name for name, value in contents(tmp_path / "t", Limits(**limit)).items()][:1]
    assert "gives more bytes than allowed" in str(reason)
    assert any("entries allowed" in name for name in contents(tmp_path / "t", Limits(entries=0)))


def test_memory_of_decompressors_is_bounded(tmp_path):
    """A window or dictionary that asks for much memory is refused."""
    (tmp_path / "x").write_bytes(lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]))
    big = zstandard.ZstdCompressionParameters.from_level(3, window_log=31)
    (tmp_path / "z").write_bytes(zstandard.ZstdCompressor(compression_params=big).compressobj().compress(b"x"))
    writer = zstandard.ZstdCompressor(compression_params=big).compressobj()
    (tmp_path / "z").write_bytes(writer.compress(b"x" * 10) + writer.flush())
    found = contents(tmp_path)
    assert all(str(value).startswith("damaged or cut off") for value in found.values())


SAMPLE = lzma.compress(tarred({"a": b"a" * 700, "b" * 200: gzip.compress(b"2"), "c": b""}))
PLAIN = tarred({"a": b"a" * 700, "b" * 200: gzip.compress(b"2")})


@pytest.mark.parametrize("sample", [SAMPLE, PLAIN, ZSTD.compress(PLAIN), bz2.compress(PLAIN)])
@settings(max_examples=60)
@given(data=st.data())
def test_any_damage_is_told(tmp_path_factory, sample, data):
    """A byte changed or the end cut off gives documents and errors, nothing else."""
    at = data.draw(st.integers(0, len(sample) - 1))
    byte = data.draw(st.binary(min_size=1, max_size=1))
    folder = tmp_path_factory.mktemp("damage")
    (folder / "cut").write_bytes(sample[:at])
    (folder / "changed").write_bytes(sample[:at] + byte + sample[at + 1 :])
    assert len(contents(folder)) >= 1
