"""What a long life leaves in the tables of PostgreSQL, made there."""

from sqlalchemy import text

from bench.seeds import ENVIRONMENTS, SERVICES
from models.database import Database

#: Ended operations, as many for each environment, over all of its services.
_OPERATIONS = """
INSERT INTO operation (id, environment_id, number, kind, status, service_id, requested_by, facts, removal_began,
  abandon_cluster, version, fence, lease_until, wake_at, wakes, created_at, started_at, finished_at)
SELECT 'opr_' || lpad(environment::text, 12, '0') || lpad(number::text, 12, '0'),
  'env_' || lpad(environment::text, 12, '0') || lpad('0', 12, '0'),
  number, 'UPDATE_SERVICE', 'SUCCEEDED',
  'svc_' || lpad(environment::text, 12, '0') || lpad((number % :services)::text, 12, '0'),
  'bench', '{}', false, false, 9, 1, 0, 0, 0, now(), now(), now()
FROM generate_series(0, :environments - 1) environment, generate_series(1, :each) number
"""
_NUMBERS = "UPDATE environment SET last_operation_number = :each"


def add_history(database: Database, operations: int) -> None:
    """So many operations that ended, spread over the environments."""
    environments = min(ENVIRONMENTS, operations)
    each = operations // environments
    with database.writing() as session:
        connection = session.connection()
        connection.execute(text(_OPERATIONS), {"environments": environments, "services": SERVICES, "each": each})
        connection.execute(text(_NUMBERS), {"each": each})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
