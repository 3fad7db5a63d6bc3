"""updateService."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import col, select

from models.columns import new_id
from models.operation import Operation
from models.service import Service, ServiceRevision
from models.vocabulary import EnvironmentPhase, OperationStatus, ServiceStatus
from tests.jobs.seeds import Seed
from tests.resolvers.mutating import Asked, Path, at_once, issues, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import running, set_phase, unused_name


@pytest.fixture
def staging(api: Api) -> Seed:
    return running(api, "web", "api")


def variables(answer: dict[str, Any]) -> dict[str, str | None]:
    return {variable["name"]: variable["value"] for variable in answer["service"]["configuration"]["variables"]}


def test_a_change_is_saved_as_a_new_revision_and_queued(api: Api, staging: Seed) -> None:
    answer = mutate(
        api,
        "updateService",
        serviceId=staging.service_ids["web"],
        configuration={"variables": [{"name": "B", "value": "2"}]},
    )

    assert answer["__typename"] == "UpdateServiceAccepted"
    assert (answer["operation"]["kind"], answer["operation"]["status"]) == ("UPDATE_SERVICE", "QUEUED")
    assert (answer["service"]["revision"], answer["service"]["status"]) == (2, "DEPLOYING")
    assert variables(answer) == {"A": "1", "B": "2"}
    assert staging.phases() == ["INITIALIZING", "ACTIVE", "UPDATING"]
    other = staging.service("api")
    assert other is not None
    assert other.status is ServiceStatus.RUNNING


def test_absent_stays_and_null_puts_the_default_back(api: Api, staging: Seed) -> None:
    service = staging.service_ids["web"]
    mutate(
        api,
        "updateService",
        serviceId=service,
        configuration={"deployment": {"replicas": 4, "timeoutSeconds": 60}, "command": ["run"]},
    )
    mutate(api, "updateService", serviceId=service, configuration={"deployment": {"replicas": None}, "command": None})

    row = staging.service("web")
    assert row is not None
    assert (row.configuration.deployment.replicas, row.configuration.deployment.timeout_seconds) == (1, 60)
    assert row.configuration.command == ()
    assert [variable.name for variable in row.configuration.variables] == ["A"]


def test_a_variable_with_value_null_is_removed(api: Api, staging: Seed) -> None:
    change = {"variables": [{"name": "A", "value": None}, {"name": "B", "value": "x", "secret": True}]}

    answer = mutate(api, "updateService", serviceId=staging.service_ids["web"], configuration=change)

    assert variables(answer) == {"B": None}


def test_a_git_source_keeps_its_target_and_its_build_arguments(api: Api, staging: Seed) -> None:
    git: dict[str, object] = {
        "repository": "https://example.com/acme/web.git",
        "ref": "main",
        "image": "registry.example.com/acme/web",
    }
    built: dict[str, object] = {**git, "target": "runtime", "buildArguments": [{"name": "VERSION", "value": "1=2"}]}
    service = staging.service_ids["web"]
    shown = """query ($id: ID!) { node(id: $id) { ... on Service { configuration { source { ... on GitSource {
      repository ref image target buildArguments { name value } } } } } } }"""

    unsaid: dict[str, object] = {**git, "target": None, "buildArguments": []}
    for source, expected in ((built, built), (git, unsaid)):
        mutate(api, "updateService", serviceId=service, configuration={"source": {"git": source}})
        assert api.data(shown, id=service)["node"]["configuration"]["source"] == expected


def test_a_null_where_one_of_the_sources_is_wanted_is_an_error_of_the_document(api: Api, staging: Seed) -> None:
    for source in ({}, {"image": None}, {"image": {"image": "a"}, "git": None}):
        with nothing_changed(api):
            response = api.client.post(
                "/graphql",
                json={
                    "query": "mutation ($input: UpdateServiceInput!) { updateService(input: $input) { __typename } }",
                    "variables": {
                        "input": {"serviceId": staging.service_ids["web"], "configuration": {"source": source}}
                    },
                },
            ).json()
        assert response["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_another_revision_than_expected_is_refused(api: Api, staging: Seed) -> None:
    asked: Asked = {"serviceId": staging.service_ids["web"], "configuration": {}, "expectedRevision": 1}
    mutate(api, "updateService", **asked)

    with nothing_changed(api):
        answer = mutate(api, "updateService", **asked)

    assert (answer["__typename"], answer["revision"]) == ("RevisionConflict", 2)


def test_of_concurrent_changes_of_one_revision_one_is_accepted(api: Api, staging: Seed) -> None:
    service = staging.service_ids["web"]

    def change(number: int) -> dict[str, object]:
        configuration = {"variables": [{"name": "WHO", "value": str(number)}]}
        return mutate(api, "updateService", serviceId=service, configuration=configuration, expectedRevision=1)

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(change, range(8)))

    assert sorted(str(answer["__typename"]) for answer in answers) == [
        *["RevisionConflict"] * 7,
        "UpdateServiceAccepted",
    ]
    with api.database.reading() as session:
        revisions = session.exec(
            select(ServiceRevision.revision).where(col(ServiceRevision.service_id) == service)
        ).all()
    assert revisions == [2]


def test_a_newer_change_supersedes_the_queued_one(api: Api, staging: Seed) -> None:
    service = staging.service_ids["web"]
    first = mutate(api, "updateService", serviceId=service, configuration={"command": ["one"]})
    second = mutate(api, "updateService", serviceId=service, configuration={"arguments": ["two"]})

    operation = api.data(
        "query ($id: ID!) { operation(id: $id) { status failure { message } } }", id=first["operation"]["id"]
    )["operation"]
    assert operation["status"] == "CANCELLED"
    assert second["operation"]["id"] in operation["failure"]["message"]
    with api.database.reading() as session:
        row = session.get_one(Service, service)
    assert (row.configuration.command, row.configuration.arguments) == (("one",), ("two",))


BAD: dict[Path, dict[str, object]] = {
    ("configuration", "variables"): {
        "variables": [{"name": f"V{number}", "value": "x" * 30} for number in range(10_000)]
    },
    ("configuration", "volumes", "0", "mountPath"): {
        "volumes": [{"name": "data", "mountPath": "relative", "sizeGiB": 1}]
    },
    ("configuration", "healthChecks", "readiness", "port"): {"healthChecks": {"readiness": {"port": "nowhere"}}},
    ("configuration", "source"): {"source": None},
    ("configuration", "source", "git", "buildArguments", "1", "name"): {
        "source": {
            "git": {
                "repository": "https://example.com/acme/web.git",
                "ref": "main",
                "image": "registry.example.com/acme/web",
                "buildArguments": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}],
            }
        }
    },
    ("configuration", "deployment", "autoscaling"): {
        "deployment": {"autoscaling": {"minReplicas": 3, "maxReplicas": 1}}
    },
}


@pytest.mark.parametrize("path", BAD, ids="/".join)
def test_bad_input_is_pointed_at_and_leaves_nothing(api: Api, staging: Seed, path: tuple[str, ...]) -> None:
    with nothing_changed(api):
        answer = mutate(api, "updateService", serviceId=staging.service_ids["web"], configuration=BAD[path])

    assert any(found[: len(path)] == path for found in issues(answer)), answer


def test_a_service_that_is_being_deleted_is_not_changed(api: Api, staging: Seed) -> None:
    service = staging.service_ids["web"]
    mutate(api, "deleteService", serviceId=service, confirm=True)

    with nothing_changed(api):
        answer = mutate(api, "updateService", serviceId=service, configuration={"command": ["x"]})

    assert (answer["__typename"], answer["phase"]) == ("PhaseConflict", "UPDATING")


def test_nothing_is_changed_in_what_is_being_destroyed(api: Api, staging: Seed) -> None:
    set_phase(staging, EnvironmentPhase.DESTROYING)

    with nothing_changed(api):
        answer = mutate(api, "updateService", serviceId=staging.service_ids["web"], configuration={})

    assert (answer["__typename"], answer["phase"]) == ("PhaseConflict", "DESTROYING")


@pytest.mark.parametrize("prefix", ["svc", "env", "psv", "opr"])
def test_an_unknown_service_is_not_found(api: Api, prefix: str) -> None:
    with nothing_changed(api):
        answer = mutate(api, "updateService", serviceId=new_id(prefix), configuration={})

    assert answer["__typename"] == "NotFound"


def test_the_same_key_changes_once(api: Api, staging: Seed) -> None:
    asked: Asked = {
        "serviceId": staging.service_ids["web"],
        "configuration": {"command": ["a"]},
        "idempotencyKey": unused_name(),
    }
    [first, *others] = at_once(api, "updateService", asked)

    with nothing_changed(api):
        again = mutate(api, "updateService", **asked)
        null = mutate(api, "updateService", **{**asked, "configuration": {"command": ["a"], "arguments": None}})

    assert again == first
    assert others == [first] * 7
    assert null["__typename"] == "IdempotencyConflict", "null is not absent"
    assert null["idempotent"] == {"id": first["operation"]["id"]}


def test_a_repetition_after_the_service_was_deleted_says_so(api: Api, staging: Seed) -> None:
    service = staging.service_ids["web"]
    asked: Asked = {"serviceId": service, "configuration": {}, "idempotencyKey": unused_name()}
    first = mutate(api, "updateService", **asked)
    with api.database.writing() as session:
        session.get_one(Operation, first["operation"]["id"]).status = OperationStatus.SUCCEEDED
        session.delete(session.get_one(Service, service))

    answer = mutate(api, "updateService", **asked)

    assert answer["__typename"] == "NotFound"
    assert first["operation"]["id"] in answer["message"]
