"""What can be asked of a project, its environments and their services."""

from typing import Any

import pytest

from models.columns import new_id
from models.vocabulary import EnvironmentPhase
from tests.jobs.seeds import Seed
from tests.resolvers.mutating import mutate
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import add_to_blueprint, project_id, release, running, set_phase, unused_name

ENVIRONMENT = "query ($id: ID, $name: String) { environment(id: $id, name: $name) { %s } }"


@pytest.fixture
def staging(api: Api) -> Seed:
    return running(api, "web", "api")


def ask(api: Api, environment: Seed, selection: str) -> dict[str, Any]:
    return api.data(ENVIRONMENT % selection, id=environment.environment_id)["environment"]


def test_the_viewer_is_the_local_admin(api: Api) -> None:
    assert api.data("{ viewer { name role } }") == {"viewer": {"name": "local", "role": "ADMIN"}}


def test_an_environment_by_id_and_by_name(api: Api, staging: Seed) -> None:
    name = staging.environment().name

    by_id = api.data(ENVIRONMENT % "id name phase cluster", id=staging.environment_id)
    by_name = api.data(ENVIRONMENT % "id name phase cluster", name=name)

    assert by_id == by_name
    assert by_id["environment"] == {"id": staging.environment_id, "name": name, "phase": "ACTIVE", "cluster": "local"}


def test_a_name_finds_the_living_environment_before_a_destroyed_one(api: Api, staging: Seed) -> None:
    name = staging.environment().name
    set_phase(staging, EnvironmentPhase.DESTROYING, EnvironmentPhase.DESTROYED)
    destroyed = api.data(ENVIRONMENT % "id phase", name=name)["environment"]
    living = mutate(api, "createEnvironment", projectId=project_id(staging), name=name)["environment"]

    assert destroyed == {"id": staging.environment_id, "phase": "DESTROYED"}
    assert api.data(ENVIRONMENT % "id", name=name)["environment"] == {"id": living["id"]}


@pytest.mark.parametrize("field", ["environment", "project"])
def test_neither_or_both_of_id_and_name_is_an_error(api: Api, field: str) -> None:
    for arguments in ("", "(id: null)", '(id: "a", name: "b")'):
        error = api.error(f"{{ {field}{arguments} {{ id }} }}")

        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["path"] == [field]


UNKNOWN = ["", " ", "env_", "nonsense", "a\0b", "x" * 10_000, "ä", new_id("env"), "'; DROP TABLE environment; --"]


@pytest.mark.parametrize("given", UNKNOWN, ids=[repr(given[:20]) for given in UNKNOWN])
def test_what_is_not_there_is_null(api: Api, staging: Seed, given: str) -> None:
    found = api.data(
        "query ($text: ID!, $name: String!, $here: ID!) { node(id: $text) { id } nodes(ids: [$text, $here]) { id } "
        "a: environment(id: $text) { id } b: environment(name: $name) { id } project(name: $name) { id } "
        "service(id: $text) { id } operation(id: $text) { id } here: environment(id: $here) { service(name: $name) "
        "{ id } } environments(projectId: $text) { nodes { id } totalCount } }",
        text=given,
        name=given,
        here=staging.environment_id,
    )

    assert found == {
        "node": None,
        "nodes": [None, {"id": staging.environment_id}],
        "a": None,
        "b": None,
        "project": None,
        "service": None,
        "operation": None,
        "here": {"service": None},
        "environments": {"nodes": [], "totalCount": 0},
    }


