import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from tidewaiter.adapters.store import open_advisories
from tidewaiter.adapters.store.inventories import SqliteInventories
from tidewaiter.core.model.image import BaseImage, Image
from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.operations.watch import run
from tidewaiter.ports.inventories import InventoryError, KnownTag, Use
from watching import NOW, database, deb, expected, image, pypi, record, scan, statement, stored

DATE = "2026-11-25T12:00:00Z"


@pytest.fixture
def store(tmp_path):
    """Return empty inventories."""
    return SqliteInventories(tmp_path / "state" / "inventories.sqlite", rules="1")


@pytest.fixture
def data(tmp_path):
    """Return an advisory file."""
    return database(tmp_path / "a.sqlite", [record("CVE-2026-0001", statement("Debian", "openssl", release="12"))])


def tables(path):
    """Return how many rows each table holds."""
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in names}


def test_an_image_is_listed_as_it_was_seen(store, data):
    """An image is listed as it was seen."""
    base = BaseImage(names=("debian:12",), chain_id="sha256:" + "c" * 64, layers=1)
    one = image(
        "shop/web:1", deb("openssl", "2.0"), pypi("six", "1"), base=base, tags=("shop/web:latest",), source="a.tar"
    )
    scan(store, one, data)
    (known,) = store.all()
    assert (("shop/web:1", "shop/web:latest"), "debian 12", 2, 1) == (
        known.names,
        known.os,
        known.packages,
        known.findings,
    )
    assert (("debian:12",), base.chain_id, "a.tar", DATE) == (
        known.bases,
        known.base_chain,
        known.source,
        known.matched,
    )
    assert 1 == store.count()


def test_nothing_is_known_before_anything_was_seen(store):
    """Nothing is known before anything was seen."""
    assert ((), 0, {}, 0, 0) == (store.all(), store.count(), store.tags(), store.forget(["a"]), store.prune(DATE))
    assert not store.path.exists()


def test_an_image_seen_again_is_one_image(store, data):
    """An image seen again is one image."""
    one = image("shop/web:1", deb("openssl", "2.0"))
    scan(store, one, data)
    scan(store, image("other:1", deb("openssl", "2.0"), digest=one.digest), data, now=NOW + timedelta(hours=1))
    (known,) = store.all()
    assert (("other:1", "shop/web:1"), DATE, "2026-11-25T13:00:00Z") == (known.names, known.first_seen, known.last_seen)


def test_a_name_that_moved_belongs_to_the_later_image(store, data):
    """A name that moved belongs to the later image."""
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data)
    scan(store, image("shop/web:1", digest="sha256:" + "a" * 64), data, now=NOW + timedelta(hours=1))
    assert [("shop/web:1",), ()] == [one.current for one in store.all()]


def test_other_packages_under_one_digest_replace_the_inventory_and_lose_no_news(store, data, tmp_path):
    """A newer reader may see more: what was told of packages that stay is compared with the next advisories all the same."""
    first = image("shop/web:1", deb("openssl", "2.0"), deb("zlib", "1"))
    second = image("shop/web:1", deb("openssl", "2.0"), deb("curl", "1"))
    empty = database(tmp_path / "empty.sqlite", [record("CVE-1999-0001", statement("Debian", "x", release="12"))])
    scan(store, first, empty)
    store.used(first, [Use(workload="Deployment a/b")], place=".", now=DATE)
    scan(store, second, data)
    assert (1, 2, "Deployment a/b") == (store.count(), store.all()[0].packages, store.all()[0].uses[0].workload)
    with open_advisories(data) as advisories:
        report = run(store, advisories, now=NOW, version="1")
    assert [("affected", "CVE-2026-0001")] == [(one.kind, one.id) for one in report.news]
    assert expected(second, data) == stored(store.path, second)


def test_uses_of_a_place_replace_those_of_before(store, data):
    """Uses of a place replace those of before."""
    one = image("shop/web:1", deb("openssl", "2.0"))
    store.used(one, [Use(workload="Deployment a/b")], place=".", now=DATE)
    scan(store, one, data)
    store.used(one, [Use(workload="Deployment a/b"), Use(workload="Job a/c")], place=".", now=DATE)
    store.used(one, [Use(workload="Deployment x/y", owner="team:x")], place="other", now=DATE)
    store.used(one, [Use(workload="Job a/c")], place=".", now=DATE)
    uses = [Use(workload="Deployment x/y", owner="team:x", place="other"), Use(workload="Job a/c", place=".")]
    assert sorted(uses) == list(store.all()[0].uses)


def test_a_workload_leaves_the_image_that_it_ran_before(store, data):
    """A place that runs another tag of a repository no longer runs the tag before; other repositories are not touched."""
    old, new, side = image("shop/web:1"), image("shop/web:2"), image("shop/side:1")
    for one in (old, new, side):
        scan(store, one, data)
    use = Use(workload="shop/Deployment/web")
    for one, place in ((old, "."), (side, "."), (old, "elsewhere")):
        store.used(one, [use], place=place, now=DATE)
    for one in (new, image("shop/web:3")):
        scan(store, one, data)
        store.used(one, [use], place=".", now="2026-11-25T13:00:00Z")
    known = {one.names[0]: [use.place for use in one.uses] for one in store.all()}
    assert {"shop/web:1": ["elsewhere"], "shop/web:2": ["."], "shop/web:3": ["."], "shop/side:1": ["."]} == known


