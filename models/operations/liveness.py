"""Live workers hold a lock that the kernel or PostgreSQL frees when they die, so that nobody waits for their leases.

The lease stays the safety net: for workers that are frozen, or on another host with SQLite's folder gone.
"""

import fcntl
import hashlib
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, update

from models.database import Database
from models.operation import Operation
from models.operations.lease import owners
from models.vocabulary import UNFINISHED


class Liveness(Protocol):
    def announce(self, owner: str) -> None:
        """Holds the lock of `owner` until this process ends. Safe to call again: after a restart of the database it
        is needed."""
        ...

    def is_dead(self, owner: str) -> bool:
        """True only when nobody holds the lock of `owner`."""
        ...


def liveness_of(database: Database) -> Liveness:
    engine = database.engine
    if engine.dialect.name == "postgresql":
        return PostgresqlLiveness(engine)
    name = engine.url.database or "phaseline"
    return FileLiveness(Path(f"{name}.workers"))


class FileLiveness:
    """With SQLite all workers are on one host: file locks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, IO[str]] = {}

    def announce(self, owner: str) -> None:
        if owner in self._held:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        file = (self._folder / owner).open("w")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._held[owner] = file

    def is_dead(self, owner: str) -> bool:
        if owner in self._held:
            return False
        path = self._folder / owner
        try:
            with path.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except FileNotFoundError:
            return True
        path.unlink(missing_ok=True)
        return True


class PostgresqlLiveness:
    """An advisory lock of a session that stays open as long as its process lives."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Connection | None = None

    def announce(self, owner: str) -> None:
        if self._session is None:
            self._session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            # taking it once more on the same session is harmless, and on a new one it is needed
            self._session.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": _key(owner)})
        except DBAPIError:
            self._session.invalidate()
            self._session.close()
            self._session = None
            raise

    def is_dead(self, owner: str) -> bool:
        with self._engine.connect() as connection, connection.begin():
            statement = text("SELECT pg_try_advisory_xact_lock(:key)")
            return bool(connection.execute(statement, {"key": _key(owner)}).scalar_one())


def _key(owner: str) -> int:
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big", signed=True)


def free_leases_of_the_dead(session: Session, liveness: Liveness) -> list[str]:
    """Frees the leases whose owners are dead; returns those owners."""
    dead = [owner for owner in owners(session) if liveness.is_dead(owner)]
    if dead:
        session.exec(
            update(Operation)
            .where(col(Operation.owner).in_(dead), col(Operation.status).in_(UNFINISHED))
            .values(owner=None, lease_until=0)
        )
    return dead
