"""The whole API as different callers see it: what each may read, change, follow, and find in the audit log."""

import asyncio
import json
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from models.columns import new_id
from models.database import open_database
from models.environment import Environment
from models.migrate import upgrade
from models.project import Project
from tests.jobs.seeds import Seed, seed
from tests.postgresql import Postgresql
from tests.redis_server import RedisServer
from tests.resolvers.identity.issuer import AUDIENCE, Issuer, issuing
from tests.resolvers.mutating import mutate, nothing_changed
from tests.resolvers.running_api import Api, serving

PHASES = "subscription ($id: ID!) { environmentPhaseChanged(environmentId: $id) { phase } }"
AUDIT = """
query ($project: ID, $object: ID, $first: Int, $after: String) {
  auditLog(projectId: $project, objectId: $object, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      caller callerName source mutation outcome project objectId objectName refusal message
      changes { objectId field before after }
    }
  }
}
"""


@pytest.fixture(scope="module")
def issuer() -> Generator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def guarded(
    request: pytest.FixtureRequest,
    issuer: Issuer,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Api]:
    """The API for those who show a token of the issuer."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database')}/phaseline.db"
    else:
        server: Postgresql = request.getfixturevalue("postgresql")
        url = server.new_database()
    database = open_database(url)
    upgrade(database)
    with serving(database, url, redis_server.url, oidc_issuer=issuer.url, oidc_audience=AUDIENCE) as served:
        yield served
    database.close()


@dataclass(frozen=True)
class Place:
    """An environment, and its project as callers name it."""

    seed: Seed
    project: str
    project_id: str

    @property
    def environment_id(self) -> str:
        return self.seed.environment_id

    @property
    def web(self) -> str:
        return self.seed.service_ids["web"]


def place(api: Api) -> Place:
    name = new_id("e").replace("_", "-")
    planted = seed(api.database, "web", name=name)
    with api.database.reading() as session:
        project = session.get_one(Project, session.get_one(Environment, planted.environment_id).project_id)
        return Place(planted, project.name, project.id)


@pytest.fixture
def ours(guarded: Api) -> Place:
    return place(guarded)


@pytest.fixture
def theirs(guarded: Api) -> Place:
    return place(guarded)


class Callers:
    """Clients of one API, by who they are."""

    def __init__(self, api: Api, issuer: Issuer, stack: ExitStack) -> None:
        self._api = api
        self._issuer = issuer
        self._stack = stack

    def __call__(self, roles: object, sub: str = "ann", **claims: Any) -> Api:
        token = self._issuer.token(roles=roles, sub=sub, **claims)
        return self._stack.enter_context(self._api.with_token(token))


@pytest.fixture
def callers(guarded: Api, issuer: Issuer) -> Generator[Callers]:
    with ExitStack() as stack:
        yield Callers(guarded, issuer, stack)


def test_the_viewer_is_told_who_he_is(callers: Callers, ours: Place) -> None:
    document = "{ viewer { name role } }"
    assert callers("VIEWER", name="Ann").data(document)["viewer"] == {"name": "Ann", "role": "VIEWER"}
    assert callers({ours.project: "ADMIN"}).data(document)["viewer"] == {"name": "oidc:ann", "role": "ADMIN"}


def test_lists_and_counts_hold_what_the_caller_may_see(callers: Callers, ours: Place, theirs: Place) -> None:
    document = "{ projects { totalCount nodes { name } } environments { totalCount nodes { id } } }"
    seen = callers({ours.project: "VIEWER"}).data(document)
    assert seen == {
        "projects": {"totalCount": 1, "nodes": [{"name": ours.project}]},
        "environments": {"totalCount": 1, "nodes": [{"id": ours.environment_id}]},
    }
    everything = callers("VIEWER").data("{ environments(first: 100) { nodes { id } } }")
    assert {ours.environment_id, theirs.environment_id} <= {one["id"] for one in everything["environments"]["nodes"]}


ONE_BY_ONE = """
query ($project: ID!, $environment: ID!, $service: ID!, $ids: [ID!]!, $name: String!) {
  node(id: $environment) { id }
  nodes(ids: $ids) { id }
  project(id: $project) { name }
  byName: project(name: $name) { id }
  environment(id: $environment) { name }
  service(id: $service) { name }
  environments(projectId: $project) { totalCount nodes { id } }
}
"""


def test_what_one_may_not_see_is_as_what_is_not_there(callers: Callers, ours: Place, theirs: Place) -> None:
    ann = callers({ours.project: "ADMIN"})
    theirs_asked = {"project": theirs.project_id, "environment": theirs.environment_id, "service": theirs.web}
    nothing = {"project": new_id("prj"), "environment": new_id("env"), "service": new_id("svc")}

    answers = [
        ann.data(ONE_BY_ONE, **ids, ids=list(ids.values()), name=name)
        for ids, name in ((theirs_asked, theirs.project), (nothing, "nothing"))
    ]

    assert answers[0] == answers[1]
    assert answers[0]["nodes"] == [None, None, None]
    assert answers[0]["environments"] == {"totalCount": 0, "nodes": []}


def refused(api: Api, caller: Api, mutation: str, **asked: object) -> dict[str, Any]:
    with nothing_changed(api):
        return mutate(caller, mutation, **asked)


def test_mutations_of_the_invisible_find_nothing(guarded: Api, callers: Callers, ours: Place, theirs: Place) -> None:
    ann = callers({ours.project: "ADMIN"})
    for environment_id, name in ((theirs.environment_id, "x"), (new_id("env"), "x")):
        answer = refused(guarded, ann, "destroyEnvironment", environmentId=environment_id, confirmName=name)
        assert answer["__typename"] == "NotFound"
        message = answer["message"].replace(environment_id, "ID")
        assert message == "There is no such environment: 'ID'. Check environmentId."


@pytest.mark.parametrize(
    ("mutation", "asked", "roles"),
    [
        ("updateService", {"serviceId": "web", "configuration": {}}, ["VIEWER"]),
        ("deleteService", {"serviceId": "web", "confirm": True}, ["VIEWER"]),
        ("rollbackService", {"serviceId": "web", "revision": 1}, ["VIEWER"]),
        ("setEnvironmentProtection", {"environmentId": "env", "protected": True}, ["VIEWER", "EDITOR"]),
        ("destroyEnvironment", {"environmentId": "env", "confirmName": "x"}, ["VIEWER", "EDITOR"]),
        ("createEnvironment", {"projectId": "prj", "name": "new"}, ["VIEWER", "EDITOR"]),
    ],
)
def test_a_role_that_is_too_low_is_said_and_written_down(
    guarded: Api, callers: Callers, ours: Place, mutation: str, asked: dict[str, object], roles: list[str]
) -> None:
    ids = {"web": ours.web, "env": ours.environment_id, "prj": ours.project_id}
    given = {field: ids.get(str(value), value) for field, value in asked.items()}
    for role in roles:
        answer = refused(guarded, callers({ours.project: role}), mutation, **given)
        assert answer["__typename"] == "Forbidden"
        assert ours.project in answer["message"]
        assert f"yours is {role}" in answer["message"]
    log = callers("ADMIN").data(AUDIT, project=ours.project_id)["auditLog"]
    assert [(entry["mutation"], entry["refusal"], entry["changes"]) for entry in log["nodes"]] == [
        (mutation, "Forbidden", [])
    ] * len(roles)


def test_the_audit_log_says_who_what_where_and_each_field(callers: Callers, ours: Place) -> None:
    editor = callers({ours.project: "EDITOR"}, sub="7", name="Ed")
    secret = {"name": "KEY", "value": "hush-hush", "secret": True}
    answer = mutate(editor, "updateService", serviceId=ours.web, configuration={"variables": [secret]})
    assert answer["__typename"] == "UpdateServiceAccepted"

    [entry] = callers({ours.project: "ADMIN"}).data(AUDIT, object=ours.web)["auditLog"]["nodes"]

    changes = {change["field"]: (change["before"], change["after"]) for change in entry.pop("changes")}
    assert entry == {
        "caller": "oidc:7",
        "callerName": "Ed",
        "source": "127.0.0.1",
        "mutation": "updateService",
        "outcome": "ACCEPTED",
        "project": ours.project,
        "objectId": ours.web,
        "objectName": "web",
        "refusal": None,
        "message": None,
    }
    assert changes["configuration.variables.KEY"] == (None, "********")
    assert changes["revision"] == ("1", "2")
    assert "hush" not in str(changes)


def test_the_audit_log_is_for_admins_each_of_their_projects(callers: Callers, ours: Place, theirs: Place) -> None:
    root = callers("ADMIN", sub="root")
    for one in (ours, theirs, ours):
        mutate(root, "setEnvironmentProtection", environmentId=one.environment_id, protected=True)

    for roles in ("EDITOR", {ours.project: "EDITOR"}):
        error = callers(roles).error(AUDIT)
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert "ADMIN" in error["message"]
    ann = callers(["VIEWER", f"{ours.project}:ADMIN"])
    seen = ann.data(AUDIT)["auditLog"]
    assert {entry["project"] for entry in seen["nodes"]} == {ours.project}
    assert seen["totalCount"] == 2
    assert ann.data(AUDIT, project=theirs.project_id)["auditLog"]["totalCount"] == 0
    assert ann.data(AUDIT, object=theirs.environment_id)["auditLog"]["totalCount"] == 0
    assert root.data(AUDIT, project=theirs.project_id)["auditLog"]["totalCount"] == 1
    assert root.data(AUDIT, project="no\0thing", object="nothing")["auditLog"]["totalCount"] == 0

    first = root.data(AUDIT, project=ours.project_id, first=1)["auditLog"]
    second = root.data(AUDIT, project=ours.project_id, first=1, after=first["pageInfo"]["endCursor"])["auditLog"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    [latest], [earlier] = first["nodes"], second["nodes"]
    assert (latest["changes"], len(earlier["changes"])) == ([], 1), "the second call changed nothing"


def test_without_a_token_nothing_is_answered(guarded: Api) -> None:
    for document in ("{ viewer { name } }", "{ __typename }", AUDIT):
        response = httpx.post(f"{guarded.url}/graphql", json={"query": document})
        assert response.status_code == 401


@pytest.mark.anyio
async def test_streams_of_the_invisible_are_refused_as_those_of_nothing(
    guarded: Api, issuer: Issuer, ours: Place, theirs: Place
) -> None:
    token = issuer.token(roles={ours.project: "VIEWER"})
    url = f"{guarded.url.replace('http', 'ws', 1)}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:

        async def ask(**message: object) -> dict[str, Any]:
            await socket.send(json.dumps(message))
            return json.loads(await asyncio.wait_for(socket.recv(), 20))

        payload = {"Authorization": f"Bearer {token}"}
        assert (await ask(type="connection_init", payload=payload))["type"] == "connection_ack"
        refusals: list[str] = []
        for environment_id in (theirs.environment_id, new_id("env")):
            asked = {"query": PHASES, "variables": {"id": environment_id}}
            answer = await ask(type="subscribe", id=environment_id, payload=asked)
            assert answer["type"] == "error"
            assert answer["payload"][0]["extensions"]["code"] == "NOT_FOUND"
            refusals.append(answer["payload"][0]["message"].replace(environment_id, "ID"))
        assert refusals[0] == refusals[1]
        seen = await ask(type="subscribe", id="1", payload={"query": PHASES, "variables": {"id": ours.environment_id}})
        assert seen["payload"]["data"]["environmentPhaseChanged"] == {"phase": "ACTIVE"}


def test_mutations_a_minute_are_limited_by_the_setting(
    issuer: Issuer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('limited')}/phaseline.db"
    database = open_database(url)
    upgrade(database)
    options: dict[str, Any] = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "limits": {"mutations_per_minute": 2},
    }
    with (
        serving(database, url, redis_server.url, **options) as api,
        api.with_token(issuer.token(roles="ADMIN")) as ann,
        api.with_token(issuer.token(roles="ADMIN", sub="bob")) as bob,
    ):
        for name in ("one", "two"):
            assert mutate(ann, "createProject", name=name, services=[])["__typename"] == "ProjectCreated"
        document = 'mutation { createProject(input: { name: "three", services: [] }) { __typename } }'
        refused = ann.client.post("/graphql", json={"query": document})
        assert refused.status_code == 429
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        names = {node["name"] for node in bob.data("{ projects { nodes { name } } }")["projects"]["nodes"]}
        assert names == {"one", "two"}
        assert bob.data(document)["createProject"]["__typename"] == "ProjectCreated"
    database.close()
