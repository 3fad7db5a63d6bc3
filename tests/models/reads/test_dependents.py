"""A variable that names a service as a host makes its service depend on it."""

from collections.abc import Generator
from pathlib import Path

import pytest

from models.configuration import ServiceConfiguration, Variable
from models.database import Database, open_database
from models.environment import Environment
from models.migrate import upgrade
from models.reads.dependents import dependents
from models.sealing import Sealer, generate_key
from models.service import Service
from models.vocabulary import ServiceStatus
from tests.jobs.seeds import CONFIGURATION, Seed, seed

SEALER = Sealer(generate_key())


@pytest.fixture
def sqlite(tmp_path: Path) -> Generator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/phaseline.db")
    upgrade(database)
    yield database
    database.close()


def with_variable(variable: Variable) -> ServiceConfiguration:
    return CONFIGURATION.model_copy(update={"variables": (variable,)})


def dependents_of(staging: Seed, service: str) -> list[str]:
    with staging.database.reading() as session:
        environment = session.get_one(Environment, staging.environment_id)
        return dependents(session, environment, session.get_one(Service, staging.service_ids[service]), SEALER)


def configure(staging: Seed, service: str, variable: Variable, **fields: object) -> None:
    with staging.database.writing() as session:
        row = session.get_one(Service, staging.service_ids[service])
        row.configuration = with_variable(variable)
        for name, value in fields.items():
            setattr(row, name, value)
        session.add(row)


@pytest.mark.parametrize(
    "value",
    [
        "api",
        "API",
        "api:8000",
        "http://api",
        "http://api:8000/v1?x=1",
        "https://api/v1",
        "postgres://user:pass@api:5432/shop",
        "redis://:pass@api",
        "user:pass@tcp(api:3306)/shop",
        "host=api port=5432",
        "other:9000,api:9000",
        "jdbc:mysql://api/shop",
        "http://api.staging.svc.cluster.local:8000",
        "http://api.staging",
    ],
)
@pytest.mark.parametrize("secret", [False, True])
def test_named_as_a_host(sqlite: Database, value: str, secret: bool) -> None:
    staging = seed(sqlite, "api", "web", "worker")
    configure(staging, "web", Variable(name="A", value=value) if not secret else sealed(value))

    assert dependents_of(staging, "api") == ["web"]
    assert dependents_of(staging, "worker") == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "apis",
        "my-api",
        "api-2:8000",
        "http://api.example.com",
        "http://example.com/api/v1",
        "http://example.com/api",
        "/api",
        "api/v1",
        "http://api:secret@example.com",
        "http://www.api",
        "http://api.production.svc",
        "api_key",
    ],
)
def test_named_as_something_else(sqlite: Database, value: str) -> None:
    staging = seed(sqlite, "api", "web")
    configure(staging, "web", Variable(name="A", value=value))

    assert dependents_of(staging, "api") == []


def test_neither_itself_nor_what_is_being_deleted_nor_another_environment(sqlite: Database) -> None:
    staging, other = seed(sqlite, "api", "web"), seed(sqlite, "web", name="other")
    for environment, service in ((staging, "api"), (other, "web")):
        configure(environment, service, Variable(name="A", value="http://api"))
    configure(staging, "web", Variable(name="A", value="http://api"), status=ServiceStatus.DELETING)

    assert dependents_of(staging, "api") == []


def test_a_secret_that_nobody_can_read_any_more_is_passed_over(sqlite: Database) -> None:
    staging = seed(sqlite, "api", "web")
    lost = Sealer(generate_key()).seal("http://api")
    configure(staging, "web", Variable(name="A", secret=True, sealed=lost))

    assert dependents_of(staging, "api") == []


def sealed(value: str) -> Variable:
    return Variable(name="A", secret=True, sealed=SEALER.seal(value))
