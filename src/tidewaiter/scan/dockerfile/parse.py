"""Bytes of a Dockerfile become instructions with their lines (moby/buildkit: frontend/dockerfile/docs/reference.md)."""

import re

from tidewaiter.core.model.dockerfile import Dockerfile, Instruction
from tidewaiter.core.model.location import Location
from tidewaiter.core.model.verdict import Unknown
from tidewaiter.scan.dockerfile.lines import LogicalLine, logical_lines, read_escape
from tidewaiter.scan.dockerfile.stages import Stages
from tidewaiter.scan.dockerfile.words import split_words, unquoted

KEYWORDS = frozenset(
    [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    ]
)
_FLAGGED = frozenset({"ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"})
_EXPANDED = frozenset({"ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"})
_FLAG = re.compile(r"--([a-z][a-z-]*)(?:=(.*))?", re.DOTALL)
_LARGEST = 4 * 1024 * 1024
_MOST_UNKNOWNS = 20
_MOST = 5_000
_ADVICE = "correct the line: `docker build` refuses it as well"


def parse(data: bytes, path: str) -> Dockerfile:
    """Return the instructions of a Dockerfile; what Docker would refuse becomes Unknowns, never an exception."""
    if len(data) > _LARGEST:
        reason = f"it has {len(data)} bytes, more than the bound of {_LARGEST}"
        return Dockerfile(path=path, unknowns=(_unknown(path, None, reason),))
    text = data.decode("utf-8-sig", "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    escape = read_escape(lines)
    stages = Stages(escape)
    instructions: list[Instruction] = []
    unknowns: list[Unknown] = []
    for logical in logical_lines(lines, escape):
        if len(instructions) >= _MOST:
            unknowns.append(_unknown(path, logical.line, f"it has more than {_MOST} instructions"))
            break
        if logical.unterminated:
            unknowns.append(_unknown(path, logical.line, f"heredoc `{logical.unterminated[:40]}` never ends"))
        instruction = _instruction(logical, stages, escape)
        if instruction is None:
            word = logical.text.split(maxsplit=1)[0][:40]
            unknowns.append(_unknown(path, logical.line, f"`{word}` is no instruction"))
        else:
            instructions.append(instruction)
    if not stages.count and not unknowns:
        unknowns.append(_unknown(path, None, "it has no FROM"))
    if len(unknowns) > _MOST_UNKNOWNS:
        more = len(unknowns) - _MOST_UNKNOWNS
        unknowns = [*unknowns[:_MOST_UNKNOWNS], _unknown(path, None, f"{more} more lines cannot be read")]
    return Dockerfile(path=path, instructions=tuple(instructions), escape=escape, unknowns=tuple(unknowns))


def _instruction(logical: LogicalLine, stages: Stages, escape: str) -> Instruction | None:
    word, rest = (*logical.text.split(maxsplit=1), "")[:2]
    keyword = word.upper()
    if keyword not in KEYWORDS:
        return None
    flags, value = _flags(rest.strip(), escape) if keyword in _FLAGGED else ((), rest.strip())
    image = name = expanded = ""
    if keyword == "FROM":
        image, name, expanded = stages.enter(value)
    elif keyword == "ARG":
        stages.declare(value)
    elif keyword in _EXPANDED:
        expanded = stages.expand(value)
        if keyword == "ENV":
            stages.set_environment(expanded)
    return Instruction(
        keyword=keyword,
        value=value,
        expanded=expanded if expanded != value else "",
        flags=flags,
        line=logical.line,
        end_line=logical.end_line,
        stage=max(stages.count - 1, 0),
        heredocs=logical.heredocs,
        image=image,
        name=name,
    )


def _flags(rest: str, escape: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the leading `--name=value` words and what stands behind them."""
    flags: list[tuple[str, str]] = []
    while rest.startswith("--"):
        word = next(split_words(rest, escape), "")
        match = _FLAG.fullmatch(word)
        if match is None:
            break
        flags.append((match.group(1), unquoted(match.group(2) or "", escape)))
        rest = rest[len(word) :].lstrip()
    return tuple(flags), rest


def _unknown(path: str, line: int | None, reason: str) -> Unknown:
    location = Location(file=path, line=line)
    return Unknown(subject=path, reason=f"{location}: {reason}", advice=_ADVICE, location=location)
