"""Retention looks for what ended long ago."""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_operation_finished_at"), "operation", ["finished_at"], unique=False)
    op.create_index(op.f("ix_phase_transition_at"), "phase_transition", ["at"], unique=False)
