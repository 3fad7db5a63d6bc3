"""New rows that nobody looks at again in their transaction."""

from functools import cache

from sqlalchemy import Insert
from sqlmodel import Session, SQLModel

from models.columns import Table


def write_rows(session: Session, *rows: Table) -> None:
    """Writes new rows, all of one table, in one statement. What they refer to must be flushed.

    The session does not get to know them, nor does the audit log. To keep a row for changes to come costs several times
    as much as to write it.
    """
    insert = _insert(type(rows[0]).__tablename__)
    names = insert.table.columns.keys()
    session.connection().execute(insert, [{name: getattr(row, name) for name in names} for row in rows])


@cache
def _insert(table: str) -> Insert:
    return SQLModel.metadata.tables[table].insert()
