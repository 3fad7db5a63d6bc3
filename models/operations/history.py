"""Workflows and releases: written while a service is deployed, removed with it."""

from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from models.columns import now
from models.operation import Operation
from models.operations.lease import Lease, hold
from models.phases import lock_environment
from models.service import Release, Service, ServiceRevision
from models.workflow import Workflow


@dataclass(frozen=True)
class HistoryEntry:
    kind: str
    name: str
    service: str


def start_release(session: Session, lease: Lease, image: str) -> None:
    """Records that the operation's revision is being rolled out. Raises LeaseLost."""
    operation = hold(session, lease)
    if operation.service_id is None or operation.revision is None:
        return
    release = session.exec(
        select(Release).where(Release.service_id == operation.service_id, Release.revision == operation.revision)
    ).first()
    if release is None:
        revision = session.get_one(ServiceRevision, (operation.service_id, operation.revision))
        release = Release(
            service_id=operation.service_id, revision=operation.revision, configuration=revision.configuration
        )
    release.image = image
    release.succeeded = None
    release.created_at = now()
    session.add(release)


def keep_namespace(session: Session, lease: Lease, uid: str) -> None:
    """Remembers that we created the environment's namespace. Raises LeaseLost."""

    environment = lock_environment(session, lease.environment_id)
    hold(session, lease)
    if environment is not None:
        environment.namespace_uid = uid
        session.add(environment)


def history(session: Session, environment_id: str, service_id: str | None = None) -> list[HistoryEntry]:
    """The workflows and releases of an environment, or of one of its services."""
    scope = [Service.environment_id == environment_id]
    if service_id is not None:
        scope.append(Service.id == service_id)
    workflows = session.exec(
        select(Workflow.id, Service.name).join(Service, col(Service.id) == col(Workflow.service_id)).where(*scope)
    ).all()
    releases = session.exec(
        select(Release.id, Service.name).join(Service, col(Service.id) == col(Release.service_id)).where(*scope)
    ).all()
    return [
        *(HistoryEntry("Workflow", id_, service) for id_, service in workflows),
        *(HistoryEntry("Release", id_, service) for id_, service in releases),
    ]


def remove_history(session: Session, lease: Lease) -> int:
    """Removes the workflows and releases of the operation's service or environment. Raises LeaseLost."""
    operation: Operation = hold(session, lease)
    services = select(Service.id).where(Service.environment_id == operation.environment_id)
    if operation.service_id is not None:
        services = services.where(Service.id == operation.service_id)
    removed = 0
    for table, column in ((Workflow, Workflow.service_id), (Release, Release.service_id)):
        removed += session.exec(delete(table).where(col(column).in_(services))).rowcount
    return removed
