"""Downloads against a server with faults: what arrives, what is asked, what is kept."""

import hashlib

import httpx2
import pytest

from feed_server import Fault, FeedServer
from tidewaiter.adapters.feed_source import HttpSource, SourceLimits
from tidewaiter.ports.advisories import AdvisoryError
from tidewaiter.ports.feed_source import FeedAddress, FetchError

pytestmark = pytest.mark.enable_socket
DATA = bytes(range(256)) * 4096
CUT = [Fault(cut=100_000)]


@pytest.fixture
def server():
    """Return a running server."""
    with FeedServer() as running:
        yield running


class Waits(list):
    """Pauses that were asked for; nothing waits."""

    def __call__(self, seconds):
        """Note a pause."""
        self.append(seconds)


@pytest.fixture
def waits():
    """Return the pauses."""
    return Waits()


@pytest.fixture
def source(tmp_path, waits):
    """Return a source that keeps documents in a folder and never waits."""
    with HttpSource(tmp_path / "kept", agent="test", limits=SourceLimits(attempts=3), sleep=waits) as one:
        yield one


def address(*urls, **more):
    """Return the address of a document."""
    return FeedAddress(feed="one", urls=urls, **more)


def test_second_time_asks_only_whether_it_changed(server, source):
    """A document is sent once; the same one is not new again, a changed one is."""
    url = server.put("/a.json", b"first")
    first = source.fetch(address(url))
    assert (True, b"first", "") == (first.is_new, first.path.read_bytes(), first.stale)
    again = source.fetch(address(url))
    assert (False, first.sha256) == (again.is_new, again.sha256)
    assert "if-none-match" in server.asked[1][1]
    server.put("/a.json", b"second", 1_700_000_100.0)
    changed = source.fetch(address(url))
    assert (True, b"second") == (changed.is_new, changed.path.read_bytes())
    assert 1_700_000_100 == changed.path.stat().st_mtime


def test_cut_download_goes_on(server, source, waits):
    """What arrived is not sent again; the whole is what the server has."""
    url = server.put("/a", DATA)
    server.faults["/a"] = [Fault(cut=100_000)]
    assert DATA == source.fetch(address(url)).path.read_bytes()
    assert "bytes=100000-" == server.asked[1][1]["range"]
    assert 1 == len(waits)


def test_interrupted_run_goes_on(server, tmp_path, waits):
    """A run that gave up leaves its part to the next one; a document that changed meanwhile starts over."""
    url = server.put("/a", DATA)
    for change in (False, True):
        server.faults["/a"] = [Fault(cut=50_000)]
        folder = tmp_path / str(change)
        with HttpSource(folder, agent="t", limits=SourceLimits(attempts=1), sleep=waits) as one:
            with pytest.raises(FetchError, match="without sending complete"):
                one.fetch(address(url))
            if change:
                server.put("/a", DATA[::-1], 1_700_000_500.0)
            assert server.documents["/a"] == one.fetch(address(url)).path.read_bytes()
        assert "bytes=50000-" == server.asked[-1][1]["range"]


def test_server_without_ranges_starts_over(server, source):
    """A server that sends everything again is believed."""
    url = server.put("/a", DATA)
    server.understands_ranges = False
    server.faults["/a"] = [Fault(cut=100_000)]
    assert DATA == source.fetch(address(url)).path.read_bytes()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_servers_are_asked_again(server, source, waits, status):
    """A busy server is given the time it asks for, and not forever."""
    url = server.put("/a", b"x")
    server.faults["/a"] = [Fault(status=status, headers={"Retry-After": "7"})]
    assert b"x" == source.fetch(address(url)).path.read_bytes()
    assert [7.0] == [round(one) for one in waits]
    server.put("/b", b"x")
    server.faults["/b"] = [Fault(status=status)] * 9
    with pytest.raises(FetchError, match=f"answered {status} .* after 3 attempts"):
        source.fetch(address(server.address + "/b"))
    server.faults["/a"] = [Fault(status=status, headers={"Retry-After": "90000"})]
    stale = source.fetch(address(url))
    assert (b"x", False) == (stale.path.read_bytes(), stale.is_new)
    assert "asks to come back in 90000 seconds" in stale.stale


