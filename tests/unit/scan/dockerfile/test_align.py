# ruff: noqa: D103 - the names of the tests are their promises
"""Histories of three builders find their lines in the Dockerfile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.model.image import BaseImage, HistoryEntry, Image, Layer
from tidewaiter.scan.dockerfile import align, parse
from tidewaiter.scan.dockerfile.history import read_step

DOCKERFILE = """ARG TAG=12
FROM debian:${TAG} AS base
ARG VERSION=1
RUN apt-get update \\
    && apt-get install -y curl
FROM base
ENV A="b c" D=e
WORKDIR /app
COPY --from=other --chown=1 src/ ./lib/
RUN pip install -r requirements.txt
ADD ["x.tar", "/opt"]
EXPOSE 8080 9090/udp
VOLUME ["/data"]
USER app
HEALTHCHECK --interval=3s CMD curl -f localhost
ENTRYPOINT ["python", "-m", "app"]
CMD serve
"""
LINES = [4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
CLASSIC = [
    ("/bin/sh -c #(nop) ADD file:0a1b2c in / ", False),
    ('/bin/sh -c #(nop)  CMD ["bash"]', True),
    ("|1 VERSION=1 /bin/sh -c apt-get update     && apt-get install -y curl", False),
    ("/bin/sh -c #(nop)  ENV A=b c D=e", True),
    ("/bin/sh -c #(nop) WORKDIR /app", True),
    ("/bin/sh -c #(nop) COPY --chown=1dir:0a1b2c in ./lib/ ".replace("--chown=1dir", "dir"), False),
    ("/bin/sh -c pip install -r requirements.txt", False),
    ("/bin/sh -c #(nop) ADD file:9f in /opt ", False),
    ("/bin/sh -c #(nop)  EXPOSE 8080 9090/udp", True),
    ("/bin/sh -c #(nop)  VOLUME [/data]", True),
    ("/bin/sh -c #(nop)  USER app", True),
    ('/bin/sh -c #(nop)  HEALTHCHECK &{["CMD-SHELL" "curl -f localhost"] "3s" "0s" "0s" \'\\x00\'}', True),
    ('/bin/sh -c #(nop)  ENTRYPOINT ["python" "-m" "app"]', True),
    ('/bin/sh -c #(nop)  CMD ["/bin/sh" "-c" "serve"]', True),
]
BUILDKIT = [
    ("# debian.sh --arch 'amd64' out/ 'bookworm'", False),
    ("RUN |1 VERSION=1 /bin/sh -c apt-get update     && apt-get install -y curl # buildkit", False),
    ("ENV A=b c D=e", True),
    ("WORKDIR /app", False),
    ("COPY --chown=1 src/ ./lib/ # buildkit", False),
    ("RUN |1 VERSION=1 /bin/sh -c pip install -r requirements.txt # buildkit", False),
    ("ADD x.tar /opt # buildkit", False),
    ("EXPOSE map[8080/tcp:{} 9090/udp:{}]", True),
    ("VOLUME [/data]", True),
    ("USER app", True),
    ('HEALTHCHECK &{["CMD-SHELL" "curl -f localhost"] "3s" "0s" "0s" "0s" \'\\x00\'}', True),
    ('ENTRYPOINT ["python" "-m" "app"]', True),
    ('CMD ["/bin/sh" "-c" "serve"]', True),
]
BUILDAH = [
    (text if index < len(CLASSIC) - 1 else f"{text}|unsetLabel=true|force-mtime=1", empty)
    for index, (text, empty) in enumerate(CLASSIC)
]


def _image(entries):
    history, layers = [], []
    for text, empty in entries:
        layer = None if empty else len(layers)
        history.append(HistoryEntry(created_by=text, empty_layer=empty, layer=layer))
        if not empty:
            layers.append(Layer(index=len(layers), diff_id=f"sha256:{len(layers)}", created_by=text))
    return Image(ref="shop/web", history=tuple(history), layers=tuple(layers))


def _aligned(entries, text=DOCKERFILE, target=None):
    return align(_image(entries), parse(text.encode(), "web/Dockerfile"), target)


def _lines(image):
    return [entry.instruction.line if entry.instruction else None for entry in image.history]


@pytest.mark.parametrize(("entries", "base"), [(CLASSIC, 2), (BUILDKIT, 1), (BUILDAH, 2)])
def test_every_dialect_finds_its_lines(entries, base):
    image = _aligned(entries)
    assert _lines(image) == [None] * base + LINES
    assert {entry.confidence for entry in image.history[base:]} <= {"exact", "normalised"}
    assert image.layers[0].origin == "base"
    assert {layer.origin for layer in image.layers[1:]} == {"own"}
    assert str(image.layers[1].instruction) == "web/Dockerfile:4"
    assert image.base == BaseImage(names=("debian:12",), source="dockerfile")


def test_a_changed_line_between_certain_ones_is_aligned():
    entries = [("RUN /bin/sh -c old # buildkit" if "pip" in text else text, empty) for text, empty in BUILDKIT]
    image = _aligned(entries)
    assert _lines(image)[1:] == LINES
    assert image.history[5].confidence == "aligned"


def test_an_added_line_leaves_the_gap_unknown():
    entries = [*BUILDKIT[:5], ("USER other", True), *BUILDKIT[6:]]
    image = _aligned(entries)
    assert _lines(image)[5] is None
    assert image.history[5].confidence == "unknown"
    assert _lines(image)[6:] == LINES[5:]


def test_another_dockerfile_is_not_aligned():
    image = _image([("RUN /bin/sh -c something # buildkit", False)])
    assert align(image, parse(b"FROM a\nRUN else\nCOPY b /c\n", "Dockerfile")) == image


def test_target_chooses_the_stage_by_name_or_number():
    text = "FROM a AS one\nRUN first\nFROM b AS two\nRUN second\n"
    entries = [("RUN /bin/sh -c first # buildkit", False)]
    assert _lines(_aligned(entries, text, "One")) == _lines(_aligned(entries, text, "0")) == [2]
    assert _lines(_aligned(entries, text)) == [None]


def test_heredocs_and_exec_forms_are_compared_by_content():
    text = 'FROM scratch\nRUN <<EOF\necho 1\necho 2\nEOF\nRUN ["mkdir", "-p", "/x"]\nCOPY <<F /f\nx\nF\n'
    entries = [
        ("RUN /bin/sh -c echo 1\necho 2\n # buildkit", False),
        ("RUN mkdir -p /x # buildkit", False),
        ("COPY F /f # buildkit", False),
    ]
    image = _aligned(entries, text)
    assert _lines(image) == [2, 6, 7]
    assert image.base is None


def test_relative_destinations_meet_absolute_ones():
    image = _aligned([("/bin/sh -c #(nop) COPY dir:0a in /srv/app ", False)], "FROM a\nWORKDIR /srv\nCOPY . app/\n")
    assert _lines(image) == [3]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("/bin/sh -c #(nop)  USER app", ("USER", "app")),
        ("RUN /bin/bash -o pipefail -c a | b # buildkit", ("RUN", "a | b")),
        ("|2 A=b c C=/bin/x /bin/sh -c make", ("RUN", "make")),
        ("mkdir -p x", ("RUN", "mkdir -p x")),
        ("", ("", "")),
    ],
)
def test_history_texts_become_steps(text, step):
    found = read_step(text)
    assert (found.keyword, found.text) == step


WORDS = st.sampled_from(
    ["RUN a", "RUN b", "COPY x /y", "COPY . .", "USER u", "ENV A=b", "CMD x", "WORKDIR /w", "ARG Q"]
)


@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12))
def test_alignment_keeps_the_order_and_the_keywords(steps, instructions):
    text = "FROM a\n" + "\n".join(instructions) + "\n"
    image = _aligned([(step, False) for step in steps], text)
    lines = [line for line in _lines(image) if line is not None]
    assert lines == sorted(set(lines))
    for step, line in zip(steps, _lines(image), strict=True):
        if line is not None:
            assert instructions[line - 2].split()[0] == step.split()[0]


@given(st.lists(WORDS, min_size=1, max_size=12), st.lists(WORDS, max_size=5))
def test_an_image_of_the_same_instructions_is_aligned_whole(instructions, base):
    text = "FROM a\n" + "\n".join(instructions) + "\n"
    image = _aligned([(step, False) for step in (*base, *instructions)], text)
    assert _lines(image)[len(base) :] == list(range(2, len(instructions) + 2))


@given(st.lists(st.text(max_size=60), max_size=6))
def test_arbitrary_histories_never_crash(texts):
    _aligned([(text, False) for text in texts])