def test_every_type_is_found_by_its_global_id(api: Api, staging: Seed) -> None:
    operation = mutate(api, "updateService", serviceId=staging.service_ids["web"], configuration={"command": ["x"]})
    workflow = ask(api, staging, 'service(name: "web") { workflows { nodes { id } } }')["service"]["workflows"]
    ids = {
        "Project": project_id(staging),
        "ProjectService": add_to_blueprint(staging, "worker"),
        "Environment": staging.environment_id,
        "Service": staging.service_ids["web"],
        "Release": release(staging, "web", 1, "example.com/app:1"),
        "Workflow": workflow["nodes"][0]["id"],
        "Operation": operation["operation"]["id"],
    }

    found = api.data("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=list(ids.values()))["nodes"]
    one = api.data("query ($id: ID!) { node(id: $id) { ... on Service { name } } }", id=ids["Service"])["node"]

    assert {node["__typename"]: node["id"] for node in found} == ids
    assert one == {"name": "web"}


def test_more_than_a_hundred_ids_are_refused(api: Api) -> None:
    error = api.error("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_environments_are_filtered_by_project_phase_and_name(api: Api, staging: Seed) -> None:
    other = running(api)
    set_phase(other, EnvironmentPhase.DESTROYING)
    name = staging.environment().name
    query = (
        "query ($project: ID, $phases: [EnvironmentPhase!], $search: String) { environments(projectId: $project, "
        "phases: $phases, search: $search, first: 100) { nodes { id } totalCount } }"
    )

    def found(**filters: object) -> set[str]:
        page = api.data(query, **filters)["environments"]
        assert page["totalCount"] == len(page["nodes"])
        return {node["id"] for node in page["nodes"]}

    assert found(project=project_id(staging)) == {staging.environment_id}
    assert found(search=name[3:].upper()) == {staging.environment_id}
    assert found(search="%") == found(search="_") == found(search="a\0") == set()
    assert found(phases=[]) == set()
    assert other.environment_id in found(phases=["DESTROYING", "ERROR"])
    assert {staging.environment_id, other.environment_id} <= found(phases=None, search=None, project=None)


def test_available_services_are_what_add_service_takes(api: Api, staging: Seed) -> None:
    added = add_to_blueprint(staging, "worker")
    selection = "availableServices { totalCount nodes { id name } }"

    before = ask(api, staging, selection)["availableServices"]
    mutate(api, "addService", environmentId=staging.environment_id, projectServiceId=added)
    after = ask(api, staging, selection)["availableServices"]

    assert before == {"totalCount": 1, "nodes": [{"id": added, "name": "worker"}]}
    assert after == {"totalCount": 0, "nodes": []}


def test_nothing_is_available_where_nothing_can_be_added(api: Api, staging: Seed) -> None:
    add_to_blueprint(staging, "worker")
    set_phase(staging, EnvironmentPhase.DESTROYING)

    assert ask(api, staging, "availableServices { totalCount nodes { id } }")["availableServices"]["nodes"] == []


def test_hostnames_are_full_and_each_there_once(api: Api, staging: Seed) -> None:
    ingress = [
        {"host": "www", "port": "http"},
        {"host": "www", "path": "/api", "port": "http"},
        {"host": "a.x.test", "port": "http"},
    ]
    mutate(
        api,
        "updateService",
        serviceId=staging.service_ids["web"],
        configuration={"networking": {"ports": [{"name": "http", "number": 80}], "ingress": ingress}},
    )

    services = ask(api, staging, "services { nodes { name hostnames } }")["services"]["nodes"]

    assert services == [{"name": "api", "hostnames": []}, {"name": "web", "hostnames": ["www.x.test", "a.x.test"]}]


def test_the_whole_configuration_is_shown(api: Api, staging: Seed) -> None:
    configuration = {
        "deployment": {"strategy": "RECREATE"},
        "healthChecks": {"liveness": {"command": ["true"]}},
        "volumes": [{"name": "data", "mountPath": "/data", "sizeGiB": 2, "onDelete": "RETAIN"}],
        "resources": {"cpuRequest": "100m"},
    }
    mutate(api, "updateService", serviceId=staging.service_ids["web"], configuration=configuration)

    shown = ask(
        api,
        staging,
        'service(name: "web") { configuration { source { __typename ... on ImageSource { image } } command arguments '
        "deployment { replicas strategy timeoutSeconds autoscaling { minReplicas maxReplicas targetCpuPercent } } "
        "resources { cpuRequest cpuLimit memoryRequest memoryLimit } networking { ports { name } ingress { host } } "
        "healthChecks { readiness { path } liveness { command periodSeconds } startup { path } } "
        "volumes { name mountPath sizeGiB onDelete } schedule { cron } } }",
    )["service"]["configuration"]

    assert shown == {
        "source": {"__typename": "ImageSource", "image": "example.com/app:1"},
        "command": [],
        "arguments": [],
        "deployment": {
            "replicas": 1,
            "strategy": "RECREATE",
            "timeoutSeconds": 600,
            "autoscaling": None,
        },
        "resources": {"cpuRequest": "100m", "cpuLimit": None, "memoryRequest": None, "memoryLimit": None},
        "networking": {"ports": [], "ingress": []},
        "healthChecks": {"readiness": None, "liveness": {"command": ["true"], "periodSeconds": 10}, "startup": None},
        "volumes": [{"name": "data", "mountPath": "/data", "sizeGiB": 2, "onDelete": "RETAIN"}],
        "schedule": None,
    }


def test_the_history_says_which_operation_brought_a_phase(api: Api, staging: Seed) -> None:
    operation = mutate(api, "deleteService", serviceId=staging.service_ids["web"], confirm=True)["operation"]

    history = ask(
        api, staging, "phaseHistory { nodes { sequence previous phase at operation { id environment { id } } } }"
    )["phaseHistory"]["nodes"]

    assert [(step["sequence"], step["previous"], step["phase"]) for step in history] == [
        (1, None, "INITIALIZING"),
        (2, "INITIALIZING", "ACTIVE"),
        (3, "ACTIVE", "UPDATING"),
    ]
    assert [step["operation"] for step in history] == [
        None,
        None,
        {"id": operation["id"], "environment": {"id": staging.environment_id}},
    ]
    assert all(step["at"].endswith("Z") and "." in step["at"] for step in history)


def test_one_operation_sees_what_its_own_mutations_did(api: Api, staging: Seed) -> None:
    """Mutations of one document run one after the other; what the first loaded is not what the second shows."""
    document = """
      mutation ($web: ID!, $api: ID!) {
        first: deleteService(input: {serviceId: $web, confirm: true}) { ...answer }
        second: deleteService(input: {serviceId: $api, confirm: true}) { ...answer }
      }
      fragment answer on DeleteServiceResult {
        ... on DeleteServiceAccepted { environment { operations { totalCount } } }
      }
    """

    answer = api.data(document, web=staging.service_ids["web"], api=staging.service_ids["api"])

    counts = [answer[name]["environment"]["operations"]["totalCount"] for name in ("first", "second")]
    assert counts == [1, 2]


def test_an_unused_name_is_free(api: Api) -> None:
    assert api.data(ENVIRONMENT % "id", name=unused_name()) == {"environment": None}
