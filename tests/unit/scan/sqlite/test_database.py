"""The reader of SQLite files against SQLite itself, and against damage."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.scan.sqlite import Database, SqliteError
from tidewaiter.scan.sqlite.record import read_record
from tidewaiter.scan.sqlite.statement import columns_of

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=40),
    st.binary(max_size=40),
)


def make(rows: list[tuple[object, ...]], *, page: int = 512, encoding: str = "UTF-8") -> bytes:
    """Return a database with a table `t` of three columns without types."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA page_size = {page}")
    connection.execute(f"PRAGMA encoding = '{encoding}'")
    connection.execute("CREATE TABLE t (a, b, c)")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


def read(data: bytes, wal: bytes = b"") -> tuple[list[tuple[object, ...]], list[str]]:
    """Return the values of all rows of `t`, and the damage."""
    database = Database(data, wal)
    return [row.values for row in database.rows("t")], database.damage


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=30), st.sampled_from([512, 4096, 65536]))
def test_values(rows: list[tuple[object, ...]], page: int):
    """Every kind of value comes back as SQLite stored it."""
    assert (rows, []) == read(make(rows, page=page))


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_encodings(encoding: str):
    """Texts are decoded as the header of the file says."""
    rows = [("Grüße", "☃", "")]
    assert (rows, []) == read(make(rows, encoding=encoding))


@pytest.mark.parametrize("page", [512, 1024, 4096, 65536])
def test_overflow(page: int):
    """A payload of any length is put together from the leaf and its chain of pages."""
    around = [page - 40, page - 35, page - 12, page, page + 5, 3 * page]
    rows = [
        (number, bytes([number % 251]) * size, "x") for number, size in enumerate(around + list(range(0, 3000, 37)))
    ]
    assert (rows, []) == read(make(rows, page=page))


def test_deep_tree():
    """Rows stand in the order of their ids, however deep the tree is."""
    rows = [(number, "x" * (number % 90), None) for number in range(5000)]
    assert (rows, []) == read(make(rows))


def test_row_ids():
    """The id of a row is given beside its values."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, x)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", [(-5, "a"), (7, "b")])
    connection.commit()
    rows = list(Database(connection.serialize()).rows("t"))
    connection.close()
    assert [(-5, (None, "a")), (7, (None, "b"))] == [tuple(row) for row in rows]


def test_no_table():
    """A missing table is told, not an empty list."""
    with pytest.raises(SqliteError, match="no table `u`"):
        list(Database(make([])).rows("u"))


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"x" * 4096])
def test_no_database(data: bytes):
    """What is no database is refused in one way."""
    with pytest.raises(SqliteError):
        Database(data)


def test_index_is_no_table(tmp_path: Path):
    """A table without row ids has pages of another kind, which is told."""
    connection = sqlite3.connect(tmp_path / "d")
    connection.execute("CREATE TABLE t (a PRIMARY KEY, b) WITHOUT ROWID")
    connection.execute("INSERT INTO t VALUES (1, 2)")
    connection.commit()
    connection.close()
    rows, damage = read((tmp_path / "d").read_bytes())
    assert [] == rows
    assert ["page 2 is of kind 10, not a page of a table"] == damage


def test_truncated():
    """A file cut at any page says so and keeps the rows before."""
    rows = [(number, "x" * 300, None) for number in range(60)]
    whole = make(rows)
    for end in range(512, len(whole), 512):
        found, damage = read_or_refused(whole[:end])
        assert set(found) <= set(rows)
        assert damage


def read_or_refused(data: bytes, wal: bytes = b"") -> tuple[list[tuple[object, ...]], list[str]]:
    """Read, and take a refusal for damage."""
    try:
        return read(data, wal)
    except SqliteError as error:
        return [], [str(error)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutations(data: st.DataObject):
    """Changed bytes never raise anything else, and never make more rows than the file has bytes."""
    body = bytearray(MUTATED)
    for _ in range(data.draw(st.integers(1, 12))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    found, _ = read_or_refused(bytes(body))
    assert len(found) <= len(body)


MUTATED = make([(number, bytes([number]) * (number * 23 % 900), "x" * number) for number in range(40)])


def test_loop():
    """A page that names itself as its child, and an overflow chain that bites its tail, end with a note."""
    rows = [(number, "x" * 300, None) for number in range(60)]
    body = bytearray(make(rows))
    root = 512
    assert 5 == body[root]
    body[root + 8 : root + 12] = (2).to_bytes(4, "big")
    _, damage = read(bytes(body))
    assert "page 2 is used twice" in damage


def log(tmp_path: Path, statements: list[list[str]]) -> tuple[bytes, bytes]:
    """Return database and log after each list of statements was committed, nothing moved to the database since the first."""
    path = tmp_path / "d.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA page_size = 512")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    for number, group in enumerate(statements):
        connection.execute("BEGIN")
        for statement in group:
            connection.execute(statement)
        connection.execute("COMMIT")
        if not number:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    result = path.read_bytes(), path.with_name("d.sqlite-wal").read_bytes()
    connection.close()
    return result


STATEMENTS = [
    ["CREATE TABLE t (a)", "INSERT INTO t VALUES ('old')"],
    ["INSERT INTO t VALUES ('first')", f"INSERT INTO t VALUES ('{'y' * 2000}')"],
    ["UPDATE t SET a = 'changed' WHERE a = 'old'", "INSERT INTO t VALUES ('second')"],
]


def test_log(tmp_path: Path):
    """Committed pages of the log replace the file's; without it the file is as it was."""
    data, wal = log(tmp_path, STATEMENTS)
    assert ([("old",)], []) == read(data)
    assert ([("changed",), ("first",), ("y" * 2000,), ("second",)], []) == read(data, wal)


