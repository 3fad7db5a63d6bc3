"""How the rows of each list look to clients."""

from collections.abc import Sequence

from models.access import Access
from models.audit.entry import AuditEntry as AuditEntryRow
from models.environment import Environment as EnvironmentRow
from models.project import Project as ProjectRow
from models.reads import listings
from models.vocabulary import EnvironmentPhase
from resolvers.cursors import TransitionCursors
from resolvers.paging import View, view_of
from schema.audit_entry import AuditEntry, AuditEntryConnection
from schema.environment import Environment, EnvironmentConnection
from schema.operation import Operation, OperationConnection
from schema.phase_transition import PhaseTransition, PhaseTransitionConnection
from schema.project import Project, ProjectConnection
from schema.project_service import ProjectService, ProjectServiceConnection
from schema.release import Release, ReleaseConnection
from schema.service import Service, ServiceConnection
from schema.workflow import Workflow, WorkflowConnection

PROJECT_SERVICES = view_of(listings.PROJECT_SERVICES, ProjectService.of, ProjectServiceConnection)
PROJECT_ENVIRONMENTS = view_of(listings.ENVIRONMENTS, Environment.of, EnvironmentConnection)
ENVIRONMENT_SERVICES = view_of(listings.SERVICES, Service.of, ServiceConnection)
AVAILABLE_SERVICES = view_of(listings.AVAILABLE_SERVICES, ProjectService.of, ProjectServiceConnection)
ENVIRONMENT_OPERATIONS = view_of(listings.OPERATIONS, Operation.of, OperationConnection)
SERVICE_OPERATIONS = view_of(listings.OPERATIONS_OF_SERVICES, Operation.of, OperationConnection)
RELEASES = view_of(listings.RELEASES, Release.of, ReleaseConnection)
WORKFLOWS = view_of(listings.WORKFLOWS, Workflow.of, WorkflowConnection)
PHASE_HISTORY = View(listings.TRANSITIONS, PhaseTransition.of, PhaseTransitionConnection, TransitionCursors())


def projects(access: Access) -> View[ProjectRow, ProjectConnection]:
    return view_of(listings.projects_of(access), Project.of, ProjectConnection)


def audit_log(
    access: Access, project_id: str | None, object_id: str | None
) -> View[AuditEntryRow, AuditEntryConnection]:
    return view_of(listings.audit_entries_of(access, project_id, object_id), AuditEntry.of, AuditEntryConnection)


def environments(
    access: Access, project_id: str | None, phases: Sequence[EnvironmentPhase] | None, search: str | None
) -> View[EnvironmentRow, EnvironmentConnection]:
    listing = listings.environments_of(access, project_id, phases, search)
    return view_of(listing, Environment.of, EnvironmentConnection)
