"""Which object a mutation is about, and whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from models.api_token import ApiToken
from models.columns import Table
from models.environment import Environment
from models.mutations.create_api_token import IssuedToken
from models.mutations.request import Accepted
from models.operation import Inquiry, Operation
from models.project import Project
from models.service import Service

#: Of what a mutation is given, the first that it has names the object.
_NAMED_BY: Mapping[str, type[Table]] = {
    "service_id": Service,
    "operation_id": Operation,
    "environment_id": Environment,
    "project_id": Project,
}
#: What was given may be anything, as long as the caller likes.
_MAX_GIVEN = 200


@dataclass(frozen=True)
class AuditedObject:
    id: str | None = None
    name: str | None = None
    #: By name.
    project: str | None = None


def object_of_result(session: Session, result: object) -> AuditedObject:
    """What an accepted mutation changed."""
    match result:
        case Accepted(environment=environment, service=service):
            return _described(session, service or environment)
        case IssuedToken(token=token):
            return _described(session, token)
        case _:
            return _described(session, result)


def object_of_arguments(session: Session, arguments: Mapping[str, object]) -> AuditedObject:
    """What a refused mutation would have changed, whether or not the caller may see it."""
    for argument, table in _NAMED_BY.items():
        if argument in arguments:
            given = _given(arguments[argument])
            row = session.get(table, given)
            return AuditedObject(given) if row is None else _described(session, row)
    return AuditedObject(name=_given(arguments.get("name", arguments.get("cluster", ""))))


def _described(session: Session, row: object) -> AuditedObject:
    match row:
        case Project():
            return AuditedObject(row.id, row.name, row.name)
        case Environment():
            return AuditedObject(row.id, row.name, session.get_one(Project, row.project_id).name)
        case Service():
            return AuditedObject(row.id, row.name, _project_of(session, row.environment_id))
        case Operation():
            return AuditedObject(row.id, row.service_name, _project_of(session, row.environment_id))
        case Inquiry():
            return AuditedObject(name=row.subject_id)
        case ApiToken():
            return AuditedObject(row.id, row.name, row.project)
        case _:
            raise TypeError(f"the audit log does not know a {type(row).__name__}")


def _project_of(session: Session, environment_id: str) -> str:
    environment = session.get_one(Environment, environment_id)
    return session.get_one(Project, environment.project_id).name


def _given(value: object) -> str:
    return str(value).replace("\0", "").encode(errors="replace").decode()[:_MAX_GIVEN]
