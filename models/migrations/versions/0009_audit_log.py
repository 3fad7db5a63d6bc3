"""The audit log of one object is found by its key, and whatever is done to the retention, the last month stays."""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SQLITE = (
    "DROP TRIGGER audit_entry_kept",
    """
    CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
    WHEN OLD.at > datetime('now', '-30 days')
        OR NOT EXISTS (SELECT 1 FROM audit_retention WHERE OLD.at < expired_before)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at < now() - interval '30 days'
            AND EXISTS (SELECT 1 FROM audit_retention WHERE OLD.at < expired_before) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
)


def upgrade() -> None:
    op.create_index("ix_audit_entry_object_id_id", "audit_entry", ["object_id", "id"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
