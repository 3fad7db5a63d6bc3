"""The rows that every side shows: 50 environments of 20 services, and a database filled with them."""

from datetime import UTC, datetime

from models.configuration import (
    HealthCheck,
    HealthChecks,
    ImageSource,
    IngressRule,
    NetworkSettings,
    Port,
    ResourceSettings,
    ServiceConfiguration,
    Variable,
)
from models.database import Database
from models.environment import Environment, PhaseTransition
from models.project import Project, ProjectService
from models.service import Release, Service
from models.vocabulary import EnvironmentPhase, ServiceKind, ServiceStatus

ENVIRONMENTS = 50
SERVICES = 20
RELEASES = 3
LONG_AGO = datetime(2026, 1, 31, 12, tzinfo=UTC)


def new_id(prefix: str, number: int, index: int = 0) -> str:
    """An id of the form that the product gives, which says what it counts."""
    return f"{prefix}_{number:012}{index:012}"


PROJECT_ID = new_id("prj", 1)


def environment_row(number: int) -> Environment:
    return Environment(
        id=new_id("env", number),
        project_id=PROJECT_ID,
        name=f"environment-{number:04}",
        cluster="default",
        namespace=f"phaseline-environment-{number:04}",
        domain=f"environment-{number:04}.example.com",
        phase=EnvironmentPhase.ACTIVE,
        last_sequence=1,
        created_at=LONG_AGO,
    )


def service_row(environment: int, index: int) -> Service:
    return Service(
        id=new_id("svc", environment, index),
        environment_id=new_id("env", environment),
        project_service_id=new_id("psv", index),
        name=service_name(index),
        kind=ServiceKind.APPLICATION,
        status=ServiceStatus.RUNNING,
        revision=RELEASES,
        configuration=configuration(environment, index),
    )


def service_name(index: int) -> str:
    return f"service-{index:04}"


def configuration(environment: int, index: int) -> ServiceConfiguration:
    """As a web service has one: an image, some variables, a port that the world reaches, a check. No two are equal."""
    return ServiceConfiguration(
        source=ImageSource(image=f"registry.example.com/acme/service:1.4.{index}"),
        variables=tuple(Variable(name=f"SETTING_{number}", value=f"{environment} {number}") for number in range(5)),
        resources=ResourceSettings(cpu_request="50m", cpu_limit="500m", memory_request="64Mi", memory_limit="256Mi"),
        networking=NetworkSettings(
            ports=(Port(name="http", number=8080),),
            ingress=(IngressRule(host=f"service-{index}", path="/", port="http", tls=True),),
        ),
        health_checks=HealthChecks(readiness=HealthCheck(path="/healthz", port="http")),
    )


def fill(database: Database, environments: int, services: int) -> None:
    """One project and its environments, all ACTIVE, with their first transition and some releases of each service."""
    with database.writing() as session:
        session.add(Project(id=PROJECT_ID, name="bench", last_serial=environments))
        session.flush()
        session.add_all(_blueprint(index) for index in range(services))
        session.add_all(environment_row(number) for number in range(environments))
        session.flush()
        session.add_all(_first_transition(number) for number in range(environments))
        rows = [service_row(number, index) for number in range(environments) for index in range(services)]
        session.add_all(rows)
        session.flush()
        session.add_all(_release(row, revision) for row in rows for revision in range(1, RELEASES + 1))


def _blueprint(index: int) -> ProjectService:
    return ProjectService(
        id=new_id("psv", index),
        project_id=PROJECT_ID,
        name=service_name(index),
        kind=ServiceKind.APPLICATION,
        configuration=configuration(0, index),
    )


def _first_transition(number: int) -> PhaseTransition:
    return PhaseTransition(
        environment_id=new_id("env", number),
        sequence=1,
        project_id=PROJECT_ID,
        serial=number + 1,
        phase=EnvironmentPhase.ACTIVE,
    )


def _release(service: Service, revision: int) -> Release:
    return Release(
        service_id=service.id,
        revision=revision,
        image=f"registry.example.com/acme/{service.name}@sha256:{revision:064}",
        configuration=service.configuration,
        succeeded=True,
    )
