"""Whole advisory files: taken from elsewhere, handed on, verified, compared, signed, taken back."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import tidewaiter
from tidewaiter.adapters.documents import OpenDocument, open_documents
from tidewaiter.adapters.feed_source import HttpSource
from tidewaiter.adapters.signing import Ed25519Verifier, new_key, read_signature, sign, write_signature
from tidewaiter.adapters.store import (
    damage,
    describe,
    difference,
    fresh_file,
    install,
    previous,
    replace,
    restore,
)
from tidewaiter.operations.install import Files, Installed, Rules
from tidewaiter.operations.install import install as take
from tidewaiter.ports.advisories import AdvisoryError, Changes, DatabaseFacts, DocumentError, Signature
from tidewaiter.ports.feed_source import FeedAddress, FetchError
from tidewaiter.wiring.database_update import downloads
from tidewaiter.wiring.settings import Progress

SQLITE = b"SQLite format 3\0"
_FILES = Files(describe=describe, install=install)


def is_database(path: Path) -> bool:
    """Tell whether a file is a whole advisory file, plain or compressed, and not a document to import."""
    if not path.is_file():
        return False
    documents = open_documents(path)
    found = next(documents, None)
    with contextlib.suppress(DocumentError):
        return isinstance(found, OpenDocument) and found.head().startswith(SQLITE)
    return False


def run_install(source: str, *, database: Path, keys: Sequence[str], rules: Rules, progress: Progress) -> Installed:
    """Take a ready-made file from a path or an address, with its signature beside it; AdvisoryError."""
    verifier = Ed25519Verifier([Path(key) for key in keys])
    with contextlib.ExitStack() as stack:
        if "://" in source:
            path, signature = _downloaded(source, database, verifier, rules, progress)
        else:
            path = Path(source)
            signature = _signature(_sig(path))
        plain = stack.enter_context(_plain(path))
        result = take(plain, database, signature=signature, verifier=verifier, rules=rules, files=_FILES)
    _settle(database, signature if result.signer else None)
    return result


def run_export(output: Path, *, database: Path) -> DatabaseFacts:
    """Copy the present file, and its signature when it has one; AdvisoryError."""
    facts = describe(database)
    with fresh_file(output) as temporary:
        try:
            shutil.copyfile(database, temporary)
        except OSError as error:
            raise AdvisoryError(
                f"{output} cannot be written: {error.strerror or error}", "name another file"
            ) from error
        temporary.chmod(0o644)
        replace(temporary, output)
    signature = _signature(_sig(database))
    if signature is not None and signature.sha256 == facts.sha256:
        write_signature(signature, _sig(output))
    return facts


def run_verify(path: Path, *, keys: Sequence[str]) -> tuple[DatabaseFacts, tuple[str, ...], str]:
    """Return what a file is, what is wrong inside, and who signed it, empty without a known key; AdvisoryError."""
    facts = describe(path)
    problems = damage(path)
    verifier = Ed25519Verifier([Path(key) for key in keys])
    signature = _signature(_sig(path))
    if not verifier.keys:
        return facts, problems, ""
    if signature is None:
        raise AdvisoryError(f"{path} is not signed: there is no {_sig(path)}", "`tidewaiter db sign` signs it")
    verifier.verify(facts, signature)
    return facts, problems, signature.key


def run_difference(old: Path, new: Path) -> Changes:
    """Return what differs between two files; AdvisoryError."""
    return difference(old, new)


def run_rollback(database: Path) -> DatabaseFacts:
    """Go back to the file before the present one; AdvisoryError."""
    result = restore(database)
    _settle(database)
    return result


def run_sign(path: Path, *, key: Path) -> tuple[Path, Signature]:
    """Sign a file; return where the signature lies. AdvisoryError."""
    signature = sign(describe(path), key)
    write_signature(signature, _sig(path))
    return _sig(path), signature


def run_new_key(path: Path) -> str:
    """Make a pair of keys; return the id of the public one. AdvisoryError."""
    return new_key(path)


def _settle(database: Path, new: Signature | None = None) -> None:
    """Lay each signature beside the file that it is of, the present one or the previous one, and drop all others."""
    files = (database, previous(database))
    known = [new] if new is not None else []
    for path in files:
        with contextlib.suppress(AdvisoryError):  # what cannot be read is no signature
            known += [one] if (one := _signature(_sig(path))) is not None else []
    for path in files:
        digest = ""
        with contextlib.suppress(AdvisoryError):
            digest = describe(path).sha256
        own = next((one for one in known if one.sha256 == digest), None)
        if own is not None:
            write_signature(own, _sig(path))
        else:
            _sig(path).unlink(missing_ok=True)


def _sig(path: Path) -> Path:
    return path.with_name(_signed_name(path.name))


def _signed_name(name: str) -> str:
    """Return the name of the signature: what is signed is the file itself, however it is compressed on its way."""
    for suffix in (".gz", ".zst", ".xz", ".bz2"):
        name = name.removesuffix(suffix)
    return f"{name}.sig"


def _signature(path: Path) -> Signature | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AdvisoryError(f"{path} cannot be read: {error.strerror or error}", "check its permissions") from error
    return read_signature(data, str(path))


def _downloaded(
    url: str, database: Path, verifier: Ed25519Verifier, rules: Rules, progress: Progress
) -> tuple[Path, Signature | None]:
    advice = "the present file was not touched; check the address and try again"
    with HttpSource(downloads(database), agent=f"tidewaiter/{tidewaiter.__version__}") as source:
        try:
            signature = None
            if verifier.keys and not rules.unsigned:
                signature = read_signature(source.small(_signed_name(url)), _signed_name(url))
            fetched = source.fetch(FeedAddress(feed="database", urls=(url,)), progress)
        except FetchError as error:
            raise AdvisoryError(f"the file could not be had: {error}", advice) from error
    if fetched.stale:
        raise AdvisoryError(f"the file could not be had: {fetched.stale}", advice)
    return fetched.path, signature


@contextlib.contextmanager
def _plain(path: Path) -> Iterator[Path]:
    """Yield the file itself, or what a compressed one holds."""
    if path.is_file():
        with path.open("rb") as stream:
            if stream.read(len(SQLITE)) == SQLITE:
                yield path
                return
    for document in open_documents(path):
        if isinstance(document, DocumentError):
            raise AdvisoryError(str(document), "fetch the file again")
        with tempfile.NamedTemporaryFile(prefix="tidewaiter-", suffix=".sqlite") as file:
            try:
                shutil.copyfileobj(document.stream(), file)
            except DocumentError as error:
                raise AdvisoryError(f"{document.name}: {error}", "fetch the file again") from error
            file.flush()
            yield Path(file.name)
        return
    raise AdvisoryError(f"{path} is empty", "give the file that `tidewaiter db build` or `db export` made")
