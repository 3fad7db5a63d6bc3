"""What an operation is about: everything that its steps need, read at once."""

from dataclasses import dataclass, replace

from sqlmodel import Session, and_, col, select

from models.configuration import ServiceConfiguration
from models.environment import Environment
from models.installation import installation_token
from models.operation import Operation
from models.operations.lease import Lease, hold
from models.project import Project
from models.service import Service, ServiceRevision


@dataclass(frozen=True)
class Subject:
    operation: Operation
    environment: Environment
    project: Project
    service: Service | None
    configuration: ServiceConfiguration | None
    installation: str

    def as_of(self, operation: Operation, environment: Environment) -> "Subject":
        """With what may have changed meanwhile. The rest stays as it is while the operation is under way."""
        return replace(self, operation=operation, environment=environment)


def read_subject(session: Session, lease: Lease) -> Subject:
    """Raises LeaseLost."""
    operation = hold(session, lease)
    its = and_(
        col(ServiceRevision.service_id) == operation.service_id, col(ServiceRevision.revision) == operation.revision
    )
    environment, project, service, revised = session.exec(
        select(Environment, Project, Service, ServiceRevision)
        .join(Project, col(Project.id) == col(Environment.project_id))
        .outerjoin(Service, col(Service.id) == operation.service_id)
        .outerjoin(ServiceRevision, its)
        .where(Environment.id == operation.environment_id)
    ).one()
    configuration = revised.configuration if revised else None
    return Subject(operation, environment, project, service, configuration, installation_token(session))
