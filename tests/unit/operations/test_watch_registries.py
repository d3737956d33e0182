"""Looking at tags, without any registry."""

import pytest

from tidewaiter.operations.watch_registries import MOST_TAGS, poll, repeat, seconds
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import RegistryError
from watching import NOW


class Source:
    """Registries as a mapping from references to digests."""

    def __init__(self, **digests):
        """Hold digests by tag of `r.example/a`."""
        self.digests = digests
        self.failure = None

    def digest(self, reference):
        """Return what a tag stands for."""
        if self.failure is not None:
            raise self.failure
        if reference.tag not in self.digests:
            raise RegistryError("no such tag", "check the name", status=404)
        return self.digests[reference.tag]

    def tags(self, reference):
        """Return all tags."""
        assert "r.example/a" == reference.name
        if self.failure is not None:
            raise self.failure
        return tuple(self.digests)


class Register:
    """Tags in memory."""

    def __init__(self):
        """Know nothing."""
        self.known = {}

    def tags(self):
        """Return what is known."""
        return dict(self.known)

    def keep_tag(self, tag):
        """Keep a tag."""
        self.known[tag.ref] = tag


def look(source, register, *patterns, scan=None):
    """Look once; return states by tag and the exit code."""
    report = poll(patterns or ["r.example/a:1"], source=source, register=register, scan=scan, now=NOW)
    return {one.ref: one.state for one in report.tags}, report.exit_code


def test_a_tag_is_new_then_the_same_then_moved_then_gone():
    """Every look compares with the one before; what is gone keeps its last digest."""
    register = Register()
    ref = "r.example/a:1"
    assert ({ref: "new"}, 0) == look(Source(**{"1": "sha256:1"}), register)
    assert ({ref: "same"}, 0) == look(Source(**{"1": "sha256:1"}), register)
    assert ({ref: "moved"}, 0) == look(Source(**{"1": "sha256:2"}), register)
    assert ("sha256:2", "sha256:1") == (register.known[ref].digest, register.known[ref].before)
    assert ({ref: "gone"}, 3) == look(Source(), register)
    assert "sha256:2" == register.known[ref].digest


def test_patterns_mean_the_tags_that_fit_each_once():
    """Several patterns may mean one tag."""
    source = Source(**{"1.0": "sha256:1", "1.1": "sha256:2", "2.0": "sha256:3"})
    states, code = look(source, Register(), "r.example/a:1.*", "r.example/a:*", "r.example/a:1.0")
    assert (["r.example/a:1.0", "r.example/a:1.1", "r.example/a:2.0"], 0) == (list(states), code)


@pytest.mark.parametrize(
    ("patterns", "states", "code"),
    [
        (["R?"], {"R?": "failed"}, 2),
        (["r.example/a:7*"], {"r.example/a:7*": "failed"}, 2),
        (["r.example/a:1", "UPPER"], {"r.example/a:1": "new", "UPPER": "failed"}, 3),
        (["r.example/a:9"], {"r.example/a:9": "failed"}, 2),
    ],
)
def test_what_cannot_be_looked_at_is_told(patterns, states, code):
    """A name that is none, a pattern that fits nothing, a tag that never was: never silence."""
    assert (states, code) == look(Source(**{"1": "sha256:1"}), Register(), *patterns)


def test_too_many_tags_are_told():
    """A repository of thousands of tags is looked at up to the bound, and the rest is told."""
    source = Source(**{str(n): "sha256:1" for n in range(MOST_TAGS + 5)})
    states, code = look(source, Register(), "r.example/a:*")
    assert (MOST_TAGS + 1, "failed", 3) == (len(states), states["r.example/a:*"], code)


def test_a_registry_that_does_not_answer_changes_nothing():
    """What was known stays known."""
    register, source = Register(), Source(**{"1": "sha256:1"})
    look(source, register)
    source.failure = RegistryError("does not answer")
    assert ({"r.example/a:1": "failed"}, 2) == look(source, register)
    assert ({"r.example/a:*": "failed"}, 2) == look(source, register, "r.example/a:*")
    assert "sha256:1" == register.known["r.example/a:1"].digest


def test_a_digest_is_scanned_until_that_succeeds():
    """A scan that failed is tried again in the next look; one that succeeded is not repeated."""
    register, source, scanned = Register(), Source(**{"1": "sha256:1"}), []

    def fail(reference):
        raise ImageError(f"{reference} cannot be read", "try later")

    assert 3 == look(source, register, scan=fail)[1]
    assert 0 == look(source, register, scan=scanned.append)[1]
    look(source, register, scan=scanned.append)
    source.digests["1"] = "sha256:2"
    look(source, register, scan=scanned.append)
    assert ["registry:r.example/a:1"] * 2 == scanned


def test_repeating_waits_with_jitter_and_ends_with_an_interrupt():
    """Waits lie within a tenth of the interval; the last exit code is returned."""
    codes, waits = iter([0, 3, 0]), []

    def sleep(wait):
        waits.append(wait)
        if len(waits) == 3:
            raise KeyboardInterrupt

    numbers = iter([0.0, 0.5, 1.0])
    assert 0 == repeat(lambda: next(codes), every=100, sleep=sleep, random=lambda: next(numbers))
    assert [90.0, 100.0, 110.0] == pytest.approx(waits)


@pytest.mark.parametrize(("text", "expected"), [("30m", 1800), ("6h", 21_600), ("90d", 7_776_000), ("5s", 5)])
def test_durations(text, expected):
    """A number and a unit."""
    assert expected == seconds(text)


@pytest.mark.parametrize("text", ["", "h", "0h", "1.5h", "-1h", "1w", "٣h", "9999999d"])
def test_what_is_no_duration(text):
    """Everything else is refused."""
    with pytest.raises(ValueError, match="is no duration"):
        seconds(text)
