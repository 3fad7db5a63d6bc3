"""A worker that loses its lease while a request fails does not try that request again."""

from collections.abc import Callable

import pytest

from jobs.adapters.aws import AwsClients
from jobs.adapters.route53 import Route53Zone
from jobs.adapters.secrets_manager import SecretsManagerStore
from jobs.ports import DnsRecord, ServiceRef
from tests.jobs.adapters.aws.conftest import TestZone
from tests.jobs.adapters.aws.faults import name_of, refuse, refuse_json
from tests.jobs.adapters.proxy import Answer, Fault, FaultProxy, Forward, Request


class Lost(Exception):
    """What the guard raises."""


class Lease:
    """Held until a request fails."""

    held = True

    def check(self) -> None:
        if not self.held:
            raise Lost

    def lost_with(self, fault: Fault) -> Fault:
        def losing(request: Request, forward: Forward) -> Answer | None:
            self.held = False
            return fault(request, forward)

        return losing


@pytest.fixture
def lease() -> Lease:
    return Lease()


def attempts(proxy: FaultProxy, operation: str) -> int:
    return sum(name_of(request) == operation for request in proxy.seen)


def check_tried_once(proxy: FaultProxy, operation: str, change: Callable[[], object]) -> None:
    with pytest.raises(Lost):
        change()
    assert attempts(proxy, operation) == 1


def test_of_records(proxied: AwsClients, zone: TestZone, service: ServiceRef, proxy: FaultProxy, lease: Lease) -> None:
    change = "ChangeResourceRecordSets"
    proxy.on(change, lease.lost_with(refuse(503, "ServiceUnavailable")))
    dns = Route53Zone(proxied.route53).under(lease.check)

    check_tried_once(proxy, change, lambda: dns.publish(service, [DnsRecord(f"web.{zone.name}", "A", ("192.0.2.1",))]))

    assert zone.contents() == []


@pytest.mark.parametrize("request_name", ["CreateSecret", "PutSecretValue", "DeleteSecret"])
def test_of_secrets(
    proxied: AwsClients, service: ServiceRef, proxy: FaultProxy, lease: Lease, request_name: str
) -> None:
    store = SecretsManagerStore(proxied.secrets, None)
    if request_name != "CreateSecret":
        store.put(service, {"TOKEN": "one"}, 1)
    proxy.on(request_name, lease.lost_with(refuse_json(500, "InternalServiceError")))
    held = store.under(lease.check)

    check_tried_once(
        proxy,
        request_name,
        lambda: (
            held.remove(service.environment, service.id)
            if request_name == "DeleteSecret"
            else held.put(service, {"TOKEN": "two"}, 2)
        ),
    )
