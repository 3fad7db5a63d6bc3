"""destroyEnvironment."""

from collections.abc import Generator
from typing import Any

import pytest

import resolvers.inquiries
from jobs.errors import Permanent
from jobs.ports import DnsRecord, Inventory, ObjectRef
from models.columns import new_id
from models.vocabulary import EnvironmentPhase, OperationStatus
from tests.jobs.scripted import World, raising
from tests.jobs.seeds import Seed
from tests.redis_server import RedisServer
from tests.resolvers.answering_worker import answering, runner_for
from tests.resolvers.mutating import at_once, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import (
    operation_in,
    operation_row,
    running,
    set_phase,
    set_protected,
    unused_name,
)

PLAN = """
  query ($id: ID!) {
    environment(id: $id) { destroyPlan { digest removals { kind name service } keeps { kind name reason } } }
  }
"""


@pytest.fixture
def staging(api: Api) -> Seed:
    return running(api, "web")


@pytest.fixture
def world(api: Api, redis_server: RedisServer) -> Generator[World]:
    """A worker answers for it."""
    world = World()
    with answering(api, redis_server.url, world):
        yield world


def named(environment: Seed, **asked: object) -> dict[str, Any]:
    return {"environmentId": environment.environment_id, "confirmName": environment.environment().name, **asked}


def there_is(world: World, *names: str) -> None:
    found = Inventory(tuple(ObjectRef("v1", "ConfigMap", name, f"uid-of-{name}") for name in names))
    world.always("cluster.inventory", lambda: found)


def plan_of(api: Api, environment: Seed) -> dict[str, Any]:
    return api.data(PLAN, id=environment.environment_id)["environment"]["destroyPlan"]


def test_an_environment_is_fenced_and_its_removal_queued(api: Api, staging: Seed) -> None:
    queued = operation_in(staging, OperationStatus.QUEUED, "web")

    answer = mutate(api, "destroyEnvironment", **named(staging))

    assert answer["__typename"] == "DestroyEnvironmentAccepted"
    assert (answer["operation"]["kind"], answer["operation"]["serviceName"]) == ("DESTROY_ENVIRONMENT", None)
    assert answer["environment"]["phase"] == "DESTROYING"
    assert operation_row(api, queued).status is OperationStatus.CANCELLED


@pytest.mark.parametrize("name", ["", "Staging", "staging "])
def test_only_the_exact_name_confirms(api: Api, staging: Seed, name: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "destroyEnvironment", environmentId=staging.environment_id, confirmName=name)

    assert answer["__typename"] == "ConfirmationMismatch"


def test_nothing_happens_to_a_protected_environment(api: Api, staging: Seed) -> None:
    set_protected(staging)

    with nothing_changed(api):
        answer = mutate(api, "destroyEnvironment", **named(staging))

    assert answer["__typename"] == "ProtectedFromRemoval"


def test_what_is_being_destroyed_is_not_destroyed_again(api: Api, staging: Seed) -> None:
    mutate(api, "destroyEnvironment", **named(staging))

    with nothing_changed(api):
        answer = mutate(api, "destroyEnvironment", **named(staging))

    assert (answer["__typename"], answer["phase"]) == ("PhaseConflict", "DESTROYING")


def test_after_a_failure_it_goes_on_with_the_same_operation(api: Api, staging: Seed) -> None:
    first = mutate(api, "destroyEnvironment", **named(staging))
    with api.database.writing() as session:
        row = session.get_one(type(operation_row(api, first["operation"]["id"])), first["operation"]["id"])
        row.status = OperationStatus.FAILED
        session.add(row)
    set_phase(staging, EnvironmentPhase.DESTROY_FAILED)

    again = mutate(api, "destroyEnvironment", **named(staging))

    assert again["operation"]["id"] == first["operation"]["id"]
    assert again["operation"]["status"] == "QUEUED"
    assert staging.phases()[-3:] == ["DESTROYING", "DESTROY_FAILED", "DESTROYING"]


