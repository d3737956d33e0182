"""Programs that keep credentials (docker/docker-credential-helpers: the protocol of `get`)."""

import re
import subprocess
from typing import Final

from tidewaiter.adapters.registry.auth_files import HUB, Credential, credential_of
from tidewaiter.scan.json_text import JsonError, decode, mapping, text

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_SECONDS: Final = 30
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
        # Only a file of the user's own names the program, and its name is bound to the prefix above.
        done = subprocess.run(  # noqa: S603
            [program, "get"], input=server.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise HelperError(f"the credential helper {program} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise HelperError(f"the credential helper {program} did not answer within {_SECONDS} seconds") from error
    except OSError as error:
        raise HelperError(f"the credential helper {program} cannot be started: {error.strerror or error}") from error
    if done.returncode != 0:
        said = done.stdout[:1000].decode("utf-8", "replace").lower()
        if any(words in said for words in _NOTHING):
            return None
        raise HelperError(f"the credential helper {program} failed for {place} (exit code {done.returncode})")
    try:
        answer = mapping(decode(done.stdout))
    except JsonError as error:
        raise HelperError(f"the credential helper {program} gave an answer that is not JSON") from error
    found = credential_of(text(answer.get("Username")), text(answer.get("Secret")), program)
    return None if found.is_empty else found
