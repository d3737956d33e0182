"""Re-matching what advisories touched tells exactly what matching every inventory in full tells."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidewaiter.adapters.store import open_advisories
from tidewaiter.adapters.store.inventories import SqliteInventories
from tidewaiter.core.model.package import OperatingSystem
from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln import Exploitation
from tidewaiter.operations.watch import run
from watching import BOOKWORM, NOW, database, deb, expected, image, pypi, record, scan, statement, stored

IDS = ["CVE-2024-0001", "CVE-2024-0002", "CVE-2024-0003", "GHSA-aaaa-bbbb-cccc", "GHSA-dddd-eeee-ffff", "DSA-1-1"]
VERSIONS = ["1.0", "2.0", "3.0"]
SYSTEMS = [BOOKWORM, OperatingSystem(id="debian", version_id="13"), None]


statuses = st.sampled_from([Status.AFFECTED, Status.WILL_NOT_FIX, Status.UNDER_INVESTIGATION, Status.NOT_AFFECTED])
places = st.sampled_from(
    [
        *(("Debian", name, release) for name in ("python3-six", "openssl") for release in ("12", "13")),
        *(("PyPI", name, "") for name in ("six", "pip")),
    ]
)


@st.composite
def records(draw):
    """Draw a record with statements about packages that images hold."""
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True))
    statements = [
        statement(
            ecosystem,
            name,
            release=release,
            fixed=draw(st.sampled_from([None, *VERSIONS])),
            status=draw(statuses),
            severity=draw(st.sampled_from(["", "low", "high"])),
        )
        for ecosystem, name, release in draw(st.lists(places, max_size=3))
    ]
    return record(
        ids[0],
        *statements,
        feed=draw(st.sampled_from(["osv", "debian-tracker"])),
        aliases=tuple(ids[1:]),
        kind=draw(st.sampled_from(["vulnerability", "vulnerability", "malicious", "withdrawn"])),
        severity=draw(st.sampled_from(["", "low", "critical"])),
        vectors=draw(st.sampled_from([(), ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",)])),
        title=draw(st.sampled_from(["", "bad"])),
    )


exploitations = st.builds(lambda cve: Exploitation(cve=cve, kev=True), st.sampled_from(IDS[:3]))


@st.composite
def histories(draw):
    """Draw two to four steps: what the data holds, what is scanned before it comes, whether a pass is made, who is believed.

    Later data shares most records with earlier data, so that much stays as it was.
    """
    pool = draw(st.lists(records(), min_size=2, max_size=7)) + draw(st.lists(exploitations, max_size=2))
    chosen = set(range(len(pool)))
    steps = []
    for _ in range(draw(st.integers(2, 4))):
        chosen ^= draw(st.sets(st.integers(0, len(pool) - 1), max_size=2))
        content = [item for place, item in enumerate(pool) if place in chosen]
        believed = draw(st.sampled_from([1, 1, 1, 3]))
        steps.append((content, draw(st.lists(images(), max_size=3)), draw(st.booleans()), believed))
    return steps


@st.composite
def images(draw):
    """Draw an image of two OS packages, one of which may own language packages, and language packages of its own."""
    packages = [deb("openssl", draw(st.sampled_from(VERSIONS)))] if draw(st.booleans()) else []
    if draw(st.booleans()):
        packages.append(
            deb(
                "python3-six",
                draw(st.sampled_from(VERSIONS)),
                maintainer=draw(st.sampled_from(["", "x <a@docker.com>"])),
            )
        )
    for place in range(draw(st.integers(0, 3))):
        owner = draw(st.sampled_from(["", "python3-six"]))
        name = draw(st.sampled_from(["six", "pip"]))
        packages.append(pypi(name, draw(st.sampled_from(VERSIONS)), owner=owner, path=f"p{place}"))
    number = draw(st.integers(0, 10_000))
    return image(f"image-{number}", *packages, os=draw(st.sampled_from(SYSTEMS)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder for all examples."""
    return tmp_path_factory.mktemp("watch")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_rematch_equals_the_full_match(folder, steps):
    """After each pass every image has exactly the findings of a full match, whenever and with what it was scanned."""
    path = folder / "inventories.sqlite"
    for old in folder.glob("inventories.sqlite*"):
        old.unlink()
    store = SqliteInventories(path, rules="1")
    seen, data = {}, None
    for number, (content, scanned, is_run, believed) in enumerate(steps):
        now = NOW + timedelta(hours=number)
        for one in scanned:
            if one.digest not in seen:
                scan(store, one, data, now=now)
                seen[one.digest] = one
        data = database(
            folder / "advisories.sqlite", content, now=now, precedence={"osv": believed, "debian-tracker": 2}
        )
        if not seen or not (is_run or number == len(steps) - 1):
            continue
        with open_advisories(data) as advisories:
            run(store, advisories, now=now, version="1")
        for one in seen.values():
            assert expected(one, data) == stored(path, one)
