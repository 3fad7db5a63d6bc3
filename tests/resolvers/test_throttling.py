"""What is refused because it was too much is on record: who wanted what of which object. A flood writes few entries."""

from collections.abc import Generator

import httpx
import pytest
from sqlmodel import col, select

from models.access import Access
from models.audit.entry import AuditEntry
from models.columns import new_id
from models.database import open_database
from models.migrate import upgrade
from models.mutations.create_api_token import create_api_token
from models.mutations.request import Request
from models.project import Project
from models.vocabulary import AuditOutcome, Role
from resolvers.throttling import EACH, is_recorded
from resolvers.transport import TransportLimits
from tests.jobs.seeds import Seed
from tests.redis_server import RedisServer
from tests.resolvers.mutating import document, mutate, nothing_changed
from tests.resolvers.running_api import Api, serving
from tests.resolvers.seeding import project_id, running

PER_MINUTE = 2
SECRET = {"name": "KEY", "value": "hush-hush", "secret": True}
PROTECT = "mutation ($input: SetEnvironmentProtectionInput!) { setEnvironmentProtection(input: $input) { __typename } }"


@pytest.fixture(scope="module")
def limited(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Generator[Api]:
    """Takes `PER_MINUTE` mutations of each token."""
    url = f"sqlite:///{tmp_path_factory.mktemp('database')}/phaseline.db"
    database = open_database(url)
    upgrade(database)
    limits = TransportLimits(mutations_per_minute=PER_MINUTE)
    with serving(database, url, redis_server.url, api_tokens=True, limits=limits) as served:
        yield served
    database.close()


@pytest.fixture
def staging(limited: Api) -> Seed:
    return running(limited, "web")


@pytest.fixture
def caller() -> str:
    """The name of a token."""
    return new_id("t").replace("_", "-")


@pytest.fixture
def exhausted(limited: Api, staging: Seed, caller: str) -> Generator[Api]:
    """The API as somebody sees it who may not change anything more for a minute."""
    with limited.database.writing() as session:
        root = Request(Access("root", Role.ADMIN))
        issued = create_api_token(session, root, name=caller, role=Role.ADMIN, project=None, expires_at=None)
    with limited.with_token(issued.secret) as api:
        for protected in (True, False):
            answer = mutate(api, "setEnvironmentProtection", environmentId=staging.environment_id, protected=protected)
            assert answer["__typename"] == "EnvironmentProtectionSet"
        yield api


def project_name(staging: Seed) -> str:
    with staging.database.reading() as session:
        return session.get_one(Project, project_id(staging)).name


def refused(api: Api, query: str, **variables: object) -> httpx.Response:
    response = api.client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 429, response.text
    return response


def entries(api: Api, caller: str) -> list[AuditEntry]:
    """What the log has of those refused."""
    of_caller = select(AuditEntry).where(AuditEntry.caller == f"token:{caller}").order_by(AuditEntry.id)
    with api.database.reading() as session:
        return list(session.exec(of_caller.where(col(AuditEntry.outcome) == AuditOutcome.REFUSED)).all())


def test_it_is_on_record_with_its_object_and_without_its_input(exhausted: Api, staging: Seed, caller: str) -> None:
    web = staging.service_ids["web"]
    with nothing_changed(exhausted):
        refused(
            exhausted,
            document("updateService"),
            input={"serviceId": web, "configuration": {"variables": [SECRET]}, "idempotencyKey": "hush-hush"},
        )

    [entry] = entries(exhausted, caller)
    assert (entry.caller_name, entry.source, entry.mutation) == (caller, "127.0.0.1", "updateService")
    assert (entry.object_id, entry.object_name, entry.changes) == (web, "web", [])
    assert (entry.project, entry.refusal) == (project_name(staging), "RATE_LIMITED")
    assert f"More than {PER_MINUTE} mutations a minute." in (entry.message or "")
    assert "number 1 of those refused" in (entry.message or "")
    assert "hush" not in entry.model_dump_json()


def test_each_mutation_of_an_operation_is_on_record_wherever_it_is_written(
    exhausted: Api, staging: Seed, caller: str
) -> None:
    refused(
        exhausted,
        """
        mutation ($environment: ID = "env_by_default", $service: ID!) {
          destroyEnvironment(input: {environmentId: $environment, planDigest: "x", confirmName: "x"}) { __typename }
          __typename
          ...Rest
          ... on Mutation { createProject(input: {name: "shop", services: []}) { __typename } }
        }
        fragment Rest on Mutation {
          deleteService(input: {serviceId: $service, confirm: true}) { __typename }
        }
        """,
        service=staging.service_ids["web"],
    )
    assert [(entry.mutation, entry.object_id, entry.object_name) for entry in entries(exhausted, caller)] == [
        ("destroyEnvironment", "env_by_default", None),
        ("deleteService", staging.service_ids["web"], "web"),
        ("createProject", None, "shop"),
    ]


def test_a_flood_writes_few_entries_that_say_how_much_it_was(exhausted: Api, caller: str) -> None:
    spread = " ".join(["...Many"] * 20)
    cancel = 'cancelOperation(input: {operationId: "opr_x"}) { __typename } '
    for _ in range(3):
        refused(exhausted, f"mutation {{ {spread} }} fragment Many on Mutation {{ {cancel * 20} }}")

    kept = entries(exhausted, caller)
    numbers = [*range(1, EACH + 1), 100, 1000]
    assert [f"number {number} of" in (entry.message or "") for number, entry in zip(numbers, kept, strict=True)] == [
        True
    ] * len(numbers)
    assert {(entry.mutation, entry.object_id) for entry in kept} == {("cancelOperation", "opr_x")}


def test_only_few_of_any_number_are_recorded() -> None:
    assert sum(map(is_recorded, range(1, 1_000_001))) == EACH + 5


@pytest.mark.parametrize(
    "asked",
    [None, [], "text", 1, {"session": 1, "message": {}, "arguments": []}, {"environmentId": {"value": "hush-hush"}}],
)
def test_whatever_is_given_it_is_on_record(exhausted: Api, caller: str, asked: object) -> None:
    refused(exhausted, PROTECT, input=asked)
    [entry] = entries(exhausted, caller)
    assert entry.mutation == "setEnvironmentProtection"
    assert entry.object_id is None
    assert "hush" not in entry.model_dump_json()


def test_its_admins_find_it(exhausted: Api, staging: Seed) -> None:
    refused(exhausted, PROTECT, input={"environmentId": staging.environment_id, "protected": True})
    query = "query ($id: ID) { auditLog(objectId: $id, first: 1) { nodes { outcome refusal } } }"
    found = exhausted.data(query, id=staging.environment_id)["auditLog"]["nodes"]
    assert found == [{"outcome": "REFUSED", "refusal": "RATE_LIMITED"}]