@pytest.mark.parametrize("given", ["", new_id("env"), new_id("prj")])
def test_an_unknown_environment_is_not_found(api: Api, given: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "destroyEnvironment", environmentId=given, confirmName="x")

    assert answer["__typename"] == "NotFound"


def test_the_same_key_destroys_once(api: Api, staging: Seed) -> None:
    asked = named(staging, idempotencyKey=unused_name())
    answers = at_once(api, "destroyEnvironment", asked)

    with nothing_changed(api):
        clash = mutate(api, "destroyEnvironment", **{**asked, "confirmName": "other"})

    assert {answer["operation"]["id"] for answer in answers} == {clash["idempotent"]["id"]}
    assert staging.phases().count("DESTROYING") == 1


def test_the_plan_that_was_shown_is_carried_out(api: Api, staging: Seed, world: World) -> None:
    there_is(world, "settings")
    plan = plan_of(api, staging)

    answer = mutate(api, "destroyEnvironment", **named(staging, planDigest=plan["digest"]))

    assert plan["removals"] == [{"kind": "ConfigMap", "name": "settings", "service": None}]
    assert answer["__typename"] == "DestroyEnvironmentAccepted"


def test_another_plan_than_shown_is_refused_and_shown(api: Api, staging: Seed, world: World) -> None:
    there_is(world, "settings")
    shown = plan_of(api, staging)
    there_is(world, "settings", "something-new")

    answer = mutate(api, "destroyEnvironment", **named(staging, planDigest=shown["digest"]))

    assert answer["__typename"] == "PlanChanged"
    assert answer["plan"] == {"digest": plan_of(api, staging)["digest"], "removals": answer["plan"]["removals"]}
    assert [removal["name"] for removal in answer["plan"]["removals"]] == ["settings", "something-new"]
    assert staging.phases() == ["INITIALIZING", "ACTIVE"]


def test_no_worker_is_asked_where_the_answer_is_no_anyway(api: Api, staging: Seed) -> None:
    asked = {"environmentId": staging.environment_id, "confirmName": "wrong", "planDigest": "0"}
    with nothing_changed(api):
        answer = mutate(api, "destroyEnvironment", **asked)

    assert answer["__typename"] == "ConfirmationMismatch"


def test_a_repetition_needs_no_worker(api: Api, staging: Seed, redis_server: RedisServer) -> None:
    world = World()
    with answering(api, redis_server.url, world):
        asked = named(staging, planDigest=plan_of(api, staging)["digest"], idempotencyKey=unused_name())
        first = mutate(api, "destroyEnvironment", **asked)

    with nothing_changed(api):
        again = mutate(api, "destroyEnvironment", **asked)

    assert again == first


def test_without_a_worker_nothing_is_destroyed(api: Api, staging: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolvers.inquiries, "ANSWER_SECONDS", 0.2)

    error = api.error(
        "mutation ($input: DestroyEnvironmentInput!) { destroyEnvironment(input: $input) { __typename } }",
        input=named(staging, planDigest="0"),
    )

    assert error["extensions"]["code"] == "NO_WORKER_ANSWERED"
    assert staging.phases() == ["INITIALIZING", "ACTIVE"]


def test_without_a_worker_the_plan_is_an_error_with_a_code(
    api: Api, staging: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolvers.inquiries, "ANSWER_SECONDS", 0.2)

    error = api.error(PLAN, id=staging.environment_id)

    assert error["extensions"]["code"] == "NO_WORKER_ANSWERED"
    assert error["path"] == ["environment", "destroyPlan"]


def test_a_worker_that_can_not_look_says_why(api: Api, staging: Seed, world: World) -> None:
    world.always("cluster.inventory", raising(Permanent("The cluster refuses our credentials.")))

    error = api.error(PLAN, id=staging.environment_id)

    assert error["extensions"]["code"] == "LOOKUP_FAILED"
    assert error["message"] == "The cluster refuses our credentials."


