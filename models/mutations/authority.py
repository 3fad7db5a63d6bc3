"""What a caller may do to what he sees. What he may not see does not exist for him."""

from sqlmodel import Session

from models.columns import is_id
from models.mutations.request import Request
from models.project import Project
from models.refusals import Forbidden
from models.vocabulary import OperationKind, Role


def visible_project(session: Session, request: Request, project_id: str) -> Project | None:
    """The project, if it exists for the caller."""
    project = session.get(Project, project_id) if is_id(project_id) else None
    return project if project is not None and may_see(request, project) else None


def may_see(request: Request, project: Project) -> bool:
    """Whether the project exists for the caller."""
    return request.access.role_in(project.name) is not None


def require_role(request: Request, project: Project, role: Role) -> None:
    """Raises Forbidden when the caller's role in a project that he sees is too low."""
    if not request.access.may(role, project.name):
        raise Forbidden(
            f"This takes the role {role} in project {project.name!r}; yours is {request.access.role_in(project.name)}. "
            "Nothing was changed. Ask who administers the project."
        )


def require_everywhere(request: Request, role: Role) -> None:
    """Raises Forbidden when the caller lacks the role outside of single projects."""
    if not request.access.may_everywhere(role):
        raise Forbidden(
            f"This takes the role {role} everywhere, not only in single projects. "
            "Nothing was changed. Ask who administers this installation."
        )


def role_to_steer(kind: OperationKind) -> Role:
    """Who may retry or cancel an operation: whoever may ask for it."""
    return Role.ADMIN if kind is OperationKind.DESTROY_ENVIRONMENT else Role.EDITOR
