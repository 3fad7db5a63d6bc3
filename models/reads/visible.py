"""Finds what a caller may see. What the caller may not see does not exist for them."""

from sqlmodel import Session, col, select

from models.access import Access
from models.environment import Environment
from models.mutations.finding import not_found
from models.operation import Operation
from models.project import Project


def visible_project(session: Session, access: Access, project_id: str) -> Project:
    """Raises NotFound."""
    project = session.get(Project, project_id)
    if project is None or access.role_in(project.name) is None:
        raise not_found(project_id, "projectId", "prj")
    return project


def visible_environment(session: Session, access: Access, environment_id: str) -> Environment:
    """Raises NotFound."""
    found = session.exec(
        select(Environment, Project.name)
        .join(Project, col(Project.id) == col(Environment.project_id))
        .where(Environment.id == environment_id)
    ).first()
    if found is None or access.role_in(found[1]) is None:
        raise not_found(environment_id, "environmentId", "env")
    return found[0]


def visible_operation(session: Session, access: Access, operation_id: str) -> Operation:
    """Raises NotFound."""
    found = session.exec(
        select(Operation, Project.name)
        .join(Environment, col(Environment.id) == col(Operation.environment_id))
        .join(Project, col(Project.id) == col(Environment.project_id))
        .where(Operation.id == operation_id)
    ).first()
    if found is None or access.role_in(found[1]) is None:
        raise not_found(operation_id, "operationId", "opr")
    return found[0]