def test_log_alone(tmp_path: Path):
    """A database whose every page is still in the log is read from the log."""
    _, wal = log(tmp_path, [["SELECT 1"], ["CREATE TABLE t (a)", "INSERT INTO t VALUES (3)"]])
    assert ([(3,)], []) == read(b"", wal)


def test_cut_log(tmp_path: Path):
    """A log cut at any byte shows the state after one of the commits, never a mixture."""
    data, wal = log(tmp_path, STATEMENTS)
    states = [["old"], ["old", "first", "y" * 2000], ["changed", "first", "y" * 2000, "second"]]
    seen = []
    for end in range(len(wal) + 1):
        state = [row[0] for row in read_or_refused(data, wal[:end])[0]]
        assert state in states
        if state not in seen:
            seen.append(state)
    assert states == seen


@pytest.mark.parametrize("change", [0, 4, 8, 16, 24])
def test_damaged_log(tmp_path: Path, change: int):
    """A log whose header is wrong is told and not used."""
    data, wal = log(tmp_path, STATEMENTS)
    body = bytearray(wal)
    body[change] ^= 0x40
    rows, damage = read(data, bytes(body))
    assert [("old",)] == rows
    assert "write-ahead log" in damage[0]


def test_log_of_other_pages(tmp_path: Path):
    """A log with pages of another size belongs to another database."""
    _, wal = log(tmp_path, STATEMENTS)
    told = ["the write-ahead log has pages of 512 bytes, the database of 1024"]
    assert ([(1, 2, 3)], told) == read(make([(1, 2, 3)], page=1024), wal)


def test_frame_with_wrong_sum(tmp_path: Path):
    """A changed byte in a frame ends the log there, as for SQLite."""
    data, wal = log(tmp_path, STATEMENTS)
    body = bytearray(wal)
    body[-1] ^= 1
    assert ["old", "first", "y" * 2000] == [row[0] for row in read(data, bytes(body))[0]]


def named(script: str, table: str = "t") -> list[dict[str, object]]:
    """Return the named rows of a table that a script makes."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return list(Database(data).named_rows(table))


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ("a, b", [{"a": 1, "b": 2}]),
        ("A TEXT, b", [{"a": "1", "b": 2}]),
        ("id INTEGER PRIMARY KEY AUTOINCREMENT, b", [{"id": 1, "b": 2}]),
        ('"id" INTEGER, b, PRIMARY KEY("id" AUTOINCREMENT)', [{"id": 1, "b": 2}]),
        ("id INT PRIMARY KEY, b", [{"id": 1, "b": 2}]),
        ("id INTEGER, b, PRIMARY KEY(id, b)", [{"id": 1, "b": 2}]),
        ("a /* a comment, with (brackets */, b DEFAULT (max(1, 2)) -- and, another", [{"a": 1, "b": 2}]),
        ("[primary], `b c`, CONSTRAINT x UNIQUE ([primary]), CHECK ([primary] > 0)", [{"primary": 1, "b c": 2}]),
    ],
)
def test_names_of_columns(columns: str, rows: list[dict[str, object]]):
    """Columns are named as the statement that made the table names them, whatever stands around."""
    assert rows == named(f"CREATE TABLE t ({columns}\n); INSERT INTO t VALUES (1, 2)")


def test_column_that_was_added_later():
    """A row that is older than a column does not have it."""
    script = "CREATE TABLE t (a); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN b; INSERT INTO t VALUES (2, 3)"
    assert [{"a": 1}, {"a": 2, "b": 3}] == named(script)


@given(st.text(alphabet="(),'\"[]` /*-aint\n", max_size=60))
def test_any_statement(sql: str):
    """No text of a statement makes it fail."""
    columns, key = columns_of(f"CREATE TABLE t {sql}")
    assert not key or key in columns


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "ends in the middle of its header"),
        (b"\x02", "ends in the middle of its header"),
        (b"\x02\x0a", "reserved kind 10"),
        (b"\x02\x11\0", "has 3 bytes and a value that ends at 4"),
    ],
)
def test_bad_records(data: bytes, told: str):
    """A record that says more than it holds is refused."""
    with pytest.raises(ValueError, match=told):
        read_record(data, "utf-8")


def test_bad_cells():
    """Cells outside their page and counts beyond it are told."""
    for offset, told in ((512 + 3, "page 2 states 65535 cells"), (512 + 8, "a cell of page 2 lies outside it")):
        body = bytearray(make([(1, 2, 3)]))
        body[offset : offset + 2] = b"\xff\xff"
        rows, damage = read(bytes(body))
        assert [] == rows
        assert told in damage[0]
