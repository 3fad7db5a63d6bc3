"""The objects on disk, so that a cluster survives a restart and a kill -9."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import orjson

from embedded.kubernetes.objects import Object, name_of, namespace_of

_TABLES = """
CREATE TABLE IF NOT EXISTS objects (
    resource TEXT, namespace TEXT, name TEXT, object BLOB NOT NULL, PRIMARY KEY (resource, namespace, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL);
INSERT OR IGNORE INTO latest VALUES (0, 1);
"""


class Journal:
    """A SQLite file. What `write` wrote survives this process, and a crash of the machine but for its last moments."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_TABLES)

    def version(self) -> int:
        """The newest resourceVersion ever given."""
        return self._connection.execute("SELECT version FROM latest").fetchone()[0]

    def objects(self, resource: str) -> Iterator[Object]:
        rows = self._connection.execute("SELECT object FROM objects WHERE resource = ?", (resource,))
        return (orjson.loads(row[0]) for row in rows)

    def write(self, resource: str, thing: Object, version: int) -> None:
        row = (resource, namespace_of(thing), name_of(thing), orjson.dumps(thing))
        self._both("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", row, version)

    def remove(self, resource: str, thing: Object, version: int) -> None:
        row = (resource, namespace_of(thing), name_of(thing))
        self._both("DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?", row, version)

    def close(self) -> None:
        self._connection.close()

    def _both(self, statement: str, row: tuple[str | bytes, ...], version: int) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(statement, row)
        self._connection.execute("UPDATE latest SET version = ?", (version,))
        self._connection.execute("COMMIT")
