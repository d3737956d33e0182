"""From which repository dnf installed each package: its history (rpm-software-management/libdnf, dnf5: transaction/db).

Both generations keep a table `trans_item` that joins packages and repositories; they differ in where names stand.
"""

from collections.abc import Mapping
from typing import Final

from tidewaiter.scan.analyzer import AnalyzerResult, damaged
from tidewaiter.scan.sqlite import Database, SqliteError, Value

_LOGS: Final = ("history.sqlite-wal", "transaction_history.sqlite-wal")
_INSTALLED: Final = {False: frozenset({1, 2, 6, 9}), True: frozenset({1, 2, 3, 4})}
"""Actions that leave a package installed: dnf 4 counts install, downgrade, upgrade, reinstall; dnf 5 the same four."""
_NOWHERE: Final = frozenset({"", "@System"})
_ADVICE: Final = "remove the history, or run the package manager once more"


class DnfHistory:
    """Reads the histories of dnf 4 and 5, which say where packages came from; vendors alone do not tell mirrors apart."""

    id: Final = "dnf-history"
    version: Final = 1
    tags: Final = frozenset({"image", "installed", "os", "rpm"})
    globs: Final = ("var/lib/dnf/history.sqlite", "usr/lib/sysimage/libdnf5/transaction_history.sqlite")
    magics: Final[tuple[bytes, ...]] = ()
    max_bytes: Final = 64 << 20
    companions: Final = _LOGS

    def wants(self, path: str) -> bool:
        """Accept every path of `globs`."""
        return bool(path)

    def parse(self, data: bytes, path: str) -> AnalyzerResult:
        """Return the origins of a history that has nothing beside it."""
        return self.parse_beside(data, path, {})

    def parse_beside(self, data: bytes, path: str, beside: Mapping[str, bytes]) -> AnalyzerResult:
        """Return the repository of each package that a transaction installed; the latest one counts."""
        log = beside.get(path.rpartition("/")[2] + "-wal", b"")
        try:
            database = Database(data, log)
            origins = _origins(database)
        except SqliteError as error:
            return AnalyzerResult(unknowns=(damaged(path, str(error), advice=_ADVICE),))
        unknowns = tuple(damaged(path, clause, advice=_ADVICE) for clause in database.damage)
        return AnalyzerResult(origins=origins, unknowns=unknowns)


def _origins(database: Database) -> tuple[tuple[str, str, str], ...]:
    repositories = {row.get("id"): _text(row.get("repoid")) for row in database.named_rows("repo")}
    builds = {row.get("item_id"): row for row in database.named_rows("rpm")}
    is_new = any("name_id" in row for row in builds.values())
    names = {row.get("id"): _text(row.get("name")) for row in database.named_rows("pkg_name")} if is_new else {}
    found: dict[tuple[str, str], str] = {}
    for item in database.named_rows("trans_item"):
        build = builds.get(item.get("item_id"))
        repository = repositories.get(item.get("repo_id"), "")
        action = item.get("action_id" if is_new else "action")
        if build is None or repository in _NOWHERE or action not in _INSTALLED[is_new]:
            continue
        name = names.get(build.get("name_id"), "") if is_new else _text(build.get("name"))
        if name:
            found[name, f"{_text(build.get('version'))}-{_text(build.get('release'))}"] = repository
    return tuple((name, version, repository) for (name, version), repository in sorted(found.items()))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


ANALYZER: Final = DnfHistory()
