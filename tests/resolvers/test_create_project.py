"""createProject."""

import pytest
from sqlmodel import col, select

from models.project import ProjectService
from tests.resolvers.mutating import Path, at_once, issues, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import unused_name

IMAGE = {"image": {"image": "example.com/app:1"}}


def service(name: str = "web", **configuration: object) -> dict[str, object]:
    return {"name": name, "configuration": {"source": IMAGE, **configuration}}


def test_a_project_is_created_with_its_blueprint(api: Api) -> None:
    name = unused_name()
    services = [
        service("web", deployment={"replicas": 3}),
        {
            "name": "data",
            "kind": "DATASOURCE",
            "configuration": {"source": {"engine": {"engine": "REDIS", "version": "7.2"}}},
        },
    ]

    answer = mutate(api, "createProject", name=name, services=services)

    assert answer["__typename"] == "ProjectCreated"
    assert answer["project"]["name"] == name
    assert [(s["name"], s["kind"]) for s in answer["project"]["services"]["nodes"]] == [
        ("data", "DATASOURCE"),
        ("web", "APPLICATION"),
    ]


def test_a_secret_is_neither_stored_in_clear_nor_shown(api: Api) -> None:
    name = unused_name()
    variables = [{"name": "KEY", "value": "top-secret", "secret": True}, {"name": "MODE", "value": "fast"}]
    mutate(api, "createProject", name=name, services=[service(variables=variables)])

    shown = api.data(
        "query ($name: String) { project(name: $name) { services { nodes { id configuration { variables { name value "
        "secret } } } } } }",
        name=name,
    )["project"]["services"]["nodes"][0]

    assert shown["configuration"]["variables"] == [
        {"name": "KEY", "value": None, "secret": True},
        {"name": "MODE", "value": "fast", "secret": False},
    ]
    with api.database.reading() as session:
        row = session.exec(select(ProjectService).where(col(ProjectService.id) == shown["id"])).one()
    assert "top-secret" not in row.model_dump_json()
    assert api.sealer.unseal(row.configuration.variables[0].sealed or "") == "top-secret"


BAD_SERVICES: dict[Path, dict[str, object]] = {
    ("services", "0", "name"): service("1-begins-with-a-digit"),
    ("services", "0", "configuration", "source"): {"name": "web", "configuration": {}},
    ("services", "0", "configuration", "source", "image", "image"): {
        "name": "web",
        "configuration": {"source": {"image": {"image": "not an image"}}},
    },
    ("services", "0", "configuration", "resources", "memoryLimit"): service(
        resources={"memoryRequest": "1Gi", "memoryLimit": "1Mi"}
    ),
    ("services", "0", "configuration", "variables", "1", "name"): service(
        variables=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    ),
    ("services", "0", "configuration", "volumes", "0", "sizeGiB"): service(
        volumes=[{"name": "v", "mountPath": "/v", "sizeGiB": 0}]
    ),
    ("services", "0", "configuration", "arguments", "0"): service(arguments=["a\0b"]),
    ("services", "0", "configuration", "source", "engine", "version"): {
        "name": "data",
        "kind": "DATASOURCE",
        "configuration": {"source": {"engine": {"engine": "MONGODB", "version": "3.6"}}},
    },
    ("services", "0", "configuration", "schedule", "cron"): {
        "name": "nightly",
        "kind": "CRON_JOB",
        "configuration": {"source": IMAGE, "schedule": {"cron": "every night"}},
    },
    ("services", "0", "configuration", "schedule", "timeZone"): {
        "name": "nightly",
        "kind": "CRON_JOB",
        "configuration": {"source": IMAGE, "schedule": {"cron": "@daily", "timeZone": "Mars/Olympus"}},
    },
    ("services", "0", "configuration", "networking", "ports", "1", "number"): service(
        networking={"ports": [{"name": "a", "number": 80}, {"name": "b", "number": 80}]}
    ),
    ("services", "0", "configuration", "networking", "ingress", "0", "port"): service(
        networking={"ports": [{"name": "a", "number": 80}], "ingress": [{"host": "www", "port": "b"}]}
    ),
    ("services", "0", "configuration", "networking", "ingress", "1", "host"): service(
        networking={
            "ports": [{"name": "a", "number": 80}],
            "ingress": [{"host": "www", "port": "a"}, {"host": "www", "port": "a"}],
        }
    ),
}


@pytest.mark.parametrize("path", BAD_SERVICES, ids="/".join)
def test_bad_input_is_pointed_at_and_leaves_nothing(api: Api, path: tuple[str, ...]) -> None:
    with nothing_changed(api):
        answer = mutate(api, "createProject", name=unused_name(), services=[BAD_SERVICES[path]])

    assert list(issues(answer)) == [path]


def test_two_services_of_one_name_and_all_that_is_wrong_are_told(api: Api) -> None:
    with nothing_changed(api):
        twice = mutate(api, "createProject", name=unused_name(), services=[service("web"), service("web")])
        wrong = [service(command=[""]), service("api"), service("jobs", resources={"cpuLimit": "x"})]
        several = mutate(api, "createProject", name=unused_name(), services=wrong)

    assert list(issues(twice)) == [("services", "1", "name")]
    assert list(issues(several)) == [
        ("services", "0", "configuration", "command", "0"),
        ("services", "2", "configuration", "resources", "cpuLimit"),
    ]


def test_ten_thousand_variables_are_one_issue(api: Api) -> None:
    variables = [{"name": f"VARIABLE_{number}", "value": f"value {number}"} for number in range(10_000)]
    with nothing_changed(api):
        answer = mutate(api, "createProject", name=unused_name(), services=[service(variables=variables)])

    assert list(issues(answer)) == [("services", "0", "configuration", "variables")]


@pytest.mark.parametrize("name", ["", "UPPER", "a\0b", "x" * 41, "-a", "ä"])
def test_a_name_that_is_no_label_is_refused(api: Api, name: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "createProject", name=name, services=[])

    assert list(issues(answer)) == [("name",)]


def test_a_taken_name_is_refused(api: Api) -> None:
    name = unused_name()
    mutate(api, "createProject", name=name, services=[])

    with nothing_changed(api):
        answer = mutate(api, "createProject", name=name, services=[service()])

    assert answer["__typename"] == "AlreadyExists"
    assert name in answer["message"]


def test_concurrent_calls_with_one_key_create_one_project(api: Api) -> None:
    name, key = unused_name(), unused_name()
    answers = at_once(api, "createProject", {"name": name, "services": [service()], "idempotencyKey": key})

    with nothing_changed(api):
        clash = mutate(api, "createProject", name=unused_name(), services=[service()], idempotencyKey=key)
        fresh = mutate(api, "createProject", name=name, services=[service()], idempotencyKey=unused_name())

    assert {answer["__typename"] for answer in answers} == {"ProjectCreated"}
    assert len({answer["project"]["id"] for answer in answers}) == 1
    assert (clash["__typename"], fresh["__typename"]) == ("IdempotencyConflict", "AlreadyExists")
