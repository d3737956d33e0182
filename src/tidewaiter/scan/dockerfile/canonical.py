"""Instructions and history entries in forms that can be compared."""

import json
import posixpath
import re

import msgspec

from tidewaiter.core.model.dockerfile import Instruction
from tidewaiter.scan.dockerfile.history import Step
from tidewaiter.scan.dockerfile.words import key_values, split_words, unquoted

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PORT = re.compile(r"([0-9]+(?:-[0-9]+)?)(?:/([a-z]+))?")
_PAIRS = frozenset({"ENV", "LABEL"})
_COPIES = frozenset({"COPY", "ADD"})
_COMMANDS = frozenset({"CMD", "ENTRYPOINT", "SHELL"})


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared: the keyword, the text alone, and forms any of which may agree."""

    keyword: str
    text: str
    forms: frozenset[str]


def of_step(step: Step) -> Compared:
    """Return the forms of a history entry."""
    text = _squeezed(step.text)
    if step.keyword in _COPIES:
        _, mark, destination = text.rpartition(" in ")
        classic = mark and re.match(r"(?:file|dir|multi):[0-9a-f]+", text) is not None
        words = list(split_words(text))
        last = destination if classic else unquoted(words[-1]) if words else ""
        return Compared(keyword=step.keyword, text=text, forms=frozenset({_place(last.strip('[]"'))}))
    return Compared(keyword=step.keyword, text=text, forms=_forms(step.keyword, text))


def of_instruction(instruction: Instruction, directory: str) -> Compared:
    """Return the forms of an instruction; `directory` is the WORKDIR it runs in."""
    keyword = instruction.keyword
    value = instruction.expanded or instruction.value
    text = _squeezed(value)
    if keyword in _COPIES:
        destination = _destination(value)
        forms = frozenset({_place(destination), _place(posixpath.join(directory, destination))})
    elif keyword == "WORKDIR":
        place = unquoted(text)
        forms = frozenset({_place(place), _place(posixpath.join(directory, place))})
    elif keyword == "RUN":
        forms = _run_forms(instruction, text)
    else:
        forms = _forms(keyword, text)
    return Compared(keyword=keyword, text=text, forms=forms)


def _forms(keyword: str, text: str) -> frozenset[str]:
    if keyword in _PAIRS:
        pairs = "\0".join(f"{key}={_bare(value)}" for key, value in key_values(text))
        return frozenset({pairs, _bare(text)})
    if keyword == "EXPOSE":
        ports = sorted(f"{port}/{protocol or 'tcp'}" for port, protocol in _PORT.findall(text))
        return frozenset({" ".join(ports)})
    if keyword == "ARG":
        return frozenset({text.partition("=")[0]})
    if keyword == "WORKDIR":
        return frozenset({_place(unquoted(text))})
    if keyword == "VOLUME":
        return frozenset({" ".join(text.replace(",", " ").translate(_NO_BRACKETS).split())})
    if keyword in _COMMANDS:
        return frozenset({_arguments(text)})
    if keyword == "HEALTHCHECK":
        return frozenset({"NONE" if text.startswith(("NONE", "none", '&{["NONE"')) else "CMD"})
    return frozenset({_bare(text)})


def _run_forms(instruction: Instruction, text: str) -> frozenset[str]:
    forms = {text}
    arguments = _json_list(text)
    if arguments is not None:
        forms.add(" ".join(arguments))
    if instruction.heredocs:
        bodies = _squeezed(" ".join(instruction.heredocs))
        forms.add(bodies)
        names = re.findall(r"<<-?[\"']?([A-Za-z0-9_.]+)", text)
        parts = " ".join(f"{body} {name}" for body, name in zip(instruction.heredocs, names, strict=False))
        forms.add(_squeezed(f"{text} {parts}"))
    return frozenset(forms)


_NO_BRACKETS = {ord(character): None for character in "[]\"'"}


def _arguments(text: str) -> str:
    """Return a command as its arguments; the shell form runs in `/bin/sh -c`."""
    if text.startswith("["):
        arguments = _json_list(text)
        if arguments is None:
            arguments = [_unescaped(part) for part in _QUOTED.findall(text)]
        return "\0".join(arguments)
    return f"/bin/sh\0-c\0{text}"


def _json_list(text: str) -> list[str] | None:
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and all(isinstance(part, str) for part in value) else None


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _destination(value: str) -> str:
    arguments = _json_list(value)
    if arguments:
        return arguments[-1]
    words = list(split_words(value))
    return unquoted(words[-1]) if words else ""


def _place(path: str) -> str:
    normal = posixpath.normpath(path) if path else "."
    return normal.replace("//", "/", 1) if normal.startswith("//") else normal


def _bare(text: str) -> str:
    return text.replace('"', "").replace("'", "")


def _squeezed(text: str) -> str:
    return " ".join(text.split())
