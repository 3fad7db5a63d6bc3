"""The database itself keeps the audit log as it was written."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, delete, select, update

from models.audit.entry import AuditEntry, AuditRetention
from models.audit.retention import forget_entries
from models.columns import now
from models.database import Database
from models.vocabulary import AuditOutcome


@pytest.fixture
def entry_id(database: Database) -> str:
    return write(database, days_ago=100)


def write(database: Database, days_ago: int) -> str:
    at = now() - timedelta(days=days_ago)
    with database.writing() as session:
        entry = AuditEntry(at=at, caller="ann", caller_name="Ann", mutation="x", outcome=AuditOutcome.ACCEPTED)
        session.add(entry)
        session.flush()
        return entry.id


def kept(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {entry.id: entry.caller for entry in session.exec(select(AuditEntry)).all()}


def test_an_entry_is_not_changed(database: Database, entry_id: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.exec(update(AuditEntry).where(col(AuditEntry.id) == entry_id).values(caller="bob"))
    assert kept(database) == {entry_id: "ann"}


def test_an_entry_is_not_removed(database: Database, entry_id: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.exec(delete(AuditEntry).where(col(AuditEntry.id) == entry_id))
    assert kept(database) == {entry_id: "ann"}


def test_an_entry_is_not_replaced_nor_the_log_emptied(database: Database, entry_id: str) -> None:
    sqlite = database.engine.dialect.name == "sqlite"
    columns = ", ".join(AuditEntry.model_fields)
    replaced = columns.replace("caller,", "'bob',", 1)
    statement = f"INSERT OR REPLACE INTO audit_entry ({columns}) SELECT {replaced} FROM audit_entry"
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(statement if sqlite else "TRUNCATE audit_entry"))
    assert kept(database) == {entry_id: "ann"}


def test_retention_removes_what_is_old_enough_and_shuts_the_door_again(database: Database, entry_id: str) -> None:
    young = write(database, days_ago=1)
    with database.writing() as session:
        assert forget_entries(session, timedelta(days=90)) == 1
    assert list(kept(database)) == [young]

    old = write(database, days_ago=100)
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.exec(delete(AuditEntry).where(col(AuditEntry.id) == old))
    with database.writing() as session:
        assert forget_entries(session, timedelta(days=30)) == 1


def test_whoever_opens_the_door_by_hand_does_not_get_at_the_last_month(database: Database, entry_id: str) -> None:
    young = write(database, days_ago=29)
    with database.writing() as session:
        session.add(AuditRetention(expired_before=now() + timedelta(days=1)))
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.exec(delete(AuditEntry).where(col(AuditEntry.id) == young))
    assert list(kept(database)) == [entry_id, young]


def test_retention_does_not_take_the_last_month(database: Database, entry_id: str) -> None:
    with pytest.raises(ValueError, match="30 days"), database.writing() as session:
        forget_entries(session, timedelta(days=29))
    assert list(kept(database)) == [entry_id]
