"""Every list that clients page through. Each key has an index."""

import re
from collections.abc import Sequence

from sqlalchemy import false
from sqlmodel import col, exists, select

from models.access import Access
from models.audit.entry import AuditEntry
from models.columns import is_id
from models.environment import Environment, PhaseTransition
from models.operation import Operation
from models.phases import EDITABLE
from models.project import Project, ProjectService
from models.reads.listing import Listing
from models.reads.scope import exists_for
from models.service import Release, Service
from models.vocabulary import EnvironmentPhase, Role
from models.workflow import Workflow

_PART_OF_A_NAME = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)

PROJECT_SERVICES = Listing(ProjectService, select(ProjectService), ("name",), col(ProjectService.project_id))
ENVIRONMENTS = Listing(Environment, select(Environment), ("name", "id"), col(Environment.project_id))
SERVICES = Listing(Service, select(Service), ("name",), col(Service.environment_id))
#: What addService takes: nothing once the environment takes no changes any more.
AVAILABLE_SERVICES = Listing(
    ProjectService,
    select(ProjectService)
    .join(Environment, col(Environment.project_id) == col(ProjectService.project_id))
    .where(
        col(Environment.phase).in_(EDITABLE),
        ~exists().where(
            col(Service.environment_id) == col(Environment.id), col(Service.name) == col(ProjectService.name)
        ),
    ),
    ("name",),
    col(Environment.id),
)
OPERATIONS = Listing(Operation, select(Operation), ("number",), col(Operation.environment_id), newest_first=True)
OPERATIONS_OF_SERVICES = Listing(
    Operation, select(Operation), ("number",), col(Operation.service_id), newest_first=True
)
RELEASES = Listing(Release, select(Release), ("revision",), col(Release.service_id), newest_first=True)
WORKFLOWS = Listing(Workflow, select(Workflow), ("id",), col(Workflow.service_id), newest_first=True)
TRANSITIONS = Listing(PhaseTransition, select(PhaseTransition), ("sequence",), col(PhaseTransition.environment_id))


def audit_entries_of(access: Access, project_id: str | None, object_id: str | None) -> Listing[AuditEntry]:
    """Those of projects that the caller administers, the latest first, of one project, of one object."""
    found = Listing(AuditEntry, select(AuditEntry), ("id",), newest_first=True)
    names = access.projects_with(Role.ADMIN)
    if names is not None:
        found = found.where(col(AuditEntry.project).in_(sorted(names)))
    if project_id is not None:
        name = select(Project.name).where(Project.id == project_id).scalar_subquery()
        found = found.where(col(AuditEntry.project) == name if is_id(project_id) else false())
    if object_id is not None:
        found = found.where(col(AuditEntry.object_id) == object_id if is_id(object_id) else false())
    return found


def projects_of(access: Access) -> Listing[Project]:
    """Those that exist for the caller."""
    return Listing(Project, select(Project).where(exists_for(access, Project)), ("name",))


def environments_of(
    access: Access,
    project_id: str | None,
    phases: Sequence[EnvironmentPhase] | None,
    search: str | None,
) -> Listing[Environment]:
    """Those that exist for the caller, of one project, in one of the phases, with `search` in the name."""
    found = Listing(Environment, ENVIRONMENTS.rows, ENVIRONMENTS.key).where(exists_for(access, Environment))
    if project_id is not None:
        found = found.where(col(Environment.project_id) == project_id if is_id(project_id) else false())
    if phases is not None:
        found = found.where(col(Environment.phase).in_(phases))
    if search:
        part = search.strip().lower()
        possible = _PART_OF_A_NAME.fullmatch(part)
        found = found.where(col(Environment.name).contains(part, autoescape=True) if possible else false())
    return found
