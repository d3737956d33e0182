# ruff: noqa: D103 - the names of the tests are their promises
"""Dockerfiles with the lines of their instructions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.dockerfile import parse
from tidewaiter.scan.dockerfile.variables import expand
from tidewaiter.scan.dockerfile.words import key_values, split_words, unquoted


def _read(text):
    return parse(text.encode() if isinstance(text, str) else text, "Dockerfile")


def _one(text):
    dockerfile = _read(text)
    assert dockerfile.unknowns == ()
    return dockerfile.instructions[-1]


def test_continuations_skip_comments_and_blank_lines():
    dockerfile = _read(
        "FROM debian:12\nRUN apt-get update \\\n  # why\n\n  && apt-get install -y \\  \n     curl\nuser app\n"
    )
    assert [(item.keyword, item.line, item.end_line) for item in dockerfile.instructions] == [
        ("FROM", 1, 1),
        ("RUN", 2, 6),
        ("USER", 7, 7),
    ]
    assert dockerfile.instructions[1].value == "apt-get update && apt-get install -y curl"


def test_continuation_joins_words_as_written():
    assert _one("FROM a\nRUN cur\\\nl x").value == "curl x"


def test_the_escape_directive_changes_continuations():
    dockerfile = _read("# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN dir C:\\ `\n /s\n")
    assert (dockerfile.escape, dockerfile.instructions[1].value) == ("`", "dir C:\\ /s")


def test_a_directive_behind_a_comment_is_a_comment():
    assert _read("# hello\n# escape=`\nFROM a\n").escape == "\\"


def test_crlf_and_byte_order_mark():
    dockerfile = _read(b"\xef\xbb\xbfFROM a\r\nRUN x \\\r\n y\r\nCMD z\r\n")
    assert [(item.value, item.line) for item in dockerfile.instructions] == [("a", 1), ("x y", 2), ("z", 4)]


def test_heredocs_are_collected_and_lines_counted():
    text = "FROM a\nRUN <<EOF\necho 1\nRUN not\nEOF\nCOPY <<-\"A\" <<B /x\n\tone\n\tA\ntwo\nB\nRUN echo '<<C'\nUSER u\n"
    dockerfile = _read(text)
    assert [(item.keyword, item.line, item.end_line, item.heredocs) for item in dockerfile.instructions] == [
        ("FROM", 1, 1, ()),
        ("RUN", 2, 5, ("echo 1\nRUN not\n",)),
        ("COPY", 6, 10, ("one\n", "two\n")),
        ("RUN", 11, 11, ()),
        ("USER", 12, 12, ()),
    ]


def test_an_endless_heredoc_is_told_and_hides_nothing():
    dockerfile = _read("FROM a\nRUN cat <<EOF\nUSER u\n")
    assert [item.keyword for item in dockerfile.instructions] == ["FROM", "RUN", "USER"]
    assert "never ends" in dockerfile.unknowns[0].reason


def test_flags_are_kept_apart():
    instruction = _one("FROM a\nRUN --mount=type=secret,id=x --network=none --mount=type=cache echo --y=1")
    assert instruction.flags == (("mount", "type=secret,id=x"), ("network", "none"), ("mount", "type=cache"))
    assert instruction.value == "echo --y=1"
    assert _one("FROM a\nCOPY --from=b --link /x /y").flags == (("from", "b"), ("link", ""))
    assert _one('FROM a\nCMD --verbose "x"').flags == ()


def test_stages_names_and_arguments():
    dockerfile = _read(
        "ARG TAG=3.12\nARG BASE\nFROM --platform=$BUILDPLATFORM python:${TAG}-slim AS Build\nARG TAG\nENV HOME=/app\n"
        "WORKDIR $HOME/$TAG\nFROM ${BASE:-debian:12}\nWORKDIR $HOME\nFROM build\nWORKDIR ${HOME}/x\nFROM $BASE\n"
    )
    assert [(item.stage, item.image, item.name) for item in dockerfile.instructions if item.keyword == "FROM"] == [
        (0, "python:3.12-slim", "build"),
        (1, "debian:12", ""),
        (2, "build", ""),
        (3, "$BASE", ""),
    ]
    directories = [item.expanded or item.value for item in dockerfile.instructions if item.keyword == "WORKDIR"]
    assert directories == ["/app/3.12", "$HOME", "/app/x"]
    assert dockerfile.final_stage == 3


def test_shell_commands_are_left_to_the_shell():
    assert _one("FROM a\nARG X=1\nRUN echo $X").expanded == ""


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$A/$B", "1/$B"),
        ("${A}x${N}", "1x${N}"),
        ("${N:-d}${A:-d}${E:-d}${E-d}", "d1d"),
        ("${A:+y}${N:+y}${E:+y}${E+y}", "yy"),
        ("${U:-d}", "${U:-d}"),
        ("${N:-${A}}", "1"),
        ("${A#x}", "${A#x}"),
        ("'$A' \"$A\" \\$A", "'$A' \"1\" \\$A"),
        ('"it\'s $A"', '"it\'s 1"'),
        ("${A", "${A"),
        ("$", "$"),
        ("$$A", "$$A"),
        ("${}", "${}"),
    ],
)
def test_expansion_replaces_what_is_known(text, result):
    assert expand(text, {"A": "1", "E": "", "N": None}) == result


def test_expansion_is_bounded():
    values = {"A": "x" * 8000}
    assert expand("$A$A", values) == "$A$A"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ('A=b "C"="d e" F=\'g "h\'', [("A", "b"), ("C", "d e"), ("F", 'g "h')]),
        ("A the rest", [("A", "the rest")]),
        ("A=b\\ c", [("A", "b c")]),
        ("A=", [("A", "")]),
    ],
)
def test_pairs_of_env_and_label(text, pairs):
    assert key_values(text) == pairs


@pytest.mark.parametrize(
    ("text", "words"),
    [("RUM x\nFROM a", "`RUM` is no instruction"), ("", "no FROM"), ("RUN x", "no FROM"), ("\0\0", "no instruction")],
)
def test_what_docker_refuses_is_told(text, words):
    assert words in _read(text).unknowns[0].reason


def test_unknowns_and_size_are_bounded():
    assert len(_read("x\n" * 1000).unknowns) == 21
    assert "bytes" in _read(b"#" * (4 * 1024 * 1024 + 1)).unknowns[0].reason
    assert "instructions" in _read("FROM a\n" + "USER b\n" * 6000).unknowns[-1].reason


def test_hostile_files_are_read_in_linear_time():
    """A quadratic search would make this test run for minutes."""
    _read("FROM a\n" + "RUN <<X\n" * 5000 + "a\n" * 200_000)
    _read("FROM a\nRUN " + "\\\n" * 500_000)
    _read("FROM a\nENV A=$A$A" + "${A:-" * 50_000)


@given(st.binary(max_size=400) | st.text(alphabet="FROMRUNCPYAG a\\\n<E$'\"{}=-#`:[]", max_size=200).map(str.encode))
def test_arbitrary_bytes_never_crash_and_lines_hold_their_keyword(data):
    dockerfile = parse(data, "Dockerfile")
    lines = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    for item in dockerfile.instructions:
        assert item.line <= item.end_line <= len(lines)
        assert lines[item.line - 1].strip().upper()[:1] in {item.keyword[:1], dockerfile.escape}


@pytest.mark.parametrize("text", ["\\", "FROM a\n\\\n\\", "\\\n\n"])
def test_a_lone_escape_is_no_instruction(text):
    assert len(_read(text).instructions) == text.count("FROM")


@given(st.text(alphabet="ab'\" \\", max_size=30))
def test_words_hold_every_character_but_blanks(text):
    words = list(split_words(text))
    assert "".join(words).replace(" ", "") == text.replace(" ", "")
    assert all(isinstance(unquoted(word), str) for word in words)
