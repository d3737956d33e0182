"""Opening files, archives and folders within bounds."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

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


def test_texts_about_the_data_are_passed_over(tmp_path):
    """A folder's NOTICE is no damaged document; a file that somebody names is always opened."""
    for name in ("NOTICE", "README.md", "a.json", "notice.json"):
        (tmp_path / name).write_bytes(b"{}")
    assert ["a.json", "notice.json"] == [Path(one.name).name for one in open_documents(tmp_path)]
    assert ["NOTICE"] == [Path(one.name).name for one in open_documents(tmp_path / "NOTICE")]
