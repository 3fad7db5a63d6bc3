"""Which rows exist for a caller. What one may not see is not there, in lists, by id, and in counts alike."""

from sqlalchemy import ColumnElement, true
from sqlmodel import col, select

from models.access import Access
from models.environment import Environment
from models.operation import Operation
from models.project import Project, ProjectService
from models.service import Release, Service
from models.workflow import Workflow

Visible = Project | ProjectService | Environment | Service | Release | Workflow | Operation


def exists_for(access: Access, table: type[Visible]) -> ColumnElement[bool]:
    """The condition that a row of `table` belongs to a project that the caller sees."""
    names = access.visible_projects
    if names is None:
        return true()
    named = col(Project.name).in_(sorted(names))
    projects = select(Project.id).where(named)
    environments = select(Environment.id).where(col(Environment.project_id).in_(projects))
    services = select(Service.id).where(col(Service.environment_id).in_(environments))
    # Compared with the one project that most callers with a role in single projects have, rows come in their order from
    # an index; out of several they have to be sorted
    in_projects = col(Environment.project_id).in_(projects)
    in_project = col(Environment.project_id) == projects.scalar_subquery()
    conditions: dict[type[Visible], ColumnElement[bool]] = {
        Project: named,
        ProjectService: col(ProjectService.project_id).in_(projects),
        Environment: in_project if len(names) == 1 else in_projects,
        Service: col(Service.environment_id).in_(environments),
        Operation: col(Operation.environment_id).in_(environments),
        Release: col(Release.service_id).in_(services),
        Workflow: col(Workflow.service_id).in_(services),
    }
    return conditions[table]
