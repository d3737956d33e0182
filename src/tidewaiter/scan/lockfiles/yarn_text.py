"""The text format of Yarn 1's lock file: blocks of keys with indented fields."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from tidewaiter.scan.lockfiles.reader import DamageError

_KEY: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s,":][^\s,"]*)')
_FIELD: Final = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s"]\S*) +(.+)')


class Block(msgspec.Struct):
    """One package: the ranges that it satisfies (`name@range`) and its fields."""

    line: int
    keys: list[str]
    version: str = ""
    resolved: str = ""
    needs: list[str] = msgspec.field(default_factory=list)


def blocks(text: str) -> Iterator[Block | DamageError]:
    """Yield the blocks; a line of another shape is given as the last element, for no more can be told behind it."""
    try:
        yield from _blocks(text)
    except DamageError as error:
        yield error


def _blocks(text: str) -> Iterator[Block]:
    block: Block | None = None
    within = ""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if depth == 0:
            if block is not None:
                yield block
            block, within = _opened(stripped, number), ""
        elif block is None:
            raise DamageError(f"`{stripped[:60]}` stands outside of a package", number)
        elif stripped.endswith(":") and depth == 2:
            within = stripped[:-1]
        else:
            _fill(block, within if depth > 2 else "", stripped, number)
    if block is not None:
        yield block


def _opened(line: str, number: int) -> Block:
    if not line.endswith(":"):
        raise DamageError(f"`{line[:60]}` is neither a package nor a field of one", number)
    keys = [quoted or bare.removesuffix(":") for quoted, bare in _KEY.findall(line.removesuffix(":"))]
    if not keys:
        raise DamageError("a package without a name", number)
    return Block(number, keys)


def _fill(block: Block, within: str, line: str, number: int) -> None:
    field = _FIELD.fullmatch(line)
    if field is None:
        if within or line.endswith(("true", "false")):
            return
        raise DamageError(f"`{line[:60]}` is not a field and its value", number)
    name, value = _bare(field[1]), _bare(field[2])
    if within in {"dependencies", "optionalDependencies"}:
        block.needs.append(f"{name}@{value}")
    elif not within and name == "version":
        block.version = value
    elif not within and name == "resolved":
        block.resolved = value


def _bare(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word
