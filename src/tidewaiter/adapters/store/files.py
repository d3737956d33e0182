"""Whole advisory files: what one is, whether it is sound, putting one in the place of another and taking it back."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from tidewaiter.adapters.store.reader import connect, open_advisories
from tidewaiter.ports.advisories import AdvisoryError, DatabaseFacts

_CHUNK = 1 << 20
_PROBLEMS = 20
_PATIENCE, _PAUSE = 600.0, 0.1
_FORGOTTEN = 86_400.0


def describe(path: Path) -> DatabaseFacts:
    """Return what a file is; AdvisoryError when it is missing, not ours, or of another schema."""
    with open_advisories(path) as data:
        counts = [feed.records for feed in data.feeds()]
        built, size = data.built, data.size
    # A damaged file may hold any type in any column.
    if [type(built), *{type(count) for count in counts}] not in ([str], [str, int]):
        raise AdvisoryError(f"{path} is damaged: its description cannot be read", "fetch or build it again")
    return DatabaseFacts(built=built, size=size, sha256=_digest(path), records=sum(counts))


def damage(path: Path) -> tuple[str, ...]:
    """Return what is wrong inside a file, empty when it is sound; AdvisoryError as `describe`."""
    describe(path)
    connection = connect(path)
    try:
        found = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_PROBLEMS})")]
        problems = [] if found == ["ok"] else found
        problems += _cut(path)
        for table, column, other in (("affected", "vuln", "vuln"), ("affected", "package", "package")):
            query = f"SELECT COUNT(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM {other})"  # noqa: S608 - constants
            count = connection.execute(query).fetchone()[0]
            if count:
                problems.append(f"{count} rows of {table} name no {other}")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return (str(error),)
    finally:
        connection.close()
    return tuple(problems)


def _cut(path: Path) -> list[str]:
    """Compare the size with that of the header (sqlite.org: fileformat2, 1.3): SQLite reads a short page as zeros."""
    with path.open("rb") as stream:
        head = stream.read(32)
    page = int.from_bytes(head[16:18], "big")
    stated = (1 << 16 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    size = path.stat().st_size
    return [f"the file has {size} bytes, its header says {stated}"] if size != stated else []


def previous(path: Path) -> Path:
    """Return where the version before the present one is kept."""
    return path.with_name(path.name + ".previous")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep others from changing the files of a folder until the block ends; AdvisoryError when they do for long.

    Who changes a file copies it first and replaces it at the end: without this the slower of two would undo what the
    faster one did. Readers never wait. What killed processes left behind is taken away after a day.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(folder, path)
        # A builder that makes a file beside a file that is being made puts another dot before its name.
        for left in (one for dots in (".", "..") for one in path.parent.glob(f"{dots}{path.name}.*.new")):
            if time.time() - left.stat().st_mtime > _FORGOTTEN:
                left.unlink(missing_ok=True)
        yield
    finally:
        os.close(folder)


def _lock(folder: int, path: Path) -> None:
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > patience:
                raise AdvisoryError(f"another process is changing {path}", "wait until it is done") from error
            time.sleep(_PAUSE)
        except OSError:  # a file system without locks
            return
        else:
            return


def keep_previous(path: Path) -> None:
    """Keep the present file beside itself, without a moment in which it is missing; OSError."""
    if not path.exists():
        return
    with _beside(previous(path)) as temporary:
        temporary.unlink()
        try:
            os.link(path, temporary)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, temporary)
        temporary.replace(previous(path))


def install(new: Path, path: Path) -> None:
    """Put a copy of a sound file in the place of another, which is kept as the previous one; AdvisoryError."""
    problems = damage(new)
    if problems:
        raise AdvisoryError(
            f"{new} is damaged: {problems[0]}", "fetch or build it again; the present file was not touched"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path), _beside(path) as temporary:
            shutil.copyfile(new, temporary)
            with temporary.open("rb") as stream:
                os.fsync(stream.fileno())
            temporary.chmod(0o644)
            keep_previous(path)
            temporary.replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise AdvisoryError(message, "choose another file with `--db FILE`") from error


def restore(path: Path) -> DatabaseFacts:
    """Exchange the present file and the previous one; return what is present now. AdvisoryError."""
    old = previous(path)
    if not old.is_file():
        raise AdvisoryError(f"there is no previous version of {path}", "only an import, update or rollback leaves one")
    problems = damage(old)
    if problems:
        raise AdvisoryError(f"the previous version {old} is damaged: {problems[0]}", "run `tidewaiter db update`")
    try:
        with alone(path), _beside(path) as temporary:
            shutil.copyfile(old, temporary)
            keep_previous(path)
            temporary.chmod(0o644)
            temporary.replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise AdvisoryError(message, "check the permissions of its folder") from error
    return describe(path)


@contextmanager
def fresh_file(path: Path) -> Iterator[Path]:
    """Yield a path beside another under which no file is, and take away what is left there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path) as temporary:
            temporary.unlink()
            yield temporary
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise AdvisoryError(message, "choose another file") from error


def replace(new: Path, path: Path) -> None:
    """Move a file into the place of another; AdvisoryError."""
    try:
        new.replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise AdvisoryError(message, "choose another file") from error


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            digest.update(data)
    return digest.hexdigest()


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    handle, name = mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
