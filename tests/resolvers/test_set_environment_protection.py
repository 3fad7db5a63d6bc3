"""setEnvironmentProtection."""

import pytest

from models.columns import new_id
from models.vocabulary import EnvironmentPhase
from tests.resolvers.mutating import mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running, set_phase


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
