"""`tidewaiter db import`: documents, or a whole database."""

from pathlib import Path

from tidewaiter import wiring
from tidewaiter.cli.db_shared import (
    INCOMPLETE,
    Allow,
    Database,
    Keys,
    NothingNamedError,
    database_path,
    install,
    key_paths,
    tell,
)
from tidewaiter.cli.output import progress
from tidewaiter.operations.install import Rules


def db_import(
    *paths: str,
    db: Database = "",
    key: Keys = (),
    allow_unsigned: Allow = False,
    allow_older: Allow = False,
) -> int:
    """Import advisory data from files, archives and folders, or take a whole database.

    Documents are recognised by content and may be compressed or lie in archives: OSV records, the distributions' own
    feeds, KEV, EPSS. Data of earlier imports stays, newer records replace older ones. A file that `db build` or
    `db export` made takes the place of the present one; where a key is known it must be signed, and it must not be
    older. The exit code is 0, or 3 when a document could not be read to its end.

    Parameters
    ----------
    paths
        Files or folders.
    db
        File to import into instead of the default one.
    key
        Public key of who may sign a whole database; `TIDEWAITER_DB_KEYS` lists them too.
    allow_unsigned
        Take a whole database without looking at its signature.
    allow_older
        Take a whole database that is older than the present one.

    """
    if not paths:
        raise NothingNamedError
    target = database_path(db)
    if len(paths) == 1 and wiring.is_database(Path(paths[0])):
        keys = key_paths(key)
        rules = Rules(unsigned=allow_unsigned or not keys, older=allow_older)
        return install(paths[0], target, keys=keys, rules=rules)
    with progress() as shown:
        result = wiring.run_import(paths, database=target, progress=shown)
    tell(result, target)
    return INCOMPLETE if result.broken_documents else 0
