"""What follows a failed update, where the installation says that it is rolled back."""

from typing import Any

import pytest

from jobs.errors import Permanent
from models.configuration import IngressRule, NetworkSettings, Port
from tests.jobs.scripted import World, raising
from tests.jobs.seeds import Seed
from tests.resolvers.answering_worker import runner_for
from tests.resolvers.mutating import mutate
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import operation_row, release, running

OPERATIONS = """
  query ($id: ID!) {
    service(id: $id) {
      status revision configuration { source { ... on ImageSource { image } } }
      operations { nodes { id kind status requestedBy } }
    }
  }
"""
WELL = "example.com/app:0"
BAD = {"source": {"image": {"image": "example.com/app:bad"}}}


@pytest.fixture
def world() -> World:
    """The next rollout fails; later ones don't."""
    world = World()
    world.then("cluster.check_rollout", raising(Permanent("ImagePullBackOff")))
    return world


def seen(api: Api, staging: Seed) -> dict[str, Any]:
    return api.data(OPERATIONS, id=staging.service_ids["web"])["service"]


def update(api: Api, staging: Seed, change: dict[str, Any]) -> str:
    answer = mutate(api, "updateService", serviceId=staging.service_ids["web"], configuration=change)
    return answer["operation"]["id"]


def test_it_is_followed_by_one_rollback_to_what_ran(api: Api, world: World) -> None:
    staging = running(api, "web")
    release(staging, "web", 1, WELL)
    runner = runner_for(api, world, rollback_on_failure=True)
    failed = update(api, staging, BAD)

    runner.run(failed)
    runner.run(failed)  # a message that came twice

    service = seen(api, staging)
    rollback, update_ = service["operations"]["nodes"]
    assert (update_["id"], update_["status"]) == (failed, "FAILED")
    assert (rollback["kind"], rollback["status"], rollback["requestedBy"]) == (
        "ROLLBACK_SERVICE",
        "QUEUED",
        "phaseline",
    )
    assert staging.phases()[-1] == "UPDATING"

    runner.run(rollback["id"])

    service = seen(api, staging)
    assert (service["status"], service["revision"]) == ("RUNNING", 3)
    assert service["configuration"]["source"]["image"] == WELL
    assert len(service["operations"]["nodes"]) == 2
    assert staging.phases()[-2:] == ["UPDATING", "ACTIVE"]


def test_a_rollback_that_fails_is_not_rolled_back_again(api: Api, world: World) -> None:
    staging = running(api, "web")
    release(staging, "web", 1, WELL)
    runner = runner_for(api, world, rollback_on_failure=True)
    runner.run(update(api, staging, BAD))
    world.then("cluster.check_rollout", raising(Permanent("the quota is used up")))

    runner.run(seen(api, staging)["operations"]["nodes"][0]["id"])

    assert [node["status"] for node in seen(api, staging)["operations"]["nodes"]] == ["FAILED", "FAILED"]
    assert staging.phases()[-1] == "ERROR"


def test_nothing_is_rolled_back_unless_the_setting_says_so(api: Api, world: World) -> None:
    staging = running(api, "web")
    release(staging, "web", 1, WELL)

    runner_for(api, world).run(update(api, staging, BAD))

    assert len(seen(api, staging)["operations"]["nodes"]) == 1
    assert staging.phases()[-1] == "ERROR"


def test_without_a_release_that_succeeded_there_is_nothing_to_go_back_to(api: Api, world: World) -> None:
    staging = running(api, "web")

    runner_for(api, world, rollback_on_failure=True).run(update(api, staging, BAD))

    assert [node["status"] for node in seen(api, staging)["operations"]["nodes"]] == ["FAILED"]
    assert staging.phases()[-1] == "ERROR"


def test_a_release_that_can_not_be_had_back_is_left(api: Api, world: World) -> None:
    staging = running(api, "web", "api")
    port = Port(name="http", number=80)
    then = NetworkSettings(ports=(port,), ingress=(IngressRule(host="www", port="http"),))
    release(staging, "web", 1, WELL, networking=then)
    runner = runner_for(api, world, rollback_on_failure=True)
    failed = update(api, staging, BAD)
    taken = {"networking": {"ports": [port.model_dump()], "ingress": [{"host": "www", "port": "http"}]}}
    mutate(api, "updateService", serviceId=staging.service_ids["api"], configuration=taken)

    runner.run(failed)

    assert [(one["id"], one["status"]) for one in seen(api, staging)["operations"]["nodes"]] == [(failed, "FAILED")]


def test_a_newer_change_goes_before_a_rollback(api: Api, world: World) -> None:
    staging = running(api, "web")
    release(staging, "web", 1, WELL)
    failed = update(api, staging, BAD)
    newer: list[str] = []

    def somebody_mends_it() -> None:
        newer.append(update(api, staging, {"source": {"image": {"image": "example.com/app:2"}}}))
        raise Permanent("ImagePullBackOff")

    world.scripts["cluster.check_rollout"] = [somebody_mends_it]
    runner = runner_for(api, world, rollback_on_failure=True)
    runner.run(failed)

    assert [node["id"] for node in seen(api, staging)["operations"]["nodes"]] == [*newer, failed]
    runner.run(newer[0])
    assert operation_row(api, newer[0]).status == "SUCCEEDED"
    assert staging.phases()[-1] == "ACTIVE"


def test_a_service_that_is_being_deleted_is_not_rolled_back(api: Api, world: World) -> None:
    staging = running(api, "web")
    release(staging, "web", 1, WELL)
    failed = update(api, staging, BAD)

    def somebody_deletes_it() -> None:
        mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)
        raise Permanent("ImagePullBackOff")

    world.scripts["cluster.check_rollout"] = [somebody_deletes_it]
    runner_for(api, world, rollback_on_failure=True).run(failed)

    kinds = [node["kind"] for node in seen(api, staging)["operations"]["nodes"]]
    assert kinds == ["DELETE_SERVICE", "UPDATE_SERVICE"]
