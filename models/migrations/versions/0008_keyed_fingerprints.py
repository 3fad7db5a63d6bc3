"""What came with an idempotency key is hashed under a key: earlier hashes, by which secrets could be guessed, go.

A key that was used before the upgrade is refused, never done twice.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE idempotency_key SET request_hash = ''")
