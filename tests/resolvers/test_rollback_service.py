"""rollbackService."""

from models.columns import new_id
from models.configuration import IngressRule, NetworkSettings, Port, Variable, Volume
from models.vocabulary import EnvironmentPhase
from tests.resolvers.mutating import Asked, at_once, issues, mutate, nothing_changed
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


def test_a_secret_variable_gets_back_the_value_of_the_release(api: Api) -> None:
    staging = running(api, "web")
    service = staging.service_ids["web"]
    sealed = Variable(name="TOKEN", secret=True, sealed="the-value-of-then")
    release(staging, "web", 1, "example.com/app:old", variables=[sealed])
    change = {"variables": [{"name": "TOKEN", "value": "of-now", "secret": True}]}
    mutate(api, "updateService", serviceId=service, configuration=change)

    mutate(api, "rollbackService", serviceId=service, revision=1)

    row = staging.service("web")
    assert row is not None
    assert row.configuration.variables == (sealed,)


def test_a_volume_that_has_grown_since_keeps_its_size(api: Api) -> None:
    """It can't shrink: the cluster would refuse it."""
    staging = running(api, "web")
    service = staging.service_ids["web"]
    then = [Volume(name="files", mount_path="/files", size_gib=1), Volume(name="gone", mount_path="/gone", size_gib=3)]
    release(staging, "web", 1, "example.com/app:old", volumes=then)
    grown = {"volumes": [{"name": "files", "mountPath": "/elsewhere", "sizeGiB": 2}]}
    mutate(api, "updateService", serviceId=service, configuration=grown)

    answer = mutate(api, "rollbackService", serviceId=service, revision=1)

    assert answer["__typename"] == "RollbackServiceAccepted"
    row = staging.service("web")
    assert row is not None
    assert [(one.name, one.mount_path, one.size_gib) for one in row.configuration.volumes] == [
        ("files", "/files", 2),
        ("gone", "/gone", 3),
    ]


def test_a_hostname_that_another_service_has_taken_since_is_not_taken_back(api: Api) -> None:
    staging = running(api, "web", "api")
    port = Port(name="http", number=80)
    then = NetworkSettings(ports=(port,), ingress=(IngressRule(host="www", port="http"),))
    release(staging, "web", 1, "example.com/app:old", networking=then)
    taken = {"networking": {"ports": [port.model_dump()], "ingress": [{"host": "www", "port": "http"}]}}
    answer = mutate(api, "updateService", serviceId=staging.service_ids["api"], configuration=taken)
    assert answer["__typename"] == "UpdateServiceAccepted", answer

    with nothing_changed(api):
        answer = mutate(api, "rollbackService", serviceId=staging.service_ids["web"], revision=1)

    assert "the service 'api'" in issues(answer)["revision",]


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
    asked: Asked = {"serviceId": staging.service_ids["web"], "revision": 1, "idempotencyKey": unused_name()}
    [first, *others] = at_once(api, "rollbackService", asked)

    with nothing_changed(api):
        again = mutate(api, "rollbackService", **asked)
        clash = mutate(api, "rollbackService", **{**asked, "revision": 2})
        other = mutate(
            api, "updateService", serviceId=asked["serviceId"], configuration={}, idempotencyKey=asked["idempotencyKey"]
        )

    assert again == first
    assert others == [first] * 7
    assert clash["__typename"] == other["__typename"] == "IdempotencyConflict"
