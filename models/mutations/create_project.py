"""createProject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.configuration.accepting import accept_blueprint
from models.mutations.authority import require_everywhere
from models.mutations.request import Request, claim_key, keep_result
from models.names import check_project_name, check_service_name
from models.project import Project, ProjectService
from models.refusals import AlreadyExists, InvalidInput, Issue
from models.sealing import Sealer
from models.vocabulary import Role, ServiceKind

MAX_SERVICES = 200


@dataclass(frozen=True)
class NewProjectService:
    """A service of the blueprint. `configuration` says what differs from the defaults."""

    name: str
    kind: ServiceKind
    configuration: Mapping[str, Any]


def create_project(
    session: Session, request: Request, *, name: str, services: Sequence[NewProjectService], sealer: Sealer
) -> Project:
    """Raises Forbidden, InvalidInput, AlreadyExists, IdempotencyConflict."""
    require_everywhere(request, Role.ADMIN)
    earlier = claim_key(session, request)
    if earlier is not None:
        return session.get_one(Project, earlier)
    _check(name, services)
    project = Project(name=name)
    rows = _rows(project, services, sealer)
    try:
        with session.begin_nested():
            session.add(project)
            session.flush()
            session.add_all(rows)
    except IntegrityError as error:
        raise AlreadyExists(f"There is a project named {name!r} already. Choose another name.") from error
    keep_result(session, request, project.id)
    return project


def _rows(project: Project, services: Sequence[NewProjectService], sealer: Sealer) -> list[ProjectService]:
    rows: list[ProjectService] = []
    issues: list[Issue] = []
    for index, service in enumerate(services):
        try:
            configuration = accept_blueprint(service.configuration, kind=service.kind, sealer=sealer)
        except InvalidInput as invalid:
            issues += [Issue(("services", str(index), *issue.path), issue.message) for issue in invalid.issues]
            continue
        rows.append(
            ProjectService(project_id=project.id, name=service.name, kind=service.kind, configuration=configuration)
        )
    if issues:
        raise InvalidInput(issues)
    return rows


def _check(name: str, services: Sequence[NewProjectService]) -> None:
    issues: list[Issue] = []
    if message := check_project_name(name):
        issues.append(Issue(("name",), message))
    if len(services) > MAX_SERVICES:
        issues.append(Issue(("services",), f"{len(services)} services; a project has at most {MAX_SERVICES}."))
    seen: dict[str, int] = {}
    for index, service in enumerate(services[:MAX_SERVICES]):
        path = ("services", str(index), "name")
        if message := check_service_name(service.name):
            issues.append(Issue(path, message))
        if service.name in seen:
            issues.append(Issue(path, f"Service {seen[service.name]} has the name {service.name!r} already."))
        seen.setdefault(service.name, index)
    if issues:
        raise InvalidInput(issues)
