"""Dialects of `created_by` in image histories: classic builder, BuildKit, Buildah."""

import re

import msgspec

from tidewaiter.scan.dockerfile.parse import KEYWORDS

_NOP = "/bin/sh -c #(nop) "
_BUILDKIT = " # buildkit"
_BUILDAH = re.compile(
    r"(?:\|(?:unsetLabel|unsetLabels|unsetAnnotation|unsetAnnotations|inheritLabels|inheritAnnotations|force-mtime"
    r"|rewrite-timestamp|timestamp)=[^|]{0,200})+\Z"
)
_SHELL = re.compile(r"(?:\A|(?<= ))/(?:[^\s/\"']+/)*(?:ba|da|z|k|a)?sh(?: [^\s\"'|;&]+){0,6}? -c ")
_LONGEST = 65_536


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the history as an instruction."""

    keyword: str
    """Upper case; empty for an entry without text."""
    text: str
    """What stands behind the keyword; the command alone for RUN."""


def read_step(created_by: str) -> Step:
    """Return the instruction that made an entry; an entry that names no instruction is a RUN."""
    text = created_by[:_LONGEST].strip()
    if text.endswith(_BUILDKIT):
        text = text[: -len(_BUILDKIT)].rstrip()
    text = _BUILDAH.sub("", text)
    if not text:
        return Step(keyword="", text="")
    if text.startswith(_NOP):
        text = text[len(_NOP) :].strip()
        keyword, _, rest = text.partition(" ")
        return Step(keyword=keyword.upper(), text=rest.strip())
    keyword, _, rest = text.partition(" ")
    if keyword in KEYWORDS:
        rest = rest.strip()
        return Step(keyword=keyword, text=command(rest) if keyword == "RUN" else rest)
    return Step(keyword="RUN", text=command(text))


def command(text: str) -> str:
    """Return the command without build arguments (`|2 A=b C=d`) and without the shell in front of it."""
    has_arguments = text.startswith("|")
    match = _SHELL.search(text) if has_arguments else _SHELL.match(text)
    return text[match.end() :].strip() if match is not None else text
