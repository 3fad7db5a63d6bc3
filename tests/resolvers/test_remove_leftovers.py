"""leftovers and removeLeftovers."""

from collections.abc import Generator
from typing import Any

import pytest

from jobs.errors import Transient
from jobs.ports import Leftover, LeftoverRemoval, ObjectRef
from models.access import Access
from models.mutations.remove_leftovers import remove_leftovers
from models.mutations.request import Request
from models.refusals import Forbidden
from models.vocabulary import EnvironmentPhase, Role
from tests.jobs.scripted import World, raising
from tests.resolvers.answering_worker import answering
from tests.resolvers.conftest import RedisServer
from tests.resolvers.mutating import document, issues, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running, set_phase, unused_name

LEFTOVERS = """
  query ($cluster: String) {
    leftovers(cluster: $cluster) { cluster objects { kind apiVersion namespace name uid environmentId } }
  }
"""
AUDIT = "{ auditLog(first: 1) { nodes { mutation outcome objectName changes { field after } } } }"
CONFIG_MAP = Leftover("env_gone", "old", ObjectRef("v1", "ConfigMap", "web", "uid-1"))


@pytest.fixture
def world(api: Api, redis_server: RedisServer) -> Generator[World]:
    """A worker answers for it."""
    world = World()
    with answering(api, redis_server.url, world):
        yield world


def leftovers(api: Api, **asked: Any) -> dict[str, Any]:
    return api.data(LEFTOVERS, **asked)["leftovers"]


def test_what_no_environment_owns_is_shown(api: Api, world: World) -> None:
    living, gone = running(api, "web"), running(api, "web")
    set_phase(gone, EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED)
    world.always("cluster.leftovers", lambda: [CONFIG_MAP])

    found = leftovers(api)

    assert found == {
        "cluster": "local",
        "objects": [
            {
                "kind": "ConfigMap",
                "apiVersion": "v1",
                "namespace": "old",
                "name": "web",
                "uid": "uid-1",
                "environmentId": "env_gone",
            }
        ],
    }
    [known] = world.arguments["cluster.leftovers"]
    assert living.environment_id in known.environments()
    assert gone.environment_id not in known.environments()
    assert leftovers(api, cluster="other")["cluster"] == "other"


def test_an_unknown_cluster_is_refused_and_named(api: Api) -> None:
    error = api.error(LEFTOVERS, cluster="mars")
    answer = mutate(api, "removeLeftovers", cluster="mars", uids=["uid-1"])

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "'mars'" in error["message"]
    assert ("cluster",) in issues(answer)


def test_a_cluster_that_does_not_answer_is_an_error_with_a_code(api: Api, world: World) -> None:
    world.always("cluster.leftovers", raising(Transient("The cluster did not answer.")))

    assert api.error(LEFTOVERS)["extensions"]["code"] == "LOOKUP_FAILED"


def test_those_named_are_removed_and_the_others_told(api: Api, world: World) -> None:
    removal = LeftoverRemoval([CONFIG_MAP], {"uid-2": "It would take along what was not named."})
    world.always("cluster.remove_leftovers", lambda: removal)

    with nothing_changed(api):
        answer = mutate(api, "removeLeftovers", uids=["uid-1", "uid-2", "uid-3", "uid-1"])

    assert [one["uid"] for one in answer["removed"]] == ["uid-1"]
    assert [(one["uid"], one["reason"].split()[0]) for one in answer["kept"]] == [("uid-2", "It"), ("uid-3", "Nothing")]
    _known, uids = world.arguments["cluster.remove_leftovers"]
    assert uids == ["uid-1", "uid-2", "uid-3"]
    [entry] = api.data(AUDIT)["auditLog"]["nodes"]
    assert (entry["mutation"], entry["outcome"], entry["objectName"]) == ("removeLeftovers", "ACCEPTED", "local")
    assert {"field": "details", "after": '{"uids":["uid-1","uid-2","uid-3"]}'} in entry["changes"]


def test_a_repetition_gets_the_answer_that_there_was(api: Api, world: World) -> None:
    world.always("cluster.remove_leftovers", lambda: LeftoverRemoval([CONFIG_MAP], {}))
    key = unused_name()
    first = mutate(api, "removeLeftovers", uids=["uid-1"], idempotencyKey=key)

    again = mutate(api, "removeLeftovers", uids=["uid-1"], idempotencyKey=key)
    clash = mutate(api, "removeLeftovers", uids=["uid-2"], idempotencyKey=key)

    assert again == first
    assert world.calls.count("cluster.remove_leftovers") == 1
    assert clash["__typename"] == "IdempotencyConflict"


def test_a_repetition_asks_again_where_nobody_could_answer(api: Api, world: World) -> None:
    world.always("cluster.remove_leftovers", raising(Transient("The cluster did not answer.")))
    asked = {"uids": ["uid-1"], "idempotencyKey": unused_name()}
    failed = api.error(document("removeLeftovers"), input=asked)
    world.always("cluster.remove_leftovers", lambda: LeftoverRemoval([CONFIG_MAP], {}))

    again = mutate(api, "removeLeftovers", **asked)

    assert failed["extensions"]["code"] == "LOOKUP_FAILED"
    assert [one["uid"] for one in again["removed"]] == ["uid-1"]


@pytest.mark.parametrize("uids", [[], [""], ["x" * 65], ["uid"] * 501])
def test_what_names_nothing_removes_nothing(api: Api, world: World, uids: list[str]) -> None:
    answer = mutate(api, "removeLeftovers", uids=uids)

    assert {path[0] for path in issues(answer)} == {"uids"}
    assert world.calls == []


@pytest.mark.parametrize("access", [Access("ann", projects={"shop": Role.ADMIN}), Access("ed", Role.EDITOR)])
def test_it_takes_an_admin_of_everything(api: Api, access: Access) -> None:
    with pytest.raises(Forbidden), api.database.writing() as session:
        remove_leftovers(session, Request(access), cluster="local", uids=["uid-1"], clusters=["local"])
