"""Archives and layouts that name many images, or one image many times."""

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from tidewaiter.scan.image import docker_archive, oci_layout
from tidewaiter.scan.image.archive import ImageFormatError


class Files(dict[str, bytes]):
    """Implements `ArchiveFiles` and counts what is read."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self.reads: Counter[str] = Counter()

    def size(self, name: str) -> int | None:
        """Return the bytes of a file."""
        return len(self[name]) if name in self else None

    def read(self, name: str, limit: int) -> bytes:
        """Return the file, and count it."""
        self.reads[name] += 1
        return self[name][:limit]

    def add(self, body: dict[str, Any], padding: int = 0) -> str:
        """Add a blob and return its digest."""
        raw = json.dumps({**body, "padding": "x" * padding}).encode()
        digest = hashlib.sha256(raw).hexdigest()
        self[f"blobs/sha256/{digest}"] = raw
        return f"sha256:{digest}"

    def name(self, *digests: str) -> None:
        """Write an index that names each of the digests."""
        self["index.json"] = json.dumps({"manifests": [{"digest": digest} for digest in digests]}).encode()


def test_an_image_that_is_named_many_times_is_read_twice_and_held_once():
    """One manifest of 8 MB under 900 names would else fill the memory: it is looked at, and read when it is chosen."""
    files = Files()
    digest = files.add({"layers": []})
    files.name(*[digest] * 900)
    assert digest == oci_layout.describe(files, "x").digest
    assert 2 == files.reads[f"blobs/sha256/{digest[7:]}"]


def test_manifests_share_a_bound():
    """What lies behind the bound is told, so that the choice of another image is no silent one."""
    files = Files()
    digests = [files.add({"layers": [], "number": number}, padding=7 << 20) for number in range(20)]
    files.name(*digests)
    with pytest.raises(ImageFormatError, match="holds 18 images") as caught:
        oci_layout.describe(files, "x")
    assert digests[17] in caught.value.advice
    files.name(digests[0], *[files.add({"manifests": [], "number": number}, padding=7 << 20) for number in range(20)])
    told = oci_layout.describe(files, "x").unknowns
    assert 3 == sum("more than 134217728 bytes together" in one.reason for one in told)


def test_an_index_that_names_itself_is_told_once():
    """A hundred entries that lead to the index itself are one problem."""
    files = Files()
    digest = f"sha256:{'ab' * 32}"
    files["blobs/sha256/" + "ab" * 32] = json.dumps({"manifests": [{"digest": digest}] * 100}).encode()
    files.name(*[digest] * 5)
    with pytest.raises(ImageFormatError) as caught:
        oci_layout.describe(files, "x")
    assert f"the index {digest} leads to itself" == caught.value.advice


@pytest.mark.parametrize("second", ["a.json", "b.json"])
def test_two_images_of_one_name(second: str):
    """Which of two different images a name means cannot be known; the same image twice is one."""
    files = Files()
    files["a.json"] = files["b.json"] = b"{}"
    named = [{"Config": config, "RepoTags": ["web:1"], "Layers": []} for config in ("a.json", second)]
    files["manifest.json"] = json.dumps(named).encode()
    if second == "a.json":
        assert ("web:1",) == docker_archive.describe(files, "x", "web:1").tags
        return
    with pytest.raises(ImageFormatError, match="holds 2 different images named `web:1`"):
        docker_archive.describe(files, "x", "web:1")
