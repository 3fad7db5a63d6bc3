"""Looks up what an input names, and locks it."""

from sqlmodel import Session

from models.environment import Environment
from models.phases import EDITABLE, lock_environment
from models.refusals import NotFound, PhaseConflict
from models.service import Service

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
        return NotFound(f"{given!r} is the id of {actual}; {field} takes the id of {KINDS[prefix]}.")
    return NotFound(f"There is no such {KINDS[prefix].split(' ', 1)[1]}: {given!r}. Check {field}.")


def locked_environment(session: Session, environment_id: str) -> Environment:
    environment = lock_environment(session, environment_id)
    if environment is None:
        raise not_found(environment_id, "environmentId", "env")
    return environment


def locked_service(session: Session, service_id: str) -> tuple[Environment, Service]:
    """The service and its environment, whose row is locked."""
    found = session.get(Service, service_id)
    if found is None:
        raise not_found(service_id, "serviceId", "svc")
    environment = locked_environment(session, found.environment_id)
    service = session.get(Service, service_id, populate_existing=True)
    if service is None:  # deleted while we waited for the lock
        raise not_found(service_id, "serviceId", "svc")
    return environment, service


def require_editable(environment: Environment) -> None:
    if environment.phase not in EDITABLE:
        raise PhaseConflict(
            f"Environment {environment.name!r} is {environment.phase}: its services can't be changed any more.",
            environment.phase,
        )
