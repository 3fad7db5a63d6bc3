"""What Route53 does and the embedded one does not: throttling, changes under way, refused batches, lost answers."""

from collections.abc import Callable

import pytest

from jobs.adapters.aws import AwsClients
from jobs.adapters.route53 import Route53Zone
from jobs.errors import NotYet, Permanent, Transient
from jobs.ports import DnsRecord, EnvironmentRef, ServiceRef
from tests.jobs.adapters.aws.conftest import TestZone
from tests.jobs.adapters.aws.faults import refuse
from tests.jobs.adapters.proxy import Answer, Fault, FaultProxy, Request, lose_answer, replace, reset

CHANGE = "ChangeResourceRecordSets"
LIST = "ListResourceRecordSets"


@pytest.fixture
def dns(proxied: AwsClients) -> Route53Zone:
    return Route53Zone(proxied.route53)


@pytest.fixture
def web(zone: TestZone) -> DnsRecord:
    return DnsRecord(f"web.{zone.name}", "A", ("192.0.2.1",))


@pytest.mark.parametrize(
    "fault",
    [
        refuse(400, "Throttling", "Rate exceeded"),
        refuse(400, "PriorRequestNotComplete"),
        refuse(500, "InternalFailure"),
        refuse(503, "ServiceUnavailable"),
        reset,
    ],
    ids=["throttled", "prior", "failing", "unavailable", "reset"],
)
@pytest.mark.parametrize("request_name", [CHANGE, LIST])
def test_a_fault_that_may_pass_is_tried_again_later(
    dns: Route53Zone,
    zone: TestZone,
    web: DnsRecord,
    service: ServiceRef,
    proxy: FaultProxy,
    request_name: str,
    fault: Fault,
) -> None:
    proxy.on(request_name, fault, times=50)
    with pytest.raises(Transient):
        dns.publish(service, [web])
    assert zone.contents() == []
    proxy.clear()

    dns.publish(service, [web])
    assert set(zone.summary()) == {("web", "A"), ("a-web", "TXT")}


def test_absence_is_never_assumed(
    dns: Route53Zone, web: DnsRecord, service: ServiceRef, environment: EnvironmentRef, proxy: FaultProxy
) -> None:
    dns.publish(service, [web])
    proxy.on(LIST, refuse(400, "Throttling"), times=50)
    with pytest.raises(Transient):
        dns.records(environment)


def test_a_missing_right_is_told_at_once(
    dns: Route53Zone, web: DnsRecord, service: ServiceRef, proxy: FaultProxy
) -> None:
    proxy.on(CHANGE, refuse(403, "AccessDenied", "not authorized to perform route53:ChangeResourceRecordSets"))
    with pytest.raises(Permanent, match="AccessDenied: not authorized to perform route53:Change"):
        dns.publish(service, [web])
    assert proxy.count(CHANGE) == 1


def test_an_answer_that_is_lost_changes_nothing_twice(
    dns: Route53Zone, zone: TestZone, web: DnsRecord, service: ServiceRef, proxy: FaultProxy
) -> None:
    proxy.on(CHANGE, lose_answer)
    # botocore sends it again, and Route53 refuses to create what is there
    proxy.on(CHANGE, refuse(400, "InvalidChangeBatch", "it already exists"))
    dns.publish(service, [web])
    assert zone.summary()["web", "A"] == ["192.0.2.1"]
    assert len(zone.contents()) == 2


def test_a_change_is_awaited_until_every_name_server_has_it(
    dns: Route53Zone, web: DnsRecord, service: ServiceRef, proxy: FaultProxy
) -> None:
    pending = replace(b"INSYNC", b"PENDING")
    proxy.on(CHANGE, pending)
    proxy.on("GetChange", pending, times=2)
    for _ in range(2):
        with pytest.raises(NotYet, match="on its way to the name servers"):
            dns.publish(service, [web])
    dns.publish(service, [web])
    assert proxy.count(CHANGE) == 1
    dns.publish(service, [web])
    assert proxy.count("GetChange") == 3


def test_a_zone_changed_meanwhile_is_looked_at_again(
    dns: Route53Zone,
    zone: TestZone,
    web: DnsRecord,
    service: ServiceRef,
    environment: EnvironmentRef,
    proxy: FaultProxy,
) -> None:
    dns.publish(service, [web])

    refusal = refuse(400, "InvalidChangeBatch", "the values provided do not match")

    def somebody_was_faster(request: Request, forward: Callable[[Request], Answer]) -> Answer | None:
        zone.change("UPSERT", "web", "A", "192.0.2.77", ttl=60)
        return refusal(request, forward)

    proxy.on(CHANGE, somebody_was_faster)
    dns.withdraw(environment)
    assert zone.contents() == []
    assert proxy.count(CHANGE) == 3


def test_a_batch_that_is_refused_for_good_is_told(
    dns: Route53Zone, zone: TestZone, web: DnsRecord, service: ServiceRef, proxy: FaultProxy
) -> None:
    proxy.on(CHANGE, refuse(400, "InvalidChangeBatch", "RRSet with DNS name is not permitted"), times=20)
    with pytest.raises(Permanent, match="RRSet with DNS name is not permitted"):
        dns.publish(service, [web])
    assert proxy.count(CHANGE) == 1  # it looked again and would have asked for the same
    assert zone.contents() == []
