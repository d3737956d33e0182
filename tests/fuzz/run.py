"""Changes valid inputs at random and reads them: `./dev fuzz [COUNT] [WORD...]`.

Every module beside this one that has `TARGETS` takes part; a WORD chooses the targets whose name holds it. The same
COUNT gives the same inputs. An input that makes a parser raise, take longer than a second of processor time, hang or need more memory
than 2 GiB is kept in `found/` below the current folder, and the exit code is 1. Once it is mended, its input belongs to
`tests/fuzz/kept/`, where `tests/contract/test_fuzz.py` reads it for ever.
"""

import importlib
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from fuzz.target import Target  # noqa: E402 - found only with the path above

SLOW = 1.0
"""Seconds of processor time; inputs are a few kilobytes."""
HANG = 20.0
MEMORY = 2 << 30
_NUMBERS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1", b"\1\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f")


def targets(words: list[str]) -> Iterator[Target]:
    """Yield the targets of all modules that the words choose."""
    for file in sorted(HERE.glob("*.py")):
        if file.stem not in {"run", "target"}:
            found: tuple[Target, ...] = importlib.import_module(f"fuzz.{file.stem}").TARGETS
            yield from (one for one in found if not words or any(word in one.name for word in words))


def changed(chance: random.Random, seed: bytes) -> bytes:
    """Return the seed with a few bytes changed, removed, repeated or moved."""
    body = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 12))):
        if not body:
            break
        at, other = chance.randrange(len(body)), chance.randrange(len(body))
        match chance.randrange(25) % 13 // 2:
            case 0:
                body[at] = chance.randrange(256)
            case 1:
                body[at] ^= 1 << chance.randrange(8)
            case 2:
                del body[at : at + chance.randrange(1, 40)]
            case 3:
                length = chance.randrange(1, 64)
                body[at : at + length] = body[other : other + length]
            case 4:
                body[at:at] = body[other : other + chance.randrange(1, 200)]
            case 5:
                body[at : at + 4] = chance.choice(_NUMBERS)
            case _:
                del body[at:]
    return bytes(body)


class HangError(Exception):
    """An input that is read for longer than `HANG`."""


def hung(_number: int, _frame: object) -> None:
    """Break off an input that hangs."""
    raise HangError(f"still reading after {HANG} s")


def failure(target: Target, data: bytes) -> str:
    """Return what went wrong with one input, empty when nothing did."""
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HANG)
    try:
        target.read(data)
    except Exception as error:  # noqa: BLE001 - any exception is what is looked for
        return f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    taken = time.process_time() - start
    return f"took {taken:.1f} s" if taken > SLOW else ""


def tell(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(count: int, words: list[str]) -> int:
    """Run all targets and return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, hung)
    bad = total = 0
    for target in targets(words):
        chance = random.Random(target.name)
        start = time.perf_counter()
        for number in range(count):
            data = changed(chance, target.seed)
            told = failure(target, data)
            if told:
                bad += 1
                file = Path("found") / f"{target.name.replace(' ', '-').replace('/', '-')}-{number}"
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(data)
                tell(f"{target.name}: {told}, input kept as {file}")
                break
        total += number + 1
        tell(f"{target.name}: {number + 1} inputs, {time.perf_counter() - start:.1f} s")
    tell(f"{total} inputs in all, {bad} targets failed")
    tell(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return 1 if bad else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    chosen = int(given.pop(0)) if given and given[0].isdigit() else 1_000
    sys.exit(main(chosen, given))
