"""deleteService."""

import pytest

from models.columns import new_id
from models.vocabulary import EnvironmentPhase, ServiceStatus
from tests.resolvers.mutating import Asked, at_once, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import operation_row, running, set_phase, set_protected, unused_name


def test_a_service_is_marked_and_its_removal_queued(api: Api) -> None:
    staging = running(api, "web", "api")

    answer = mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)

    assert answer["__typename"] == "DeleteServiceAccepted"
    assert (answer["operation"]["kind"], answer["operation"]["serviceName"]) == ("DELETE_SERVICE", "web")
    assert answer["environment"]["phase"] == "UPDATING"
    deleted, other = staging.service("web"), staging.service("api")
    assert deleted is not None
    assert other is not None
    assert (deleted.status, other.status) == (ServiceStatus.DELETING, ServiceStatus.RUNNING)


def test_a_queued_change_of_it_is_cancelled(api: Api) -> None:
    staging = running(api, "web")
    service = staging.service_ids["web"]
    change = mutate(api, "updateService", serviceId=service, configuration={"command": ["x"]})

    mutate(api, "deleteService", serviceId=service, confirm=True)

    assert operation_row(api, change["operation"]["id"]).status == "CANCELLED"


def test_nothing_happens_without_confirmation(api: Api) -> None:
    staging = running(api, "web")

    with nothing_changed(api):
        answer = mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=False)

    assert answer["__typename"] == "ConfirmationMismatch"
    assert "confirm: true" in answer["message"]


def test_nothing_happens_in_a_protected_environment(api: Api) -> None:
    staging = running(api, "web")
    set_protected(staging)

    with nothing_changed(api):
        answer = mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)

    assert answer["__typename"] == "ProtectedFromRemoval"


def test_what_is_being_deleted_or_destroyed_is_not_deleted(api: Api) -> None:
    staging = running(api, "web", "api")
    mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)
    with nothing_changed(api):
        again = mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)
    set_phase(staging, EnvironmentPhase.DESTROYING)
    with nothing_changed(api):
        late = mutate(api, "deleteService", serviceId=staging.service_ids["api"], confirm=True)

    assert (again["__typename"], again["phase"]) == ("PhaseConflict", "UPDATING")
    assert (late["__typename"], late["phase"]) == ("PhaseConflict", "DESTROYING")


@pytest.mark.parametrize("prefix", ["svc", "env"])
def test_an_unknown_service_is_not_found(api: Api, prefix: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "deleteService", serviceId=new_id(prefix), confirm=True)

    assert answer["__typename"] == "NotFound"


def test_the_same_key_deletes_once(api: Api) -> None:
    staging = running(api, "web")
    asked: Asked = {"serviceId": staging.service_ids["web"], "confirm": True, "idempotencyKey": unused_name()}
    [first, *others] = at_once(api, "deleteService", asked)

    with nothing_changed(api):
        again = mutate(api, "deleteService", **asked)
        clash = mutate(api, "deleteService", **{**asked, "confirm": False})

    assert again == first
    assert others == [first] * 7
    assert clash["__typename"] == "IdempotencyConflict"


def test_those_that_depend_on_it_are_named_and_their_values_are_not(api: Api) -> None:
    staging = running(api, "api", "web", "worker", "other")
    secret = {"name": "API_URL", "value": "http://ann:pa55@api:8000", "secret": True}
    for service, variable in (("web", secret), ("worker", {"name": "PEERS", "value": "x:1,api:2"})):
        change = {"variables": [variable]}
        answer = mutate(api, "updateService", serviceId=staging.service_ids[service], configuration=change)
        assert answer["__typename"] == "UpdateServiceAccepted"

    with nothing_changed(api):
        answer = mutate(api, "deleteService", serviceId=staging.service_ids["api"], confirm=False)
        without = mutate(api, "deleteService", serviceId=staging.service_ids["other"], confirm=False)
    accepted = mutate(api, "deleteService", serviceId=staging.service_ids["api"], confirm=True)

    assert "Services 'web', 'worker' depend on it" in answer["message"]
    assert "pa55" not in answer["message"]
    assert "depend" not in without["message"]
    assert accepted["__typename"] == "DeleteServiceAccepted"
