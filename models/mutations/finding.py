"""Looks up what an input names, if the caller may see and change it, and locks it."""

from functools import cache
from typing import TypeVar

from sqlalchemy import bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from models.columns import is_id
from models.environment import Environment
from models.mutations.authority import may_see, require_role, role_to_steer
from models.mutations.request import Request
from models.names import quote
from models.operation import Operation
from models.phases import EDITABLE, lock_environment
from models.project import Project
from models.refusals import NotFound, PhaseConflict
from models.service import Service
from models.vocabulary import Role

T = TypeVar("T")

KINDS = {
    "prj": "a project",
    "psv": "a project's service",
    "env": "an environment",
    "svc": "a deployed service",
    "rel": "a release",
    "wfl": "a workflow",
    "opr": "an operation",
}


def not_found(given: str, field: str, prefix: str) -> NotFound:
    """Says what `field` takes and, where `given` is an id of another type, what it is."""
    actual = KINDS.get(given.split("_", 1)[0]) if "_" in given else None
    if actual and actual != KINDS[prefix]:
        return NotFound(f"{quote(given)} is the id of {actual}; {field} takes the id of {KINDS[prefix]}.")
    return NotFound(f"There is no such {KINDS[prefix].split(' ', 1)[1]}: {quote(given)}. Check {field}.")


def look_up(session: Session, table: type[T], given: str) -> T | None:
    """The row of that id. What can be none never reaches the database."""
    return session.get(table, given) if is_id(given) else None


def locked_environment(session: Session, request: Request, environment_id: str, role: Role) -> Environment:
    """The environment, its row locked. Raises NotFound, Forbidden."""
    missing = not_found(environment_id, "environmentId", "env")
    return _locked(session, request, _home(), environment_id, role, missing)


def locked_service(session: Session, request: Request, service_id: str, role: Role) -> tuple[Environment, Service]:
    """The service and its environment, whose row is locked. Raises NotFound, Forbidden."""
    missing = not_found(service_id, "serviceId", "svc")
    environment = _locked(session, request, _home_of_service(), service_id, role, missing)
    service = session.get(Service, service_id, populate_existing=True)
    if service is None:  # deleted while we waited for the lock
        raise missing
    return environment, service


def locked_operation(session: Session, request: Request, operation_id: str) -> tuple[Environment, Operation]:
    """An operation that the caller may steer, and its environment, both rows locked. Raises NotFound, Forbidden."""
    missing = not_found(operation_id, "operationId", "opr")
    found = look_up(session, Operation, operation_id)
    if found is None:
        raise missing
    environment = _locked(session, request, _home(), found.environment_id, role_to_steer(found.kind), missing)
    return environment, session.get_one(Operation, operation_id, populate_existing=True, with_for_update=True)


@cache
def _home() -> Select[str, Project]:
    """An environment and its project."""
    homes = select(col(Environment.id), Project).join(Project, col(Project.id) == col(Environment.project_id))
    return homes.where(col(Environment.id) == bindparam("given"))


@cache
def _home_of_service() -> Select[str, Project]:
    homes = select(col(Service.environment_id), Project).join(
        Environment, col(Environment.id) == col(Service.environment_id)
    )
    return homes.join(Project, col(Project.id) == col(Environment.project_id)).where(
        col(Service.id) == bindparam("given")
    )


def _locked(
    session: Session,
    request: Request,
    home: Select[str, Project],
    given: str,
    role: Role,
    missing: NotFound,
) -> Environment:
    """Nobody waits for the row, or makes others wait, who may not change it."""
    found = session.exec(home, params={"given": given}).first() if is_id(given) else None
    if found is None or not may_see(request, found[1]):
        raise missing
    environment_id, project = found
    require_role(request, project, role)
    environment = lock_environment(session, environment_id)
    if environment is None:  # removed while we waited for the lock
        raise missing
    return environment


def require_editable(environment: Environment) -> None:
    if environment.phase not in EDITABLE:
        raise PhaseConflict(
            f"Environment {environment.name!r} is {environment.phase}: its services can't be changed any more.",
            environment.phase,
        )
