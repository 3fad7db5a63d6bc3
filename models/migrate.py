"""Brings a database to the current schema. `python -m models.migrate URL` does it from a shell."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from models.database import Database, open_database

_LOCK = 7_310_545_201
#: For this transaction alone. To build an index may take long, and a busy machine is slow between two statements.
_PATIENT = """
SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '60s'
"""


def upgrade(database: Database, revision: str = "head") -> None:
    """Several processes may call it at once: one migrates, the others wait for it."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(_PATIENT))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(alembic_config(connection), revision)
        connection.commit()


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    upgrade(open_database(sys.argv[1]))