@pytest.mark.parametrize("name", ["shop/web:1", "sha256:" + "ab" * 32, "abababababab"])
def test_forget_takes_names_and_digests(store, data, name):
    """Forget takes names and digests."""
    scan(store, image("shop/web:1", deb("openssl", "2.0"), digest="sha256:" + "ab" * 32), data)
    scan(store, image("shop/api:1", deb("zlib", "1")), data)
    assert 1 == store.forget([name, "ab"])
    assert [("shop/api:1",)] == [one.names for one in store.all()]


def test_nothing_of_a_forgotten_image_stays(store, data):
    """Nothing of a forgotten image stays."""
    one = image("shop/web:1", deb("openssl", "2.0"), pypi("six", "1", owner="python3-six"))
    scan(store, one, data)
    store.used(one, [Use(workload="Deployment a/b")], place=".", now=DATE)
    assert 1 == store.prune("2026-11-25T12:00:01Z")
    assert {0} == set(tables(store.path).values())


def test_prune_keeps_what_was_seen_since(store, data):
    """Prune keeps what was seen since."""
    scan(store, image("shop/web:1", deb("openssl", "2.0")), data)
    assert (0, 1) == (store.prune(DATE), store.count())


def test_folders_are_no_images(store, data):
    """Folders are no images."""
    scan(store, Image(ref="fs", kind="filesystem", packages=(deb("openssl", "1"),)), data)
    assert 0 == store.count()


def test_an_image_without_digest_goes_by_its_name(store, data):
    """An image without digest goes by its name."""
    scan(
        store,
        Image(ref="a.tar", packages=(deb("openssl", "1"),), os=OperatingSystem(id="debian", version_id="12")),
        data,
    )
    assert [("", ("a.tar",))] == [(one.digest, one.names) for one in store.all()]


def test_broken_bytes_in_names_are_kept_as_text(store, data):
    """Broken bytes in names are kept as text."""
    scan(store, image("shop/web:1", deb("open\udcffssl", "1"), pypi("six", "1", path="p\udcff")), data)
    assert 2 == store.all()[0].packages


def test_the_number_of_images_is_bounded(tmp_path, data):
    """The number of images is bounded."""
    store = SqliteInventories(tmp_path / "i.sqlite", rules="1", most=1)
    one = image("shop/web:1", deb("openssl", "2.0"))
    scan(store, one, data)
    scan(store, one, data)
    with pytest.raises(InventoryError, match="holds 1 images, no more are kept"):
        scan(store, image("shop/api:1"), data)


@pytest.mark.parametrize("content", [b"", b"not a database at all, by no means" * 40])
def test_a_file_of_somebody_else_is_left_alone(tmp_path, data, content):
    """A file of somebody else is left alone."""
    path = tmp_path / "i.sqlite"
    path.write_bytes(content)
    if not content:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE theirs(a)")
    before = path.read_bytes()
    with pytest.raises(InventoryError):
        scan(SqliteInventories(path, rules="1"), image("a:1"), data)
    with pytest.raises(InventoryError):
        SqliteInventories(path, rules="1").all()
    assert content == b"" or before == path.read_bytes()


def test_a_newer_schema_is_refused(store, data):
    """A newer schema is refused."""
    scan(store, image("a:1"), data)
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(InventoryError, match="has schema 99, this version reads 2"):
        store.all()


@pytest.mark.parametrize("table", ["package", "result"])
def test_damaged_rows_are_an_error_and_no_silence(store, data, tmp_path, table):
    """Damaged rows are an error and no silence."""
    scan(store, image("a:1", deb("openssl", "2.0")), data)
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute(f"UPDATE {table} SET data = x'c1'")
    other = database(tmp_path / "b.sqlite", [record("CVE-2026-0002", statement("Debian", "openssl", release="12"))])
    with open_advisories(other) as advisories, pytest.raises(InventoryError, match="damaged"):
        run(store, advisories, now=NOW, version="1")


def test_many_write_at_once(store, data):
    """Parallel scans of different and of equal images and passes between them lose nothing."""
    images = [image(f"shop/app{n}:1", deb("openssl", f"{n % 3}.0"), pypi(f"p{n % 5}", "1")) for n in range(24)]

    def work(number):
        if number % 8 == 7 and store.count():
            with open_advisories(data) as advisories:
                run(store, advisories, now=NOW, version="1")
        scan(store, images[number % 24], data)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(48)))
    assert 24 == store.count()
    assert [expected(one, data) for one in images] == [stored(store.path, one) for one in images]
    assert 24 * 2 == tables(store.path)["installed"]


def test_tags_are_remembered(store):
    """Tags are remembered."""
    tag = KnownTag(ref="docker.io/library/a:1", digest="sha256:1", since=DATE, checked=DATE)
    store.keep_tag(tag)
    later = KnownTag(ref=tag.ref, digest="sha256:2", since="b", checked="c", before="sha256:1", scanned="sha256:2")
    store.keep_tag(later)
    assert {tag.ref: later} == dict(store.tags())
