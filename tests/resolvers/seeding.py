"""Environments to try mutations on, each with a name of its own."""

from models.columns import new_id, now
from models.configuration import ImageSource, ServiceConfiguration
from models.mutations.queueing import queue_operation
from models.operation import Failure, Operation
from models.phases import lock_environment, move
from models.project import ProjectService
from models.service import Release, Service
from models.vocabulary import EnvironmentPhase, OperationKind, OperationStatus, ServiceKind, ServiceStatus
from tests.jobs.seeds import CONFIGURATION, Seed, request, seed
from tests.resolvers.running_api import Api


def unused_name() -> str:
    return new_id("e").replace("_", "-")


def running(api: Api, *services: str) -> Seed:
    """An ACTIVE environment below x.test in which these services run."""
    return seed(api.database, *services, name=unused_name())


def project_id(environment: Seed) -> str:
    return environment.environment().project_id


def add_to_blueprint(environment: Seed, name: str) -> str:
    """One more service of the project, deployed nowhere."""
    with environment.database.writing() as session:
        row = ProjectService(
            project_id=project_id(environment), name=name, kind=ServiceKind.APPLICATION, configuration=CONFIGURATION
        )
        session.add(row)
        return row.id


def deploy(environment: Seed, name: str, kind: ServiceKind, configuration: ServiceConfiguration) -> str:
    """One more service of the project that runs in the environment."""
    with environment.database.writing() as session:
        blueprint = ProjectService(
            project_id=project_id(environment), name=name, kind=kind, configuration=configuration
        )
        session.add(blueprint)
        session.flush()
        service = Service(
            environment_id=environment.environment_id,
            project_service_id=blueprint.id,
            name=name,
            kind=kind,
            configuration=configuration,
            status=ServiceStatus.RUNNING,
        )
        session.add(service)
        return service.id


def release(environment: Seed, service: str, revision: int, image: str, **fields: object) -> str:
    """A release of the service that succeeded. `fields` are those of the configuration."""
    with environment.database.writing() as session:
        row = Release(
            service_id=environment.service_ids[service],
            revision=revision,
            image=image,
            configuration=ServiceConfiguration.model_validate({"source": ImageSource(image=image), **fields}),
            succeeded=True,
        )
        session.add(row)
        return row.id


def set_phase(environment: Seed, *phases: EnvironmentPhase) -> None:
    with environment.database.writing() as session:
        row = lock_environment(session, environment.environment_id)
        assert row is not None
        for phase in phases:
            move(session, row, phase)


def set_protected(environment: Seed) -> None:
    with environment.database.writing() as session:
        row = lock_environment(session, environment.environment_id)
        assert row is not None
        row.protected = True
        session.add(row)


def operation_in(environment: Seed, status: OperationStatus, service: str, **fields: object) -> str:
    """An operation on the service, as it is when a worker got that far."""
    with environment.database.writing() as session:
        row = lock_environment(session, environment.environment_id)
        assert row is not None
        deployed = session.get_one(Service, environment.service_ids[service])
        operation = queue_operation(session, row, OperationKind.DELETE_SERVICE, request(), deployed)
        operation.status = status
        if operation.status is OperationStatus.FAILED:
            operation.failure = Failure(step="pods", message="It did not go.")
            operation.finished_at = now()
        for name, value in fields.items():
            setattr(operation, name, value)
        session.add(operation)
        return operation.id


def operation_row(api: Api, operation_id: str) -> Operation:
    with api.database.reading() as session:
        return session.get_one(Operation, operation_id)
