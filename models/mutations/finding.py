"""Looks up what an input names, if the caller may see and change it, and locks it."""

from typing import TypeVar

from sqlmodel import Session

from models.columns import is_id
from models.environment import Environment
from models.mutations.authority import require_role, role_to_steer, visible_project
from models.mutations.request import Request
from models.names import quote
from models.operation import Operation
from models.phases import EDITABLE, lock_environment
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
    return _locked(session, request, environment_id, role, not_found(environment_id, "environmentId", "env"))


def locked_service(session: Session, request: Request, service_id: str, role: Role) -> tuple[Environment, Service]:
    """The service and its environment, whose row is locked. Raises NotFound, Forbidden."""
    missing = not_found(service_id, "serviceId", "svc")
    found = look_up(session, Service, service_id)
    if found is None:
        raise missing
    environment = _locked(session, request, found.environment_id, role, missing)
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
    environment = _locked(session, request, found.environment_id, role_to_steer(found.kind), missing)
    return environment, session.get_one(Operation, operation_id, populate_existing=True, with_for_update=True)


def _locked(session: Session, request: Request, environment_id: str, role: Role, missing: NotFound) -> Environment:
    """Nobody waits for the row, or makes others wait, who may not change it."""
    found = look_up(session, Environment, environment_id)
    project = visible_project(session, request, found.project_id) if found is not None else None
    if project is None:
        raise missing
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
