"""updateService."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import col, select

from models.columns import new_id
from models.configuration import (
    EngineSource,
    ImageSource,
    IngressRule,
    NetworkSettings,
    Port,
    Schedule,
    ServiceConfiguration,
)
from models.configuration.credentials import with_credentials
from models.configuration.defaults import default_configuration
from models.operation import Operation
from models.service import Service, ServiceRevision
from models.vocabulary import Engine, EnvironmentPhase, OperationStatus, ServiceKind, ServiceStatus
from tests.jobs.seeds import Seed
from tests.resolvers.mutating import Asked, Path, at_once, issues, mutate, nothing_changed
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import deploy, project_id, running, set_phase, unused_name


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


@dataclass(frozen=True)
class Bad:
    """A change that can't be, the way to what is wrong with it, and a part of what is said about that."""

    kind: ServiceKind
    configuration: dict[str, object]
    path: Path
    words: str


PORTS = [{"name": "http", "number": 80}]
VOLUMES = ({"name": "files", "mount_path": "/files", "size_gib": 5},)
RUNNING = {
    ServiceKind.APPLICATION: ServiceConfiguration.model_validate(
        {"source": ImageSource(image="a"), "volumes": VOLUMES}
    ),
    ServiceKind.CRON_JOB: ServiceConfiguration(source=ImageSource(image="a"), schedule=Schedule(cron="@daily")),
    ServiceKind.DATASOURCE: with_credentials(
        default_configuration(ServiceKind.DATASOURCE, EngineSource(engine=Engine.POSTGRES, version="17")), None, str
    ),
}


def of_application(configuration: dict[str, object], *path: str, words: str) -> Bad:
    return Bad(ServiceKind.APPLICATION, configuration, path, words)


def of_git(words: str, *path: str, **fields: object) -> Bad:
    git = {"repository": "https://example.com/web.git", "ref": "main", "image": "registry.example.com/web", **fields}
    return of_application({"source": {"git": git}}, "source", "git", *path, words=words)


def of_cron(field: str, words: str, **schedule: str) -> Bad:
    said: dict[str, object] = {"schedule": {"cron": "@daily", **schedule}}
    return Bad(ServiceKind.CRON_JOB, said, ("schedule", field), words)


def of_datasource(configuration: dict[str, object], *path: str, words: str) -> Bad:
    return Bad(ServiceKind.DATASOURCE, configuration, path, words)


def of_ingress(*rules: dict[str, object], path: str, words: str) -> Bad:
    networking = {"ports": PORTS, "ingress": [{"port": "http", **rule} for rule in rules]}
    return of_application({"networking": networking}, "networking", "ingress", *path.split("/"), words=words)


def of_engine(engine: str, version: str, field: str, words: str) -> Bad:
    source: dict[str, object] = {"source": {"engine": {"engine": engine, "version": version}}}
    return of_datasource(source, "source", "engine", field, words=words)


