"""Lists of feeds."""

import pytest

from tidewaiter.adapters.feed_source import read_feed_list, shipped_feed_list
from tidewaiter.ports.advisories import AdvisoryError


def test_shipped_list_is_sound():
    """Every entry of the shipped list gives addresses without open parts."""
    listed = shipped_feed_list()
    assert {"kev", "epss", "debian-tracker", "osv-npm"} <= {*listed}
    for name, feed in listed.items():
        addresses = list(feed.addresses(name, ()))
        assert addresses
        assert not any("{" in url for one in addresses for url in one.urls)


def test_releases_are_chosen(tmp_path):
    """Releases asked for narrow the documents; a major release stands for its minor ones."""
    listed = shipped_feed_list()
    (alpine,) = listed["alpine-main"].addresses("alpine-main", ["3.20"])
    assert ("https://secdb.alpinelinux.org/v3.20/main.json",) == alpine.urls
    (suse,) = listed["suse-oval"].addresses("suse-oval", ["15.4"])
    assert suse.urls[0].endswith("enterprise.15-affected.xml.gz")
    assert [] == list(listed["alpine-main"].addresses("alpine-main", ["2.1"]))


def test_own_list_extends_the_shipped_one(tmp_path):
    """A list of one's own stands alone, or changes single entries."""
    file = tmp_path / "feeds.yaml"
    file.write_text("feeds: {kev: {ecosystems: ['*'], urls: ['http://mirror.example/kev.json']}}\n")
    assert {"kev"} == {*read_feed_list(file)}
    file.write_text("extends: shipped\n" + file.read_text())
    listed = read_feed_list(file)
    assert ("http://mirror.example/kev.json",) == listed["kev"].urls
    assert "osv-npm" in listed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no list of feeds"),
        ("feeds: [1]", "is no list of feeds"),
        ("feeds: {a: {ecosystems: [x], urls: [], more: 1}}", "is no list of feeds"),
        ("feeds: {a: {ecosystems: [x], urls: []}}", "no address"),
        ("feeds: {a: {ecosystems: [x], urls: ['file:///etc/passwd']}}", "no web address"),
        ("feeds: {a: {ecosystems: [x], urls: ['http://h/{unknown}']}}", "unknown part"),
        ("feeds: {a: {ecosystems: [x], urls: ['http://h/{']}}", "unknown part"),
        ("feeds: {a: {ecosystems: [x], urls: ['http://h/{}']}}", "unknown part"),
        ("feeds: {a: {ecosystems: [x], urls: ['http://h/{release:9999999}']}}", "unknown part"),
        ("feeds: {a: {ecosystems: [x], urls: ['http://[h/x']}}", "no address"),
        ("feeds: {a: {ecosystems: [x], urls: ['http://h/x'], index: y}}", "is unknown"),
        ("extends: other\nfeeds: {}", "`extends: other`"),
        ("feeds: !!python/object:os.system {}", "is no list of feeds"),
        ("a: &a [*a]", "is no list of feeds"),
    ],
)
def test_bad_lists(tmp_path, text, message):
    """A list that cannot be meant is refused with its place."""
    file = tmp_path / "feeds.yaml"
    file.write_text(text)
    with pytest.raises(AdvisoryError, match=message) as caught:
        read_feed_list(file)
    assert caught.value.advice


def test_missing_and_large_lists(tmp_path):
    """A list that is not there, or no list by its size, is refused."""
    with pytest.raises(AdvisoryError, match="cannot be read"):
        read_feed_list(tmp_path / "none")
    (tmp_path / "large").write_bytes(b"#" * (2 << 20))
    with pytest.raises(AdvisoryError, match="larger than"):
        read_feed_list(tmp_path / "large")
