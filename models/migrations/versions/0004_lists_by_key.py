"""Lists are read by their keys."""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_environment_name_id", "environment", ["name", "id"])
    op.create_index("ix_environment_project_id_name_id", "environment", ["project_id", "name", "id"])
    op.drop_index("ix_environment_project_id", "environment")
    op.create_index("ix_workflow_service_id_id", "workflow", ["service_id", "id"])
    op.drop_index("ix_workflow_service_id", "workflow")