def test_mirrors_are_tried_in_order(server, source):
    """The first address that has the document gives it."""
    url = server.put("/b", b"x")
    assert b"x" == source.fetch(address(server.address + "/a", url)).path.read_bytes()
    assert ["/a", "/b"] == server.paths()
    with pytest.raises(FetchError, match=r"answered 404.*answered 404"):
        source.fetch(address(server.address + "/c", server.address + "/d"))


def test_checksums_decide(server, source):
    """A document with another digest than stated is thrown away, and the one that lay here stays."""
    digest = hashlib.sha256(b"right").hexdigest()
    checksum = server.put("/a.sha256", f"{digest}  a\n".encode())
    url = server.put("/a", b"wrong")
    with pytest.raises(FetchError, match="is stated"):
        source.fetch(address(url, checksum=checksum))
    server.put("/a", b"right", 1_700_000_001.0)
    assert b"right" == source.fetch(address(url, checksum=checksum)).path.read_bytes()
    server.put("/a", b"wrong again", 1_700_000_002.0)
    server.put("/a.sha256", b"0" * 64, 1_700_000_002.0)
    stale = source.fetch(address(url, checksum=checksum))
    assert (b"right", True) == (stale.path.read_bytes(), "is stated" in stale.stale)


def test_older_copies_are_refused(server, source):
    """A mirror that went back in time does not replace what is here."""
    url = server.put("/a", b"new", 1_700_000_500.0)
    source.fetch(address(url))
    server.put("/a", b"old", 1_700_000_000.0)
    stale = source.fetch(address(url))
    assert (b"new", True) == (stale.path.read_bytes(), "older than" in stale.stale)


def test_bounds(server, source, tmp_path):
    """Too many bytes are refused before and while they come; a slow server is given up."""
    url = server.put("/a", DATA)
    with pytest.raises(FetchError, match="more than the 1000 allowed"):
        source.fetch(address(url, size=1000))
    times = iter([0.0, 0.0, 5.0, 9.0, 99.0])
    limits = SourceLimits(attempts=1, seconds=10)
    with (
        HttpSource(tmp_path / "slow", agent="t", limits=limits, clock=lambda: next(times, 99.0)) as one,
        pytest.raises(FetchError, match="not done within 10 seconds"),
    ):
        one.fetch(address(url))


def test_redirects(server, source):
    """A moved document is followed, in circles only a few times."""
    url = server.put("/b", b"x")
    server.faults["/a"] = [Fault(status=302, headers={"Location": url})]
    assert b"x" == source.fetch(address(server.address + "/a")).path.read_bytes()
    server.faults["/c"] = [Fault(status=302, headers={"Location": "/c"})] * 9
    with pytest.raises(FetchError, match="redirects"):
        source.fetch(address(server.address + "/c"))


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["http://plain.example/a"], "which is not encrypted"),
        (["http://plain.example/a", "https://end.example/a"], "which is not encrypted"),
        (["https://169.254.169.254/a"], "an address of this machine or network"),
        (["https://[::1]/a"], "an address of this machine or network"),
        (["https://localhost:8443/a"], "an address of this machine or network"),
    ],
    ids=["plain", "plain on the way", "metadata", "loopback", "name of this machine"],
)
def test_redirects_stay_encrypted_and_outside(source, steps, words):
    """A published address leads neither through an unencrypted one nor inside; nothing is sent there."""
    chain = dict(zip(["https://start.example/a", *steps], [*steps, ""], strict=True))
    asked = []

    def answer(request):
        asked.append(str(request.url))
        to = chain[str(request.url)]
        return httpx2.Response(302, headers={"location": to}) if to else httpx2.Response(200, content=b"x")

    hooks = {"request": [source._guard]}
    source._client = httpx2.Client(transport=httpx2.MockTransport(answer), follow_redirects=True, event_hooks=hooks)
    with pytest.raises(FetchError, match=words):
        source.fetch(address("https://start.example/a"))
    assert ["https://start.example/a"] == asked


