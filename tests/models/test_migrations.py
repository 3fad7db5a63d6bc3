"""Migrations lead from every earlier revision, with data in it, to exactly what the models say."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import Session, select

from models.columns import Table
from models.database import Database, open_database
from models.environment import Environment, PhaseTransition
from models.migrate import alembic_config, upgrade
from models.mutations.destroy_environment import destroy_environment
from models.operation import IdempotencyKey, Operation
from models.tables import TABLES
from tests.jobs.seeds import request, seed
from tests.postgresql import Postgresql

PROJECT = f"prj_{1:024x}"
ENVIRONMENT = f"env_{1:024x}"


def revisions() -> list[str]:
    """All of them, the first one first."""
    script = ScriptDirectory.from_config(alembic_config(connection=None))  # pyright: ignore[reportArgumentType]
    return [revision.revision for revision in script.walk_revisions()][::-1]


def indexes(connection: Connection) -> dict[str, tuple[str | None, ...]]:
    """By name: the table, the columns and the condition, which a comparison of metadata does not look at."""
    inspector = sa.inspect(connection)
    return {
        str(index["name"]): (table, *index["column_names"], _condition(index.get("dialect_options", {})))
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
    }


def _condition(options: dict[str, object]) -> str | None:
    text = options.get("sqlite_where", options.get("postgresql_where"))
    return None if text is None else str(text)


def test_migrations_and_models_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, TABLES[0].metadata) == []


def test_migrated_indexes_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        migrated = indexes(connection)
    fresh: Engine = sa.create_engine("sqlite://")
    if database.engine.dialect.name == "sqlite":
        TABLES[0].metadata.create_all(fresh)
        with fresh.connect() as connection:
            assert indexes(connection) == migrated
    assert migrated["uq_environment_name"][-1] is not None
    assert "DESTROYED" in str(migrated["uq_environment_name"][-1])


def test_there_is_one_line_of_revisions() -> None:
    script = ScriptDirectory.from_config(alembic_config(connection=None))  # pyright: ignore[reportArgumentType]
    assert len(script.get_heads()) == 1
    assert revisions()[0] == "0001"


@pytest.mark.parametrize("start", revisions()[:-1])
def test_upgrades_from_every_revision_with_data_in_it(database_url: str, start: str) -> None:
    database = open_database(database_url)
    upgrade(database, start)
    _insert_minimal_rows(database)
    upgrade(database)
    upgrade(database)  # once more changes nothing

    with database.writing() as session:
        environment = session.exec(select(Environment)).one()
        transitions = session.exec(select(PhaseTransition)).all()
        assert [(row.sequence, row.phase) for row in transitions] == [(1, "INITIALIZING"), (2, "ACTIVE")]
        accepted = destroy_environment(session, request(), environment_id=environment.id, confirm_name=environment.name)
        assert session.get_one(Operation, accepted.operation.id).number == 8
        if start < "0008":
            old = session.get_one(IdempotencyKey, ("tester", "old"))
            assert old.request_hash == "", "secrets could be guessed by it"
    _insert_more(database)
    database.close()


def _insert_more(database: Database) -> None:
    """Today's code works on the upgraded database."""
    assert seed(database, "web", name="other").phases() == ["INITIALIZING", "ACTIVE"]


def _insert_minimal_rows(database: Database) -> None:
    """An environment as the first revision knew it: written without our models, which know today's columns."""
    when = "2026-01-01 00:00:00+00:00"
    rows: list[tuple[str, dict[str, object]]] = [
        ("project", {"id": PROJECT, "name": "shop", "last_serial": 2, "created_at": when}),
        (
            "environment",
            {
                "id": ENVIRONMENT,
                "project_id": PROJECT,
                "name": "review",
                "cluster": "local",
                "namespace": "review",
                "phase": "ACTIVE",
                "protected": False,
                "last_sequence": 2,
                "last_operation_number": 7,
                "created_at": when,
                "updated_at": when,
            },
        ),
        ("idempotency_key", {"caller": "tester", "key": "old", "request_hash": "unkeyed", "created_at": when}),
        ("phase_transition", _transition(1, None, "INITIALIZING", when)),
        ("phase_transition", _transition(2, "INITIALIZING", "ACTIVE", when)),
    ]
    with Session(database.engine) as session:
        for table, values in rows:
            columns = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(f":{name}" for name in values)
            session.execute(sa.text(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'), values)  # pyright: ignore[reportDeprecated]
        session.commit()


def _transition(sequence: int, previous: str | None, phase: str, when: str) -> dict[str, object]:
    return {
        "environment_id": ENVIRONMENT,
        "sequence": sequence,
        "project_id": PROJECT,
        "serial": sequence,
        "previous": previous,
        "phase": phase,
        "at": when,
    }


def test_what_a_migration_may_take_long_for_holds_for_it_alone(postgresql: Postgresql) -> None:
    database = open_database(postgresql.new_database())
    limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

    upgrade(database)

    with database.engine.connect() as connection:
        assert [connection.scalar(sa.text(f"SHOW {limit}")) for limit in limits] == ["15s", "5s", "5s"]
    database.close()


def test_every_table_is_known() -> None:
    assert {table.__tablename__ for table in TABLES} == set(Table.metadata.tables)
