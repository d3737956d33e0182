"""Every reader under changed inputs: a few of its own making now, and every input that once broke one for ever."""

from pathlib import Path

import pytest

from fuzz.run import changed, failure, targets

KEPT = Path(__file__).resolve().parents[1] / "fuzz" / "kept"
TARGETS = {one.name: one for one in targets([])}
FEW = 25


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_changed_inputs_are_read(name):
    """Twenty-five changed inputs a run; `./dev fuzz` reads as many as one has time for."""
    import random  # noqa: PLC0415 - seeded by the name, so that a failure comes back

    target = TARGETS[name]
    chance = random.Random(f"{name} in tests")
    for _ in range(FEW):
        data = changed(chance, target.seed)
        assert failure(target, data) == "", data


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_good_inputs_are_good(name):
    """The seed itself is read; a seed that is refused would make fuzzing hollow."""
    assert failure(TARGETS[name], TARGETS[name].seed) == ""
    assert TARGETS[name].read(TARGETS[name].seed) is not None


def kept():
    """Return what broke a reader once: `<target>--<what>`, blanks and slashes of the name as `-`."""
    names = {name.replace(" ", "-").replace("/", "-"): name for name in TARGETS}
    for file in sorted(KEPT.glob("*--*")):
        yield pytest.param(names[file.name.partition("--")[0]], file, id=file.name)


@pytest.mark.parametrize(("name", "file"), list(kept()))
def test_what_broke_a_reader_once_does_not_break_it_again(name, file):
    """The input is kept as it was found."""
    assert failure(TARGETS[name], file.read_bytes()) == ""
