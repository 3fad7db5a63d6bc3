"""Migrations make what the tables say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from models.database import Database
from models.tables import TABLES


def test_autogenerate_finds_nothing_to_do(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, TABLES[0].metadata) == []
