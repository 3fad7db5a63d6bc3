"""Secrets of services, on an embedded Secrets Manager and through a proxy that is as strict as the real one."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from jobs.adapters.aws import AwsClients
from jobs.adapters.secrets_manager import SecretsManagerStore
from jobs.adapters.secrets_manager.names import tags_for
from jobs.errors import NotYet, Overtaken, Permanent, Transient
from jobs.ports import EnvironmentRef, ServiceRef
from tests.jobs.adapters.aws.conftest import make_environment, make_service
from tests.jobs.adapters.aws.faults import half_of_a_refusal, refuse_json
from tests.jobs.adapters.proxy import Answer, Fault, FaultProxy, lose_answer, reset

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

VALUES = {"PASSWORD": "correct horse", "TOKEN": "battery staple"}


@pytest.fixture
def store(proxied: AwsClients) -> SecretsManagerStore:
    return SecretsManagerStore(proxied.secrets, None)


@pytest.fixture
def lenient(proxied: AwsClients) -> SecretsManagerStore:
    """Keeps what it deletes for seven days."""
    return SecretsManagerStore(proxied.secrets, 7)


@pytest.fixture
def aws_secrets(clients: AwsClients) -> "SecretsManagerClient":
    return clients.secrets


def name_of(service: ServiceRef) -> str:
    return f"phaseline/{service.environment.id}/{service.id}"


def values_in(client: "SecretsManagerClient", service: ServiceRef) -> dict[str, str]:
    # moto's default version does not follow the label, as the real one's does
    return json.loads(client.get_secret_value(SecretId=name_of(service), VersionStage="AWSCURRENT")["SecretString"])


def all_secrets(client: "SecretsManagerClient") -> list[Any]:
    pages = client.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True)
    return [
        (s.get("Name"), "DeletedDate" in s, s.get("SecretVersionsToStages")) for p in pages for s in p["SecretList"]
    ]


def test_keeps_the_variables_of_a_service(
    store: SecretsManagerStore, aws_secrets: "SecretsManagerClient", service: ServiceRef
) -> None:
    store.put(service, VALUES, 1)
    assert values_in(aws_secrets, service) == VALUES
    assert list(store.names(service.environment)) == [name_of(service)]

    store.put(service, {"PASSWORD": "changed"}, 2)
    assert values_in(aws_secrets, service) == {"PASSWORD": "changed"}


def test_putting_twice_changes_nothing(
    store: SecretsManagerStore, aws_secrets: "SecretsManagerClient", service: ServiceRef, proxy: FaultProxy
) -> None:
    store.put(service, VALUES, 1)
    before = all_secrets(aws_secrets)
    store.put(service, VALUES, 1)
    assert all_secrets(aws_secrets) == before
    assert proxy.count("CreateSecret") == 1
    assert proxy.count("PutSecretValue") == 0


def test_no_values_remove_the_secret(store: SecretsManagerStore, service: ServiceRef) -> None:
    store.put(service, {}, 1)
    store.put(service, VALUES, 2)
    store.put(service, {}, 3)
    assert store.names(service.environment) == {}


def test_an_older_operation_never_writes_over_a_newer_one(
    store: SecretsManagerStore, aws_secrets: "SecretsManagerClient", service: ServiceRef
) -> None:
    store.put(service, VALUES, 5)
    for late in (VALUES, {"PASSWORD": "stale"}, {}):
        with pytest.raises(Overtaken, match=service.name):
            store.put(service, late, 4)
    assert values_in(aws_secrets, service) == VALUES


def test_a_frozen_writer_that_wakes_up_does_not_win(
    store: SecretsManagerStore,
    clients: AwsClients,
    aws_secrets: "SecretsManagerClient",
    service: ServiceRef,
    proxy: FaultProxy,
) -> None:
    """It looked, was frozen, and writes after a newer operation has."""
    store.put(service, VALUES, 1)
    newer = SecretsManagerStore(clients.secrets, None)

    def overtake(request: Any, forward: Any) -> Answer:
        newer.put(service, {"PASSWORD": "newer"}, 3)
        return forward(request)

    proxy.on("PutSecretValue", overtake)
    with pytest.raises((Overtaken, Transient)):
        store.put(service, {"PASSWORD": "stale"}, 2)
    assert values_in(aws_secrets, service) == {"PASSWORD": "newer"}


def test_a_secret_that_is_not_ours_stays_as_it_is(
    store: SecretsManagerStore, aws_secrets: "SecretsManagerClient", service: ServiceRef
) -> None:
    aws_secrets.create_secret(Name=name_of(service), SecretString="theirs")
    before = all_secrets(aws_secrets)
    with pytest.raises(Permanent, match=f"{name_of(service)} is there already and its tags do not name this service"):
        store.put(service, VALUES, 1)
    store.remove(service.environment)
    store.remove(service.environment, service.id)
    assert store.names(service.environment) == {}
    assert all_secrets(aws_secrets) == before


def test_what_is_missing_or_was_changed_is_told_without_asking_for_the_value(
    store: SecretsManagerStore, aws_secrets: "SecretsManagerClient", service: ServiceRef, proxy: FaultProxy
) -> None:
    assert store.ailments(service, {}) == []
    assert store.ailments(service, VALUES) == ["its cloud secret is missing"]
    store.put(service, VALUES, 1)
    assert store.ailments(service, VALUES) == []

    for change in ({"PASSWORD": "by hand"}, VALUES):
        aws_secrets.put_secret_value(SecretId=name_of(service), SecretString=json.dumps(change))
        assert "changed" in store.ailments(service, VALUES)[0]
    store.put(service, VALUES, 2)
    assert store.ailments(service, VALUES) == []
    assert "changed" in store.ailments(service, {**VALUES, "PASSWORD": "of another release"})[0]
    assert proxy.count("GetSecretValue") == 0


def test_removes_exactly_what_is_the_environments(
    store: SecretsManagerStore, aws_secrets: "SecretsManagerClient", environment: EnvironmentRef
) -> None:
    """`e1` finds `e10` in a prefix search, by name and by tag."""
    mine = [make_service(environment, id_) for id_ in ("s1", "s10")]
    neighbour = make_service(make_environment(f"{environment.id}0"))
    for one in (*mine, neighbour):
        store.put(one, VALUES, 1)
    aws_secrets.create_secret(Name=f"{name_of(mine[0])}/more", SecretString="theirs")

    store.remove(environment, "s1")
    assert store.names(environment) == {name_of(mine[1]): mine[1].id}
    store.remove(environment)
    assert store.names(environment) == {}
    assert values_in(aws_secrets, neighbour) == VALUES
    assert aws_secrets.get_secret_value(SecretId=f"{name_of(mine[0])}/more")["SecretString"] == "theirs"
    store.remove(environment)


def test_a_secret_whose_deletion_is_scheduled_comes_back_when_it_is_wanted(
    lenient: SecretsManagerStore, aws_secrets: "SecretsManagerClient", service: ServiceRef
) -> None:
    lenient.put(service, VALUES, 1)
    lenient.remove(service.environment)
    assert lenient.names(service.environment) == {}
    assert "DeletedDate" in aws_secrets.describe_secret(SecretId=name_of(service))

    lenient.put(service, {"PASSWORD": "again"}, 2)
    assert values_in(aws_secrets, service) == {"PASSWORD": "again"}
    assert list(lenient.names(service.environment)) == [name_of(service)]


def test_more_secrets_than_a_page(
    store: SecretsManagerStore, aws_secrets: "SecretsManagerClient", environment: EnvironmentRef
) -> None:
    for number in range(120):
        service = make_service(environment, f"s{number}")
        aws_secrets.create_secret(Name=name_of(service), SecretString="{}", Tags=tags_for(service))
    assert len(store.names(environment)) == 120
    store.remove(environment)
    assert store.names(environment) == {}


@pytest.mark.parametrize(
    "fault",
    [refuse_json(400, "ThrottlingException"), refuse_json(500, "InternalServiceError"), reset, half_of_a_refusal],
    ids=["throttled", "failing", "reset", "half of a refusal"],
)
@pytest.mark.parametrize("request_name", ["DescribeSecret", "CreateSecret", "DeleteSecret"])
def test_a_fault_that_may_pass_is_tried_again_later(
    store: SecretsManagerStore, service: ServiceRef, proxy: FaultProxy, request_name: str, fault: Fault
) -> None:
    values = VALUES
    if request_name == "DeleteSecret":
        store.put(service, VALUES, 1)
        values = {}
    before = store.names(service.environment)
    proxy.on(request_name, fault, times=50)
    with pytest.raises(Transient):
        store.put(service, values, 1)
    proxy.clear()
    assert store.names(service.environment) == before

    store.put(service, values, 1)
    assert store.names(service.environment) != before


def test_absence_is_never_assumed(store: SecretsManagerStore, service: ServiceRef, proxy: FaultProxy) -> None:
    store.put(service, VALUES, 1)
    proxy.on("ListSecrets", refuse_json(400, "ThrottlingException"), times=50)
    with pytest.raises(Transient):
        store.names(service.environment)


@pytest.mark.parametrize("request_name", ["CreateSecret", "PutSecretValue", "UpdateSecretVersionStage"])
def test_an_answer_that_is_lost_writes_nothing_twice(
    store: SecretsManagerStore,
    aws_secrets: "SecretsManagerClient",
    service: ServiceRef,
    proxy: FaultProxy,
    request_name: str,
) -> None:
    if request_name != "CreateSecret":
        store.put(service, {"PASSWORD": "first"}, 1)
    proxy.on(request_name, lose_answer)
    store.put(service, VALUES, 2)
    assert values_in(aws_secrets, service) == VALUES
    assert [secret[0] for secret in all_secrets(aws_secrets)].count(name_of(service)) == 1


def test_a_forced_delete_that_takes_its_time_is_awaited(
    store: SecretsManagerStore, service: ServiceRef, proxy: FaultProxy
) -> None:
    store.put(service, VALUES, 1)
    # accepted, and not done: the real one deletes later
    proxy.on("DeleteSecret", lambda _request, _forward: Answer(200, b"{}", "application/x-amz-json-1.1"))
    with pytest.raises(NotYet) as waiting:
        store.remove(service.environment)
    assert [blocker.name for blocker in waiting.value.blockers] == [name_of(service)]
    store.remove(service.environment)
    assert store.names(service.environment) == {}


def test_a_missing_right_is_told_without_the_value(
    store: SecretsManagerStore, service: ServiceRef, proxy: FaultProxy
) -> None:
    proxy.on("CreateSecret", refuse_json(400, "AccessDeniedException", "not authorized: secretsmanager:CreateSecret"))
    with pytest.raises(Permanent, match="secretsmanager:CreateSecret") as refused:
        store.put(service, VALUES, 1)
    assert "correct horse" not in str(refused.value)
    assert proxy.count("CreateSecret") == 1


def test_too_much_for_a_secret_is_told(store: SecretsManagerStore, service: ServiceRef, proxy: FaultProxy) -> None:
    with pytest.raises(Permanent, match="Secrets Manager holds at most 65536"):
        store.put(service, {"BIG": "x" * 70_000}, 1)
    assert proxy.seen == []


@pytest.mark.parametrize("days", [0, 6, 31])
def test_a_recovery_window_that_aws_does_not_know(clients: AwsClients, days: int) -> None:
    with pytest.raises(ValueError, match="7 to 30 days"):
        SecretsManagerStore(clients.secrets, days)
