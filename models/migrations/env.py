"""Alembic's entry: migrates over the connection that `models.migrate` hands it."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from models.columns import Json, UtcDateTime, Word
from models.tables import TABLES  # the metadata is complete once this is imported


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Writes our column types as what they are in the database, so that a revision needs none of our code."""
    plain = {AutoString: "sa.String()", UtcDateTime: "sa.DateTime(timezone=True)", Json: "sa.JSON()"}
    if kind != "type":
        return False
    if isinstance(item, Word):
        return "sa.String(32)"
    for type_, text in plain.items():
        if isinstance(item, type_):
            return text
    return False


def _migrate() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=TABLES[0].metadata,
        render_as_batch=True,
        render_item=_render,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_migrate()
