"""Services have a health, which workers look at environment by environment."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("service", sa.Column("health", sa.String(32), nullable=False, server_default="UNKNOWN"))
    op.add_column("service", sa.Column("health_reason", sa.String(), nullable=True))
    op.add_column("service", sa.Column("health_checked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("environment", sa.Column("look_at", sa.Float(), nullable=False, server_default="0"))
    op.add_column("environment", sa.Column("looked_until", sa.Float(), nullable=False, server_default="0"))
    op.add_column("environment", sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("environment", sa.Column("cluster_trouble", sa.String(), nullable=True))
