"""Programs that keep credentials (docker/docker-credential-helpers: the protocol of `get`)."""

import re
import selectors
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from tidewaiter.adapters.registry.auth_files import HUB, Credential, credential_of
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_SECONDS: Final = 30
_LONGEST: Final = 1 << 20
"""Bytes of an answer; a helper is a program of somebody else, and its answer is read into memory."""
_HUB_SERVER: Final = "https://index.docker.io/v1/"
_NOTHING: Final = ("credentials not found", "no credentials")


class HelperError(Exception):
    """A helper could not be asked; its text is one clause without a secret."""


def ask_helper(name: str, place: str) -> Credential | None:
    """Return what `docker-credential-NAME get` knows about a place, None when it knows nothing; raises HelperError."""
    program = f"docker-credential-{name}"
    if _NAME.fullmatch(name) is None:
        raise HelperError(f"`{name}` is not the name of a credential helper")
    server = _HUB_SERVER if place == HUB else place
    try:
        code, said = _asked([program, "get"], server.encode())
    except FileNotFoundError as error:
        raise HelperError(f"the credential helper {program} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise HelperError(f"the credential helper {program} did not answer within {_SECONDS} seconds") from error
    except OSError as error:
        raise HelperError(f"the credential helper {program} cannot be started: {error.strerror or error}") from error
    if len(said) > _LONGEST:
        raise HelperError(f"the credential helper {program} gave an answer of more than {_LONGEST >> 20} MiB")
    if code != 0:
        words = said[:1000].decode("utf-8", "replace").lower()
        if any(known in words for known in _NOTHING):
            return None
        raise HelperError(f"the credential helper {program} failed for {place} (exit code {code})")
    try:
        answer = mapping(decode(said))
    except JsonError as error:
        raise HelperError(f"the credential helper {program} gave an answer that is not JSON") from error
    found = credential_of(text(answer.get("Username")), text(answer.get("Secret")), program)
    return None if found.is_empty else found


def _asked(command: Sequence[str], question: bytes) -> tuple[int, bytes]:
    """Run a program and return its exit code and what it says, cut off behind the bound.

    Raises subprocess.TimeoutExpired, and OSError when it cannot be started.
    """
    until = time.monotonic() + _SECONDS
    # Only a file of the user's own names the program, and its name is bound to the prefix above.
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with suppress(BrokenPipeError):  # one that needs no question may have ended already
                process.stdin.write(question)
            process.stdin.close()
            said = bytearray()
            with selectors.DefaultSelector() as selector:
                selector.register(process.stdout, selectors.EVENT_READ)
                while len(said) <= _LONGEST:
                    if not selector.select(max(until - time.monotonic(), 0)):
                        raise subprocess.TimeoutExpired(command, _SECONDS)
                    part = process.stdout.read(1 << 16)
                    if not part:
                        return process.wait(max(until - time.monotonic(), 0)), bytes(said)
                    said += part
            return 0, bytes(said)
        finally:
            process.kill()
