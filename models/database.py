"""Engines and sessions. One URL serves API and workers alike."""

import select
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlmodel import Session

from models.clock import host_clock

_WRITE = "phaseline_write"

#: What a read or a write raises while the database can't be reached or is too busy. InternalError is what a server says
#: that ended a transaction in which nothing had been asked for too long.
AWAY = (OperationalError, InterfaceError, InternalError, PoolExhausted)

#: Of one process: those that are kept, and more while they are needed.
_KEPT, _MORE = 10, 20
CONNECTIONS = _KEPT + _MORE

#: How long one waits for the others on SQLite, in seconds; and how long a wait lasts until it begins anew, in
#: milliseconds.
_PATIENCE, _WAIT = 10, 10

# A frozen client must not hold its row locks: the server ends its transaction.
_POSTGRESQL_OPTIONS = "-c idle_in_transaction_session_timeout=5s -c lock_timeout=5s -c statement_timeout=15s"
#: In milliseconds. Longer than any statement: a host that does not even confirm what it is sent is gone.
_SILENCE = 20_000


def database_url(text: str) -> URL:
    """The URL with the one driver that we use for PostgreSQL, whatever spelling it came with. Raises ValueError."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is not None and url.drivername.startswith("postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url is None or url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise ValueError("DATABASE_URL must be postgresql://user:password@host/database or sqlite:///file")
    return url


def _options(url: URL) -> dict[str, Any]:
    connect_args = (
        {"timeout": _PATIENCE}
        if url.get_backend_name() == "sqlite"
        else {"connect_timeout": 3, "tcp_user_timeout": _SILENCE, "options": _POSTGRESQL_OPTIONS}
    )
    return {
        "hide_parameters": True,  # they would stand in errors, and so in the log
        "json_deserializer": _as_text,
        "pool_size": _KEPT,
        "max_overflow": _MORE,
        "connect_args": connect_args,
    }


def _as_text(json: str | bytes) -> str | bytes:
    """The type of the column reads it."""
    return json


def _begin_to_write(connection: Connection) -> None:
    """A transaction that reads first and writes later loses updates unless it is immediate.

    SQLite's own wait for its one writer looks ever less often, in the end every 100 ms, so among busy writers one may
    miss every gap for seconds. A wait that begins anew looks often again. Raises OperationalError.
    """
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    end = time.monotonic() + _PATIENCE
    driver.execute(f"PRAGMA busy_timeout={_WAIT}")
    try:
        while not _begun(connection, last=time.monotonic() >= end):
            continue
    finally:
        driver.execute(f"PRAGMA busy_timeout={_PATIENCE * 1000}")


def _begun(connection: Connection, *, last: bool) -> bool:
    """Whether nobody else writes any more."""
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        busy = isinstance(error.orig, sqlite3.Error) and error.orig.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        if last or not busy:
            raise
        return False
    return True


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.create_function("phaseline_clock", 0, host_clock)
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_PATIENCE * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        writes = connection.get_execution_options().get(_WRITE)
        if writes:
            _begin_to_write(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "checkout")
    def checkout(connection: Any, *_: object) -> None:  # pyright: ignore[reportUnusedFunction]
        """A server that closes a connection says so to it: nobody has to be asked."""
        said = select.poll()
        said.register(connection.fileno(), select.POLLIN)
        if said.poll(0):
            raise InvalidatePoolError("the server has closed the connection")


@dataclass(frozen=True)
class Database:
    """The database for code that may block: workers, migrations, scripts."""

    engine: Engine

    @contextmanager
    def reading(self) -> Generator[Session]:
        """On SQLite all statements see the same state; on PostgreSQL each sees what is committed when it begins."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A transaction that commits at the end of the block, or not at all."""
        with Session(self._writing, expire_on_commit=False) as session:
            yield session
            session.commit()

    def close(self) -> None:
        self.engine.dispose()

    @cached_property
    def _reading(self) -> Engine:
        if self.engine.dialect.name == "sqlite":
            return self.engine
        # READ COMMITTED gives each statement a snapshot of its own anyway: BEGIN and ROLLBACK would be two more ways
        # to the server
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @cached_property
    def _writing(self) -> Engine:
        return self.engine.execution_options(**{_WRITE: True})


def open_database(text: str) -> Database:
    url = database_url(text)
    engine = create_engine(url, **_options(url))
    if url.get_backend_name() == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)
    return Database(engine)
