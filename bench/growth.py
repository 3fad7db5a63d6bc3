"""Makes a filled PostgreSQL database large, in the database itself."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from bench.seeds import ENVIRONMENTS, new_id
from models.database import Database
from models.environment import Environment
from models.service import Service

_NUMBER = "lpad(number::text, 12, '0')"
_ENVIRONMENT_ID = f"'env_' || {_NUMBER} || '{'0' * 12}'"
_NAME = f"'environment-' || {_NUMBER}"
_OF_ENVIRONMENTS = {"id": _ENVIRONMENT_ID, "name": _NAME, "namespace": _NAME, "domain": _NAME}
#: The last twelve digits of a service's id say which of its environment's it is.
_OF_SERVICES = {"id": f"'svc_' || {_NUMBER} || right(id, 12)", "environment_id": _ENVIRONMENT_ID}

_FIRST_TRANSITIONS = """
INSERT INTO phase_transition (environment_id, sequence, project_id, serial, phase, at)
SELECT id, 1, project_id, row_number() OVER () + :from, phase, now() FROM environment
WHERE NOT EXISTS (SELECT FROM phase_transition WHERE environment_id = environment.id)
"""
#: Behind the first transition of each environment, as many for each, in and out of UPDATING.
_TRANSITIONS = """
INSERT INTO phase_transition (environment_id, sequence, project_id, serial, previous, phase, at)
SELECT environment.id, sequence, environment.project_id,
  row_number() OVER () + project.last_serial,
  CASE sequence % 2 WHEN 0 THEN 'ACTIVE' ELSE 'UPDATING' END,
  CASE sequence % 2 WHEN 0 THEN 'UPDATING' ELSE 'ACTIVE' END, now()
FROM environment JOIN project ON project.id = environment.project_id,
  generate_series(2, CAST(:transitions AS int)) sequence
"""
_LAST_SERIAL = "UPDATE project SET last_serial = (SELECT max(serial) FROM phase_transition)"
_LAST_SEQUENCES = "UPDATE environment SET last_sequence = :transitions"


def grow(database: Database, environments: int, transitions: int) -> None:
    """To so many environments, each with the services of the first, and so many (an odd number of) transitions."""
    place = {"first": new_id("env", 0), "from": ENVIRONMENTS, "to": environments - 1}
    with database.writing() as session:
        session.connection().execute(text("SET LOCAL statement_timeout = 0"))
        _multiply(session, "environment", Environment, "id", _OF_ENVIRONMENTS, place)
        _multiply(session, "service", Service, "environment_id", _OF_SERVICES, place)
        connection = session.connection()
        connection.execute(text(_FIRST_TRANSITIONS), place)
        connection.execute(text(_LAST_SERIAL))
        connection.execute(text(_TRANSITIONS), {"transitions": transitions})
        connection.execute(text(_LAST_SERIAL))
        connection.execute(text(_LAST_SEQUENCES), {"transitions": transitions})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _multiply(
    session: Session,
    name: str,
    table: type[SQLModel],
    where: str,
    changed: Mapping[str, str],
    place: Mapping[str, object],
) -> None:
    """Copies the rows of the first environment for each number, but for what is changed."""
    columns = list(table.model_fields)
    values = ", ".join(changed.get(column, column) for column in columns)
    statement = (
        f"INSERT INTO {name} ({', '.join(columns)}) "
        f"SELECT {values} FROM {name}, generate_series(CAST(:from AS int), CAST(:to AS int)) number "
        f"WHERE {where} = :first"
    )
    session.connection().execute(text(statement), place)