BAD = {
    "a port's name": of_application(
        {"networking": {"ports": [{"name": "HTTP", "number": 80}]}}, "networking", "ports", "0", "name", words="'HTTP'"
    ),
    "a volume's name": of_application(
        {"volumes": [{"name": "a_b", "mountPath": "/a", "sizeGiB": 1}]}, "volumes", "0", "name", words="'a_b'"
    ),
    "a variable's name": of_application(
        {"variables": [{"name": "A", "value": ""}, {"name": "1=2", "value": ""}]},
        "variables",
        "1",
        "name",
        words="'1=2'",
    ),
    "an image": of_application(
        {"source": {"image": {"image": "Nginx"}}}, "source", "image", "image", words="write it in lower case"
    ),
    "a ref": of_git("'a..b'", "ref", ref="a..b"),
    "a repository with a password": of_git("Remove", "repository", repository="https://me:pw@example.com/web.git"),
    "a build argument twice": of_git(
        "item 0",
        "buildArguments",
        "1",
        "name",
        buildArguments=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}],
    ),
    "no source": of_application({"source": None}, "source", words="give an image, git or engine"),
    "a quantity that does not parse": of_application(
        {"resources": {"memoryRequest": "256mb"}},
        "resources",
        "memoryRequest",
        words="'256mb' is not a Kubernetes quantity",
    ),
    "a limit below its request": of_application(
        {"resources": {"cpuRequest": "1", "cpuLimit": "500m"}},
        "resources",
        "cpuLimit",
        words="less than cpuRequest '1'",
    ),
    "a port's number twice": of_application(
        {"networking": {"ports": [*PORTS, {"name": "b", "number": 80}]}},
        "networking",
        "ports",
        "1",
        "number",
        words="item 0",
    ),
    "a port's name twice": of_application(
        {"networking": {"ports": [*PORTS, {"name": "http", "number": 81}]}},
        "networking",
        "ports",
        "1",
        "name",
        words="item 0",
    ),
    "a variable twice": of_application(
        {"variables": [{"name": "A", "value": "1"}, {"name": "A", "value": None}]},
        "variables",
        "1",
        "name",
        words="item 0",
    ),
    "a host twice": of_ingress({"host": "www"}, {"host": "www.x.test"}, path="1/host", words="ingress rule 0"),
    "a host of another service": of_ingress({"host": "taken"}, path="0/host", words="'shop'"),
    "a host outside of the domain": of_ingress({"host": "www.y.test"}, path="0/host", words="domain x.test"),
    "a host that is none": of_ingress({"host": "a_b"}, path="0/host", words="not a DNS label"),
    "an ingress to a port that is not there": of_ingress({"host": "a", "port": "b"}, path="0/port", words="'http'"),
    "a path that is none": of_ingress({"host": "a", "path": "a"}, path="0/path", words="begin with '/'"),
    "a cron line": of_cron("cron", "day of week, which goes from 0 to 6", cron="0 0 * * 7"),
    "a time zone": of_cron("timeZone", "Write it like Europe/Berlin", timeZone="Berlin"),
    "a version that is not known": of_engine("POSTGRES", "9000", "version", "Known: 14, 15"),
    "a version that can't open the data": of_engine("POSTGRES", "18", "version", "dump and restore"),
    "a version of thousands of digits": of_engine("MYSQL", "8.0." + "1" * 5000, "version", "Known: 8.0"),
    "another engine": of_engine("REDIS", "7.4", "engine", "keeps its engine"),
    "a datasource without its data": of_datasource({"volumes": []}, "volumes", words="the data would be lost"),
    "a datasource that looks elsewhere": of_datasource(
        {"variables": [{"name": "PGDATA", "value": None}]}, "variables", words="can't be removed"
    ),
    "a shrinking volume": of_application(
        {"volumes": [{"name": "files", "mountPath": "/files", "sizeGiB": 4}]},
        "volumes",
        "0",
        "sizeGiB",
        words="can't shrink",
    ),
    "a relative mount path": of_application(
        {"volumes": [{"name": "a", "mountPath": "a", "sizeGiB": 1}]},
        "volumes",
        "0",
        "mountPath",
        words="begin with '/'",
    ),
    "too many pods for a volume": of_application(
        {"deployment": {"replicas": 2}}, "deployment", "replicas", words="set replicas to 1"
    ),
    "fewer than none": of_application(
        {"deployment": {"replicas": -1}}, "deployment", "replicas", words="from 0 to 1000"
    ),
    "autoscaling without a request": of_application(
        {"deployment": {"autoscaling": {"minReplicas": 1, "maxReplicas": 2}}, "volumes": None},
        *("deployment", "autoscaling"),
        words="set resources.cpuRequest",
    ),
    "a check of a port that is not there": of_application(
        {"healthChecks": {"readiness": {"port": "b"}}}, "healthChecks", "readiness", "port", words="networking.ports"
    ),
    "an empty command": of_application({"command": [" "]}, "command", "0", words="program to run"),
    "ten thousand variables": of_application(
        {"variables": [{"name": f"V{number}", "value": "x" * 30} for number in range(10_000)]},
        "variables",
        words="10000 items; at most 1000",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_pointed_at_and_leaves_nothing(api: Api, what: str) -> None:
    bad = BAD[what]
    environment = running(api)
    service = deploy(environment, "web", bad.kind, RUNNING[bad.kind])
    networking = NetworkSettings(ports=(Port(name="a", number=1),), ingress=(IngressRule(host="taken", port="a"),))
    shop = ServiceConfiguration(source=ImageSource(image="a"), networking=networking)
    deploy(environment, "shop", ServiceKind.APPLICATION, shop)

    with nothing_changed(api):
        answer = mutate(api, "updateService", serviceId=service, configuration=bad.configuration)

    found = issues(answer)
    assert list(found) == [("configuration", *bad.path)]
    assert bad.words in found["configuration", *bad.path]


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
    given = new_id(prefix)
    with nothing_changed(api):
        answer = mutate(api, "updateService", serviceId=given, configuration={})

    assert answer["__typename"] == "NotFound"
    assert given in answer["message"]
    assert ("serviceId takes the id of a deployed service" in answer["message"]) is (prefix != "svc")


def test_an_id_of_something_else_that_is_there_is_not_a_services(api: Api, staging: Seed) -> None:
    for given, what in ((staging.environment_id, "an environment"), (project_id(staging), "a project")):
        with nothing_changed(api):
            answer = mutate(api, "updateService", serviceId=given, configuration={"command": ["x"]})

        assert answer["__typename"] == "NotFound"
        assert f"is the id of {what}" in answer["message"]


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
