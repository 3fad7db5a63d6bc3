"""rollbackService."""

from models.columns import new_id
from models.vocabulary import EnvironmentPhase
from tests.resolvers.mutating import mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import release, running, set_phase, unused_name


def test_the_configuration_of_a_release_is_deployed_as_a_new_revision(api: Api) -> None:
    staging = running(api, "web")
    service = staging.service_ids["web"]
    release(staging, "web", 1, "example.com/app:old")
    mutate(
        api, "updateService", serviceId=service, configuration={"source": {"image": {"image": "example.com/app:new"}}}
    )

    answer = mutate(api, "rollbackService", serviceId=service, revision=1)

    assert answer["__typename"] == "RollbackServiceAccepted"
    assert (answer["operation"]["kind"], answer["service"]["revision"]) == ("ROLLBACK_SERVICE", 3)
    row = staging.service("web")
    assert row is not None
    assert row.configuration.source.model_dump() == {"type": "image", "image": "example.com/app:old"}


def test_a_revision_without_a_release_is_not_found(api: Api) -> None:
    staging = running(api, "web")
    release(staging, "web", 7, "example.com/app:old")

    for revision in (0, 1, -1, 2**31 - 1):
        with nothing_changed(api):
            answer = mutate(api, "rollbackService", serviceId=staging.service_ids["web"], revision=revision)

        assert answer["__typename"] == "NotFound"
        assert "Its releases: 7." in answer["message"]


def test_an_unknown_service_is_not_found(api: Api) -> None:
    with nothing_changed(api):
        answer = mutate(api, "rollbackService", serviceId=new_id("rel"), revision=1)

    assert answer["__typename"] == "NotFound"
    assert "a release" in answer["message"]


def test_nothing_is_rolled_back_in_what_is_being_destroyed(api: Api) -> None:
    staging = running(api, "web")
    release(staging, "web", 1, "example.com/app:old")
    set_phase(staging, EnvironmentPhase.DESTROYING)

    with nothing_changed(api):
        answer = mutate(api, "rollbackService", serviceId=staging.service_ids["web"], revision=1)

    assert answer["__typename"] == "PhaseConflict"


def test_the_same_key_rolls_back_once(api: Api) -> None:
    staging = running(api, "web")
    release(staging, "web", 1, "example.com/app:old")
    asked = {"serviceId": staging.service_ids["web"], "revision": 1, "idempotencyKey": unused_name()}
    first = mutate(api, "rollbackService", **asked)

    with nothing_changed(api):
        again = mutate(api, "rollbackService", **asked)
        clash = mutate(api, "rollbackService", **{**asked, "revision": 2})
        other = mutate(
            api, "updateService", serviceId=asked["serviceId"], configuration={}, idempotencyKey=asked["idempotencyKey"]
        )

    assert again == first
    assert clash["__typename"] == other["__typename"] == "IdempotencyConflict"
