"""What an operation is about: everything that its steps need, read at once."""

from dataclasses import dataclass

from sqlmodel import Session

from models.configuration import ServiceConfiguration
from models.environment import Environment
from models.installation import read_installation
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


def read_subject(session: Session, lease: Lease) -> Subject:
    """Raises LeaseLost."""
    operation = hold(session, lease)
    environment = session.get_one(Environment, operation.environment_id)
    service = session.get(Service, operation.service_id) if operation.service_id else None
    configuration = None
    if operation.service_id is not None and operation.revision is not None:
        configuration = session.get_one(ServiceRevision, (operation.service_id, operation.revision)).configuration
    project = session.get_one(Project, environment.project_id)
    return Subject(operation, environment, project, service, configuration, read_installation(session).token)
