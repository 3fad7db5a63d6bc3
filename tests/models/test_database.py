"""Who writes on SQLite waits for the others, not for ever."""

import sqlite3
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from sqlalchemy import ExceptionContext, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select, text

from models import database as module
from models.database import Database, open_database
from models.migrate import upgrade
from models.project import Project


@pytest.fixture
def sqlite(tmp_path: Path) -> Generator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/phaseline.db")
    upgrade(database)
    yield database
    database.close()


def on_failure(database: Database, then: Callable[[], None]) -> None:
    def failed(_context: ExceptionContext) -> None:
        then()

    event.listen(database.engine, "handle_error", failed)


def patience(session: Session) -> int:
    return session.connection().execute(text("PRAGMA busy_timeout")).scalar_one()


def test_a_writer_goes_on_when_the_other_has_ended(sqlite: Database) -> None:
    waited = threading.Event()
    on_failure(sqlite, waited.set)

    def write() -> None:
        with sqlite.writing() as session:
            session.add(Project(id="second", name="second"))

    thread = threading.Thread(target=write)
    with sqlite.writing() as session:
        session.add(Project(id="first", name="first"))
        session.flush()
        thread.start()
        assert waited.wait(30), "it looks again, and again, while somebody writes"
    thread.join()

    with sqlite.reading() as session:
        assert set(session.exec(select(Project.id)).all()) == {"first", "second"}
        assert patience(session) == module._PATIENCE * 1000  # pyright: ignore[reportPrivateUsage]


def test_it_says_so_when_the_other_does_not_end(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    on_failure(sqlite, lambda: looks.append(None))
    monkeypatch.setattr(module, "_PATIENCE", 1)
    with sqlite.writing() as session:
        session.add(Project(id="first", name="first"))
        session.flush()
        with pytest.raises(OperationalError, match="locked"), sqlite.writing() as other:
            other.connection()

    assert len(looks) > 2, "each wait is short"
    with sqlite.writing() as session:
        assert session.exec(select(Project.id)).all() == ["first"]


def test_what_is_no_waiting_is_said_at_once(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    on_failure(sqlite, lambda: looks.append(None))
    monkeypatch.setattr(module.sqlite3, "SQLITE_BUSY", sqlite3.SQLITE_FULL)
    with sqlite.writing() as session:
        session.connection()
        with pytest.raises(OperationalError), sqlite.writing() as other:
            other.connection()

    assert len(looks) == 1
