"""Strict decoding of our own documents."""

from typing import Literal

import msgspec
import pytest

from tidewaiter.core.model.location import Position
from tidewaiter.core.strict import DocumentError, convert, did_you_mean


class Inner(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A part."""

    some_name: str = ""


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    """A document."""

    parts: tuple[Inner, ...] = ()
    one: Inner | None = None
    word: Literal["a", "b"] = "a"
    table: dict[str, int] = {}


class Places:
    """Positions that know every pointer."""

    def find(self, pointer):
        """Return a line that tells how deep the pointer is."""
        return Position(line=10 + pointer.count("/"), column=len(pointer) + 1)


@pytest.mark.parametrize(
    ("value", "pointer", "words", "advice"),
    [
        ({"prats": []}, "/base/prats", "unknown key `prats`", "did you mean `parts`?"),
        (
            {"parts": [{}, {"someNam": "x"}]},
            "/base/parts/1/someNam",
            "unknown key `someNam`",
            "did you mean `someName`?",
        ),
        ({"one": {"zzz": 1}}, "/base/one/zzz", "unknown key `zzz`", "known keys: someName"),
        ({"one": {"someName": 3}}, "/base/one/someName", "expected a text, got a whole number", ""),
        ({"word": "c"}, "/base/word", "invalid enum value 'c'", ""),
        ({"table": {"k": "v"}}, "/base/table", "expected a whole number, got a text", ""),
        ("text", "/base", "expected a mapping, got a text", ""),
    ],
)
def test_mistakes_have_a_place_and_a_hint(value, pointer, words, advice):
    """File, line, column, what is wrong, what was probably meant."""
    with pytest.raises(DocumentError) as caught:
        convert(value, Outer, file="f.yaml", positions=Places(), pointer="/base")
    error = caught.value
    assert (pointer, words, advice) == (error.location.pointer, error.message, error.advice)
    assert f"f.yaml:{10 + pointer.count('/')}:{len(pointer) + 1}: {words}" == str(error)


def test_a_good_document_is_decoded():
    """Nothing is lost."""
    expected = Outer(parts=(Inner(some_name="x"),), word="b")
    assert expected == convert({"parts": [{"someName": "x"}], "word": "b"}, Outer, file="f")


def test_nothing_near_and_too_many_known_words_give_no_hint():
    """A long list helps nobody."""
    assert did_you_mean("zzz", [f"word{number}" for number in range(30)]) == ""
