"""addService."""

import pytest

from models.columns import new_id
from models.vocabulary import EnvironmentPhase
from tests.resolvers.mutating import Asked, Path, at_once, issues, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import add_to_blueprint, running, set_phase, unused_name


def test_a_service_is_deployed_with_the_projects_configuration_and_what_differs(api: Api) -> None:
    environment = running(api, "web")
    blueprint = add_to_blueprint(environment, "api")

    answer = mutate(
        api,
        "addService",
        environmentId=environment.environment_id,
        projectServiceId=blueprint,
        configuration={"variables": [{"name": "B", "value": "2"}]},
    )

    assert answer["__typename"] == "AddServiceAccepted"
    operation, service = answer["operation"], answer["service"]
    assert (operation["kind"], operation["status"], operation["serviceName"]) == ("ADD_SERVICE", "QUEUED", "api")
    assert operation["environment"]["phase"] == "UPDATING"
    assert {step["status"] for step in operation["steps"]} == {"PENDING"}
    assert (service["name"], service["status"], service["revision"]) == ("api", "DEPLOYING", 1)
    assert {v["name"]: v["value"] for v in service["configuration"]["variables"]} == {"A": "1", "B": "2"}
    assert environment.phases() == ["INITIALIZING", "ACTIVE", "UPDATING"]


def test_a_service_that_is_deployed_here_is_not_available(api: Api) -> None:
    environment = running(api, "web")
    blueprint = add_to_blueprint(environment, "api")
    asked = {"environmentId": environment.environment_id, "projectServiceId": blueprint}
    mutate(api, "addService", **asked)

    with nothing_changed(api):
        answer = mutate(api, "addService", **asked)

    assert answer["__typename"] == "ServiceNotAvailable"
    assert "updateService" in answer["message"]


def test_a_service_of_another_project_is_not_available(api: Api) -> None:
    environment, other = running(api), running(api)
    blueprint = add_to_blueprint(other, "api")

    with nothing_changed(api):
        answer = mutate(api, "addService", environmentId=environment.environment_id, projectServiceId=blueprint)

    assert answer["__typename"] == "ServiceNotAvailable"


BAD: dict[Path, dict[str, object]] = {
    ("configuration", "networking", "ingress", "0", "port"): {
        "networking": {"ingress": [{"host": "www", "port": "http"}]}
    },
    ("configuration", "networking", "ingress", "0", "host"): {
        "networking": {
            "ports": [{"name": "http", "number": 80}],
            "ingress": [{"host": "www.elsewhere.test", "port": "http"}],
        }
    },
    ("configuration", "networking", "ports", "1", "number"): {
        "networking": {"ports": [{"name": "a", "number": 80}, {"name": "b", "number": 80}]}
    },
    ("configuration", "variables", "0", "name"): {"variables": [{"name": "1=2", "value": ""}]},
    ("configuration", "schedule"): {"schedule": {"cron": "* * * * *"}},
    ("configuration", "deployment", "replicas"): {"deployment": {"replicas": -1}},
    ("configuration", "resources", "cpuRequest"): {"resources": {"cpuRequest": "a lot"}},
    ("configuration", "source", "engine"): {"source": {"engine": {"engine": "REDIS", "version": "7.2"}}},
}


@pytest.mark.parametrize("path", BAD, ids="/".join)
def test_bad_input_is_pointed_at_and_leaves_nothing(api: Api, path: tuple[str, ...]) -> None:
    environment = running(api)
    blueprint = add_to_blueprint(environment, "api")

    with nothing_changed(api):
        answer = mutate(
            api,
            "addService",
            environmentId=environment.environment_id,
            projectServiceId=blueprint,
            configuration=BAD[path],
        )

    assert path in issues(answer)


def test_ids_of_other_types_are_not_found_and_named(api: Api) -> None:
    environment = running(api, "web")
    service = environment.service_ids["web"]
    blueprint = add_to_blueprint(environment, "api")
    cases = [
        ({"environmentId": service, "projectServiceId": blueprint}, "a deployed service"),
        ({"environmentId": environment.environment_id, "projectServiceId": service}, "a deployed service"),
        ({"environmentId": environment.environment_id, "projectServiceId": new_id("psv")}, "projectServiceId"),
    ]
    for asked, said in cases:
        with nothing_changed(api):
            answer = mutate(api, "addService", **asked)

        assert answer["__typename"] == "NotFound"
        assert said in answer["message"]


@pytest.mark.parametrize("phase", [EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED])
def test_nothing_is_added_to_what_is_being_destroyed(api: Api, phase: EnvironmentPhase) -> None:
    environment = running(api)
    blueprint = add_to_blueprint(environment, "api")
    set_phase(environment, EnvironmentPhase.DESTROYING)
    if phase is EnvironmentPhase.DESTROYED:
        set_phase(environment, phase)

    with nothing_changed(api):
        answer = mutate(api, "addService", environmentId=environment.environment_id, projectServiceId=blueprint)

    assert (answer["__typename"], answer["phase"]) == ("PhaseConflict", phase)


def test_the_same_key_adds_once(api: Api) -> None:
    environment = running(api)
    blueprint = add_to_blueprint(environment, "api")
    other = add_to_blueprint(environment, "worker")
    asked = {
        "environmentId": environment.environment_id,
        "projectServiceId": blueprint,
        "idempotencyKey": unused_name(),
    }
    first = mutate(api, "addService", **asked)

    with nothing_changed(api):
        again = mutate(api, "addService", **asked)
        clash = mutate(api, "addService", **{**asked, "projectServiceId": other})

    assert again == first
    assert clash["__typename"] == "IdempotencyConflict"
    assert clash["idempotent"] == {"id": first["operation"]["id"]}


def test_concurrent_calls_with_one_key_have_one_effect(api: Api) -> None:
    environment = running(api)
    asked: Asked = {
        "environmentId": environment.environment_id,
        "projectServiceId": add_to_blueprint(environment, "api"),
        "idempotencyKey": unused_name(),
    }
    answers = at_once(api, "addService", asked, callers=16)

    assert {answer["__typename"] for answer in answers} == {"AddServiceAccepted"}
    assert len({answer["operation"]["id"] for answer in answers}) == 1
    assert environment.phases() == ["INITIALIZING", "ACTIVE", "UPDATING"]


def test_concurrent_calls_without_a_key_add_once(api: Api) -> None:
    environment = running(api)
    asked: Asked = {
        "environmentId": environment.environment_id,
        "projectServiceId": add_to_blueprint(environment, "api"),
    }
    answers = at_once(api, "addService", asked)

    names = sorted(answer["__typename"] for answer in answers)
    assert names == ["AddServiceAccepted", *["ServiceNotAvailable"] * 7]
