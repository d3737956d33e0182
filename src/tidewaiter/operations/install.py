"""The use case of taking a ready-made advisory file: who signed it, whether it is sound, whether it is newer."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from tidewaiter.ports.advisories import AdvisoryError, DatabaseFacts, Signature, Verifier


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a person or a setting allows."""

    unsigned: bool = False
    """Take a file that nobody signed, or whose signer is not known."""
    older: bool = False
    """Go back in time."""


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What taking a file did."""

    facts: DatabaseFacts
    before: DatabaseFacts | None
    """What was there; None without a usable file."""
    signer: str
    """Id of the key; empty when the signature was not looked at."""
    is_same: bool
    """True when exactly this file was there already, and nothing was done."""


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with whole files."""

    describe: Callable[[Path], DatabaseFacts]
    install: Callable[[Path, Path], None]


def install(
    new: Path, target: Path, *, signature: Signature | None, verifier: Verifier, rules: Rules, files: Files
) -> Installed:
    """Put a file in the place of the present one after looking at signature, schema, soundness and age.

    AdvisoryError leaves the present file as it is.
    """
    facts = files.describe(new)
    signer = _signer(facts, signature, verifier, rules)
    before = _present(target, files)
    if before is not None and before.sha256 == facts.sha256:
        return Installed(facts=facts, before=before, signer=signer, is_same=True)
    if before is not None and facts.built < before.built and not rules.older:
        message = f"it was built {facts.built}, before the present file ({before.built})"
        raise AdvisoryError(
            message, "`--allow-older` takes it all the same; `db rollback` goes back to the previous file"
        )
    files.install(new, target)
    return Installed(facts=facts, before=before, signer=signer, is_same=False)


def _signer(facts: DatabaseFacts, signature: Signature | None, verifier: Verifier, rules: Rules) -> str:
    if rules.unsigned:
        return ""
    if not verifier.keys:
        advice = "give the publisher's key with `--key FILE.pub`, or `--allow-unsigned` to take the file unverified"
        raise AdvisoryError("no key is known that could verify the file", advice)
    if signature is None:
        raise AdvisoryError("the file is not signed", "ask its publisher for FILE.sig, or give `--allow-unsigned`")
    verifier.verify(facts, signature)
    return signature.key


def _present(target: Path, files: Files) -> DatabaseFacts | None:
    """Return what is there; a file that cannot be read is no reason to refuse a good one."""
    try:
        return files.describe(target)
    except AdvisoryError:
        return None
