"""What one may not see does not exist: in lists, by id and name, in counts, and for mutations."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from models.access import Access
from models.mutations.create_api_token import create_api_token
from models.mutations.request import Request
from models.project import Project
from models.vocabulary import OperationStatus, Role
from tests.jobs.seeds import Seed
from tests.redis_server import RedisServer
from tests.resolvers.mutating import mutate, nothing_changed
from tests.resolvers.running_api import Api, serving
from tests.resolvers.seeding import add_to_blueprint, operation_in, project_id, release, running, unused_name


@dataclass(frozen=True)
class Sights:
    """Two environments of two projects, and the API as somebody sees it who has a role in the first one only."""

    mine: Seed
    foreign: Seed
    editor: Api
    viewer: Api


@pytest.fixture(scope="module")
def sights(api: Api, redis_server: RedisServer) -> Generator[Sights]:
    mine, foreign = running(api, "web"), running(api, "web")
    url = api.database.engine.url.render_as_string(hide_password=False)
    with (
        serving(api.database, url, redis_server.url, api_tokens=True) as served,
        seen_as(served, mine, Role.EDITOR) as editor,
        seen_as(served, mine, Role.VIEWER) as viewer,
    ):
        yield Sights(mine, foreign, editor, viewer)


@contextmanager
def seen_as(served: Api, environment: Seed, role: Role) -> Generator[Api]:
    """The API for the holder of a token with a role in the environment's project."""
    admin = Request(Access("admin", Role.ADMIN))
    with served.database.writing() as session:
        project = session.get_one(Project, project_id(environment)).name
        issued = create_api_token(session, admin, name=unused_name(), role=role, project=project, expires_at=None)
    headers = {"authorization": f"Bearer {issued.secret}"}
    with httpx.Client(base_url=served.url, headers=headers, timeout=30) as client:
        yield Api(client, served.url, served.database)


def test_lists_and_counts_hold_what_the_caller_sees(sights: Sights) -> None:
    data = sights.viewer.data(
        "{ projects { totalCount nodes { id } } environments { totalCount nodes { id } } viewer { role } }"
    )

    assert data["projects"] == {"totalCount": 1, "nodes": [{"id": project_id(sights.mine)}]}
    assert data["environments"] == {"totalCount": 1, "nodes": [{"id": sights.mine.environment_id}]}
    assert data["viewer"] == {"role": "VIEWER"}


def ids_of(environment: Seed) -> dict[str, str]:
    """One of each type."""
    return {
        "Project": project_id(environment),
        "ProjectService": add_to_blueprint(environment, unused_name()),
        "Environment": environment.environment_id,
        "Service": environment.service_ids["web"],
        "Release": release(environment, "web", 10, "example.com/app:1"),
        "Operation": operation_in(environment, OperationStatus.SUCCEEDED, "web"),
    }


def test_an_invisible_object_is_not_found_by_its_id(sights: Sights) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }"
    mine, foreign = ids_of(sights.mine), ids_of(sights.foreign)

    seen = sights.viewer.data(query, ids=list(mine.values()))["nodes"]
    unseen = sights.viewer.data(query, ids=list(foreign.values()))["nodes"]

    assert [node["__typename"] for node in seen] == list(mine)
    assert unseen == [None] * len(foreign)


def test_an_invisible_object_is_not_found_by_its_name_or_in_any_filter(sights: Sights) -> None:
    foreign = sights.foreign.environment()
    data = sights.viewer.data(
        "query ($name: String, $id: ID!, $project: ID!) { environment(name: $name) { id } byId: environment(id: $id) "
        "{ id } environments(projectId: $project, search: $name) { totalCount } }",
        name=foreign.name,
        id=foreign.id,
        project=foreign.project_id,
    )

    assert data == {"environment": None, "byId": None, "environments": {"totalCount": 0}}


def test_a_viewer_may_change_nothing(sights: Sights) -> None:
    with nothing_changed(sights.viewer):
        answer = mutate(sights.viewer, "updateService", serviceId=sights.mine.service_ids["web"], configuration={})

    assert answer["__typename"] == "Forbidden"
    assert "EDITOR" in answer["message"]


def test_an_editor_changes_but_does_not_destroy_protect_or_create(sights: Sights) -> None:
    api, environment = sights.editor, sights.mine
    name = environment.environment().name
    with nothing_changed(api):
        refused = [
            mutate(api, "destroyEnvironment", environmentId=environment.environment_id, confirmName=name),
            mutate(api, "setEnvironmentProtection", environmentId=environment.environment_id, protected=True),
            mutate(api, "createEnvironment", projectId=project_id(environment), name=unused_name()),
            mutate(api, "createProject", name=unused_name(), services=[]),
        ]
    accepted = mutate(api, "updateService", serviceId=environment.service_ids["web"], configuration={})

    assert [answer["__typename"] for answer in refused] == ["Forbidden"] * 4
    assert accepted["__typename"] == "UpdateServiceAccepted"


def test_what_is_invisible_is_not_found_by_mutations(sights: Sights) -> None:
    api, foreign = sights.editor, sights.foreign
    operation = operation_in(foreign, OperationStatus.FAILED, "web")
    with nothing_changed(api):
        answers = [
            mutate(api, "updateService", serviceId=foreign.service_ids["web"], configuration={}),
            mutate(api, "deleteService", serviceId=foreign.service_ids["web"], confirm=True),
            mutate(api, "rollbackService", serviceId=foreign.service_ids["web"], revision=1),
            mutate(api, "destroyEnvironment", environmentId=foreign.environment_id, confirmName="x"),
            mutate(api, "createEnvironment", projectId=project_id(foreign), name=unused_name()),
            mutate(api, "retryOperation", operationId=operation),
            mutate(api, "cancelOperation", operationId=operation),
        ]

    assert {answer["__typename"] for answer in answers} == {"NotFound"}


def test_keys_of_two_callers_are_two_keys(sights: Sights, api: Api) -> None:
    key = unused_name()
    asked = {"serviceId": sights.mine.service_ids["web"], "configuration": {"command": ["x"]}, "idempotencyKey": key}

    mine = mutate(sights.editor, "updateService", **asked)
    admins = mutate(api, "updateService", **asked)

    assert mine["__typename"] == admins["__typename"] == "UpdateServiceAccepted"
    assert mine["operation"]["id"] != admins["operation"]["id"]