def test_repository_index_leads_to_its_updateinfo(server, source):
    """The digest of the index is the proof; an unchanged one asks for nothing more; without the server the copy serves."""
    good = hashlib.sha256(b"<updates/>").hexdigest()
    index = (
        '<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary"><location href="x"/></data>'
        f'<data type="updateinfo"><checksum type="sha256">{good}</checksum>'
        '<location href="repodata/u.xml.gz"/></data></repomd>'
    )
    url = server.put("/r/repodata/repomd.xml", index.encode())
    server.put("/r/repodata/u.xml.gz", b"<updates/>")
    mirrors = server.put("/mirror.list", f"{server.address}/r\n".encode())
    assert b"<updates/>" == source.fetch(address(url, index="repomd")).path.read_bytes()
    source.fetch(address(url, index="repomd"))
    assert b"<updates/>" == source.fetch(address(mirrors, index="mirrors")).path.read_bytes()
    assert 1 == server.paths().count("/r/repodata/u.xml.gz")
    server.faults["/r/repodata/repomd.xml"] = [Fault(status=500)] * 9
    stale = source.fetch(address(url, index="repomd"))
    assert (b"<updates/>", True) == (stale.path.read_bytes(), bool(stale.stale))


@pytest.mark.parametrize(
    ("index", "data", "message"),
    [
        ("repomd", b"<repomd/>", "names no updateinfo"),
        ("repomd", b"<repomd>", "damaged"),
        ("repomd", b'<r><data type="updateinfo"><location href="http://else/x"/></data></r>', "within the repository"),
        ("repomd", b'<r><data type="updateinfo"><location href="../x"/></data></r>', "within the repository"),
        ("latest", b"../../etc/passwd", "does not hold the name"),
        ("latest", b"", "does not hold the name"),
        ("mirrors", b"file:///etc\n", "names no mirror"),
    ],
)
def test_bad_indexes(server, source, index, data, message):
    """An index that leads nowhere, or out of its place, is refused."""
    with pytest.raises(FetchError, match=message):
        source.fetch(address(server.put("/i/repodata/repomd.xml", data), index=index))


def test_latest_names_the_document(server, source):
    """A text beside the document holds its name."""
    server.put("/v/vex-2026.tar.zst", b"x")
    url = server.put("/v/latest.txt", b"vex-2026.tar.zst\n")
    fetched = source.fetch(address(url, index="latest"))
    assert (b"x", True) == (fetched.path.read_bytes(), fetched.path.name.endswith("vex-2026.tar.zst"))


def test_damaged_notes_are_no_obstacle(server, source, tmp_path):
    """What is noted about a document may be nonsense: it is fetched anew."""
    url = server.put("/a", b"x")
    source.fetch(address(url))
    for note in (tmp_path / "kept").glob("*.json"):
        note.write_bytes(b"{")
    assert b"x" == source.fetch(address(url)).path.read_bytes()


def test_no_server(source):
    """A host that does not answer is told by name."""
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:9/x: ConnectError"):
        source.fetch(address("http://127.0.0.1:9/x"))


def test_one_update_at_a_time(source, tmp_path):
    """Two processes never write one folder of downloads."""
    with pytest.raises(AdvisoryError, match="another update"), HttpSource(tmp_path / "kept", agent="t"):
        pass
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(AdvisoryError, match="cannot be written"), HttpSource(tmp_path / "file" / "x", agent="t"):
        pass


def test_a_shortened_copy_is_fetched_anew(server, source):
    """A copy that lost bytes since is not taken for the document."""
    url = server.put("/a", DATA)
    first = source.fetch(address(url))
    first.path.write_bytes(b"half")
    assert DATA == source.fetch(address(url)).path.read_bytes()
