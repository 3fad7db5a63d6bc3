"""However many objects a query shows, it takes the same number of SQL statements; and what a mutation takes."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import current_thread

from sqlalchemy import Connection, Engine, event
from sqlmodel import Session

from models.async_database import THREADS
from models.database import Database
from models.environment import Environment
from models.mutations.queueing import queue_operation
from models.phases import move
from models.project import Project, ProjectService
from models.service import Release, Service
from models.vocabulary import EnvironmentPhase, OperationKind, ServiceKind
from tests.jobs.seeds import CONFIGURATION, request
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running, unused_name

QUERY = """
  query ($project: ID!, $environments: Int!) {
    environments(projectId: $project, first: $environments) {
      totalCount
      nodes {
        name
        project { name }
        phaseHistory(first: 5) { totalCount nodes { phase operation { kind } environment { name } } }
        availableServices(first: 5) { totalCount nodes { name } }
        operations(first: 3) { totalCount nodes { kind steps { name } environment { name } } }
        service(name: "service-0") { name }
        services(first: 20) {
          totalCount
          nodes {
            name
            hostnames
            environment { name }
            configuration { variables { name } }
            releases(first: 3) { totalCount nodes { revision configuration { command } } }
            workflows(first: 2) { totalCount nodes { stages { kind } } }
          }
        }
      }
    }
  }
"""
SMALL = """
  query ($project: ID!, $environments: Int!) {
    environments(projectId: $project, first: $environments) {
      nodes { services(first: 20) { nodes { releases { nodes { revision } } } } }
    }
  }
"""
UPDATE = """
  mutation ($input: UpdateServiceInput!) {
    updateService(input: $input) { ... on UpdateServiceAccepted { operation { id status } } }
  }
"""


@contextmanager
def counted() -> Generator[list[str]]:
    """The SQL statements that the API sends meanwhile."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        of_api = current_thread().name.startswith(THREADS)
        if of_api and statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Size:
    environments: int
    services: int
    operations: bool = False


def project_of(database: Database, size: Size) -> str:
    """A project with so many environments, in each so many services, each with four releases."""
    project = Project(name=unused_name())
    blueprints = [
        ProjectService(
            project_id=project.id, name=f"service-{n}", kind=ServiceKind.APPLICATION, configuration=CONFIGURATION
        )
        for n in range(size.services + 2)
    ]
    with database.writing() as session:
        session.add(project)
        session.flush()
        session.add_all(blueprints)
        for number in range(size.environments):
            plant(session, blueprints, f"{project.name}-{number}", size)
    return project.id


def plant(session: Session, blueprints: list[ProjectService], name: str, size: Size) -> None:
    environment = Environment(
        project_id=blueprints[0].project_id, name=name, cluster="local", namespace=name, domain="x.test"
    )
    services = [
        Service(
            environment_id=environment.id,
            project_service_id=blueprint.id,
            name=blueprint.name,
            kind=blueprint.kind,
            configuration=CONFIGURATION,
        )
        for blueprint in blueprints[: size.services]
    ]
    session.add(environment)
    session.flush()
    session.add_all(services)
    session.flush()
    for service in services:
        session.add_all(
            Release(service_id=service.id, revision=revision, configuration=CONFIGURATION) for revision in (1, 2, 3, 4)
        )
    if size.operations:
        move(session, environment, EnvironmentPhase.INITIALIZING)
        for service in services:
            queue_operation(session, environment, OperationKind.ADD_SERVICE, request(), service)


def test_fifty_environments_take_as_many_statements_as_two(api: Api) -> None:
    few, many = project_of(api.database, Size(2, 2)), project_of(api.database, Size(50, 20))
    counts: list[int] = []
    for project in (few, many):
        with counted() as statements:
            data = api.data(SMALL, project=project, environments=50)
        counts.append(len(statements))
        services = [s for e in data["environments"]["nodes"] for s in e["services"]["nodes"]]
        assert all(len(service["releases"]["nodes"]) == 4 for service in services)

    assert len(services) == 1000
    assert counts == [3, 3]


def test_every_list_and_every_object_is_batched(api: Api) -> None:
    counts: list[int] = []
    for size in (Size(2, 2, operations=True), Size(6, 5, operations=True)):
        project = project_of(api.database, size)
        with counted() as statements:
            data = api.data(QUERY, project=project, environments=size.environments)
        counts.append(len(statements))
        assert len(data["environments"]["nodes"]) == size.environments

    assert counts[0] == counts[1] <= 22


def test_nothing_is_counted_that_is_not_asked_for(api: Api) -> None:
    with counted() as statements:
        api.data("{ projects { nodes { services { nodes { name } } } } }")

    assert not [statement for statement in statements if "count(" in statement]


def test_a_mutation_takes_as_many_statements_as_it_changes_tables(api: Api) -> None:
    """It looks up who may, locks the environment, reads the service and its project: four reads."""
    staging = running(api, "web", "api")
    with counted() as statements:
        change = {"serviceId": staging.service_ids["web"], "configuration": {"deployment": {"replicas": 2}}}
        answer = api.data(UPDATE, input=change)

    assert answer["updateService"]["operation"]["status"] == "QUEUED"
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 4
    assert len(statements) == 13
