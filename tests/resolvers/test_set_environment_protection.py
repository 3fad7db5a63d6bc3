"""setEnvironmentProtection."""

import json

import pytest
from sqlmodel import select

from models.columns import new_id
from models.operation import IdempotencyKey
from models.vocabulary import EnvironmentPhase
from tests.resolvers.mutating import Asked, at_once, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running, set_phase, unused_name


def test_protection_comes_and_goes(api: Api) -> None:
    environment = running(api)

    for protected in (True, True, False):
        answer = mutate(api, "setEnvironmentProtection", environmentId=environment.environment_id, protected=protected)
        assert answer["__typename"] == "EnvironmentProtectionSet"
        assert answer["environment"]["protected"] is protected
        assert environment.environment().protected is protected
    assert environment.phases() == ["INITIALIZING", "ACTIVE"]


def test_an_environment_that_is_being_destroyed_is_not_protected_any_more(api: Api) -> None:
    environment = running(api)
    set_phase(environment, EnvironmentPhase.DESTROYING)

    with nothing_changed(api):
        answer = mutate(api, "setEnvironmentProtection", environmentId=environment.environment_id, protected=True)

    assert (answer["__typename"], answer["phase"]) == ("PhaseConflict", "DESTROYING")


@pytest.mark.parametrize("given", ["", new_id("env"), new_id("svc")])
def test_an_unknown_environment_is_not_found(api: Api, given: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "setEnvironmentProtection", environmentId=given, protected=True)

    assert answer["__typename"] == "NotFound"


def test_a_repetition_does_not_undo_what_came_after_it(api: Api) -> None:
    environment, key = running(api), unused_name()
    asked: Asked = {"environmentId": environment.environment_id, "protected": True, "idempotencyKey": key}
    first = at_once(api, "setEnvironmentProtection", asked)
    mutate(api, "setEnvironmentProtection", environmentId=environment.environment_id, protected=False)

    with nothing_changed(api):
        again = mutate(api, "setEnvironmentProtection", **asked)
        clash = mutate(api, "setEnvironmentProtection", **{**asked, "protected": False})

    assert {answer["environment"]["protected"] for answer in first} == {True}
    assert again["environment"]["protected"] is False, "as it is now"
    assert clash["__typename"] == "IdempotencyConflict"


def test_what_is_kept_with_a_key_is_hashed_under_a_key_of_ours(api: Api) -> None:
    environment, key = running(api).environment_id, unused_name()
    mutate(api, "setEnvironmentProtection", environmentId=environment, protected=True, idempotencyKey=key)

    with api.database.reading() as session:
        row = session.exec(select(IdempotencyKey).where(IdempotencyKey.key == key)).one()
    asked = json.dumps(["set_environment_protection", {"environment_id": environment, "protected": True}])
    assert [row.request_hash] == api.sealer.fingerprints(asked)