def test_the_plan_says_which_service_each_thing_is_of_by_few_questions(api: Api, world: World) -> None:
    """An account may ask for little, however many services an environment has."""
    staging = running(api, "api", "web", "worker")
    ids = staging.service_ids
    record = DnsRecord("www.x.test", "A", ("192.0.2.1",), frozenset({ids["web"], ids["worker"]}))
    orphan = DnsRecord("old.x.test", "A", ("192.0.2.1",), frozenset({"svc_gone"}))
    world.always("dns.records", lambda: [record, orphan])
    world.always("secrets.names", lambda: {"phaseline/api": ids["api"]})

    plan = plan_of(api, staging)

    assert {(one["kind"], one["name"]): one["service"] for one in plan["removals"]} == {
        ("DnsRecord", "www.x.test A"): "web",
        ("DnsRecord", "old.x.test A"): None,
        ("CloudSecret", "phaseline/api"): "api",
    }
    assert sorted(world.calls) == ["cluster.inventory", "dns.records", "secrets.names"]


def test_the_plan_says_what_stays_and_why(api: Api, staging: Seed, world: World) -> None:
    volume = ObjectRef("v1", "PersistentVolume", "pv-7", "uid-of-pv-7")
    world.always("cluster.inventory", lambda: Inventory((), [(volume, "It is to be retained.")]))

    plan = plan_of(api, staging)

    assert plan["keeps"] == [{"kind": "PersistentVolume", "name": "pv-7", "reason": "It is to be retained."}]
    assert plan["removals"] == []


STEPS = "query ($id: ID!) { operation(id: $id) { status steps { name status blockers { kind name reason } } } }"


def test_without_its_cluster_the_rest_is_removed_and_what_was_left_is_listed(api: Api, staging: Seed) -> None:
    world = World()
    asked = named(staging, abandonCluster=True)
    operation_id = mutate(api, "destroyEnvironment", **asked)["operation"]["id"]

    runner_for(api, world).run(operation_id)

    steps = {step["name"]: step for step in api.data(STEPS, id=operation_id)["operation"]["steps"]}
    left = {"kind": "Namespace", "name": staging.environment().namespace, "reason": "its cluster was given up"}
    assert steps["namespace"] == {"name": "namespace", "status": "SKIPPED", "blockers": [left]}
    assert staging.phases()[-1] == "DESTROYED"
    assert world.count("dns.withdraw") == world.count("secrets.remove") == 1
    assert not [call for call in world.calls if call.startswith("cluster.")]


def test_a_failed_destroy_goes_on_without_its_cluster_only_when_told(api: Api, staging: Seed) -> None:
    world = World()
    world.then("cluster.inventory", lambda: Inventory([ObjectRef("v1", "ConfigMap", "settings", "uid")]))
    world.always("cluster.remove_workloads", raising(Permanent("no route to host")))
    runner = runner_for(api, world)
    operation_id = mutate(api, "destroyEnvironment", **named(staging))["operation"]["id"]
    runner.run(operation_id)
    mutate(api, "destroyEnvironment", **named(staging))
    runner.run(operation_id)
    assert staging.phases()[-1] == "DESTROY_FAILED"
    world.calls.clear()

    again = mutate(api, "destroyEnvironment", **named(staging, abandonCluster=True))
    runner.run(operation_id)

    assert again["operation"]["id"] == operation_id
    steps = {step["name"]: step for step in api.data(STEPS, id=operation_id)["operation"]["steps"]}
    left = [{"kind": "ConfigMap", "name": "settings", "reason": "its cluster was given up"}]
    assert steps["pods"]["blockers"] == steps["namespace"]["blockers"] == left
    assert staging.phases()[-1] == "DESTROYED"
    assert not [call for call in world.calls if call.startswith("cluster.")]
