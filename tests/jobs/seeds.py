"""Rows to start a test from."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.access import Access
from models.columns import new_id
from models.configuration import ImageSource, ServiceConfiguration, Variable
from models.database import Database
from models.environment import Environment, PhaseTransition
from models.installation import read_installation
from models.mutations.queueing import queue_operation, supersede_queued
from models.mutations.request import Request
from models.operation import Operation, OperationStep
from models.operations.progress import steps_in_order
from models.phases import lock_environment, move
from models.project import Project, ProjectService
from models.service import Service
from models.vocabulary import EnvironmentPhase, OperationKind, Role, ServiceKind, ServiceStatus

CONFIGURATION = ServiceConfiguration(
    source=ImageSource(image="example.com/app:1"), variables=(Variable(name="A", value="1"),)
)


def request(key: str | None = None) -> Request:
    return Request(Access("tester", Role.ADMIN), key, ("fingerprint",))


@dataclass(frozen=True)
class Seed:
    """An environment with services, and what is asked of it."""

    database: Database
    environment_id: str
    service_ids: dict[str, str]

    def queue(self, kind: OperationKind, service: str | None = None) -> str:
        with self.database.writing() as session:
            environment = lock_environment(session, self.environment_id)
            assert environment is not None
            row = session.get_one(Service, self.service_ids[service]) if service else None
            if row is not None and kind in (OperationKind.UPDATE_SERVICE, OperationKind.ROLLBACK_SERVICE):
                row.revision += 1
            operation = queue_operation(session, environment, kind, request(), row)
            if kind is OperationKind.UPDATE_SERVICE:
                supersede_queued(session, operation)
            return operation.id

    def operation(self, operation_id: str) -> Operation:
        with self.database.reading() as session:
            return session.get_one(Operation, operation_id)

    def steps(self, operation_id: str) -> dict[str, OperationStep]:
        with self.database.reading() as session:
            return {step.name: step for step in steps_in_order(session, operation_id)}

    def service(self, name: str) -> Service | None:
        with self.database.reading() as session:
            return session.get(Service, self.service_ids[name])

    def environment(self) -> Environment:
        with self.database.reading() as session:
            return session.get_one(Environment, self.environment_id)

    def phases(self) -> list[str]:
        """The phases it went through; fails when a sequence is missing or doubled."""
        with self.database.reading() as session:
            rows = session.exec(
                select(PhaseTransition)
                .where(PhaseTransition.environment_id == self.environment_id)
                .order_by(col(PhaseTransition.sequence))
            ).all()
        assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
        return [row.phase.value for row in rows]


def seed(
    database: Database, *services: str, name: str = "staging", configuration: ServiceConfiguration = CONFIGURATION
) -> Seed:
    """An ACTIVE environment in which `services` run."""
    with database.writing() as session:
        read_installation(session)
        project = Project(name=new_id("p"))
        session.add(project)
        session.flush()
        environment = Environment(project_id=project.id, name=name, cluster="local", namespace=name, domain="x.test")
        session.add(environment)
        session.flush()
        move(session, environment, EnvironmentPhase.INITIALIZING)
        ids = {service: _service(session, project, environment, service, configuration) for service in services}
        move(session, environment, EnvironmentPhase.ACTIVE)
        return Seed(database, environment.id, ids)


def _service(
    session: Session, project: Project, environment: Environment, name: str, configuration: ServiceConfiguration
) -> str:
    blueprint = ProjectService(
        project_id=project.id, name=name, kind=ServiceKind.APPLICATION, configuration=configuration
    )
    session.add(blueprint)
    session.flush()
    service = Service(
        environment_id=environment.id,
        project_service_id=blueprint.id,
        name=name,
        kind=ServiceKind.APPLICATION,
        configuration=configuration,
        status=ServiceStatus.RUNNING,
    )
    session.add(service)
    session.flush()
    return service.id
