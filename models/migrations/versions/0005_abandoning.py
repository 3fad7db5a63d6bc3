"""A destroy may abandon a cluster that is gone for good, and a step knows since when it stands still."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("operation", sa.Column("abandon_cluster", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("operation_step", sa.Column("still_since", sa.Float(), nullable=False, server_default="0"))
