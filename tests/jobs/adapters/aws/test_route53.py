"""Publishing and withdrawing records, on an embedded Route53."""

import pytest

from jobs.adapters.aws import AwsClients
from jobs.adapters.route53 import Route53Zone
from jobs.errors import Permanent
from jobs.ports import DnsRecord, EnvironmentRef, ServiceRef
from tests.jobs.adapters.aws.conftest import TestZone, make_environment, make_service, make_zone
from tests.jobs.adapters.proxy import FaultProxy


@pytest.fixture
def dns(proxied: AwsClients) -> Route53Zone:
    return Route53Zone(proxied.route53)


def cname(zone: TestZone, label: str, target: str = "lb.example.net") -> DnsRecord:
    return DnsRecord(f"{label}.{zone.name}", "CNAME", (target,))


def address(zone: TestZone, label: str, *values: str) -> DnsRecord:
    return DnsRecord(f"{label}.{zone.name}", "AAAA" if ":" in values[0] else "A", values)


def value(environment: EnvironmentRef, service: str = "s1") -> str:
    return f'"heritage=phaseline,phaseline/environment={environment.id},phaseline/service={service}"'


def test_publishes_each_record_with_its_twin(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef
) -> None:
    records = [cname(zone, "web"), address(zone, "api", "192.0.2.1"), address(zone, "api", "2001:db8::1")]
    dns.publish(service, records)

    assert zone.summary() == {
        ("web", "CNAME"): ["lb.example.net."],
        ("cname-web", "TXT"): [value(environment)],
        ("api", "A"): ["192.0.2.1"],
        ("a-api", "TXT"): [value(environment)],
        ("api", "AAAA"): ["2001:db8::1"],
        ("aaaa-api", "TXT"): [value(environment)],
    }
    assert {entry["TTL"] for entry in zone.contents()} == {60}
    held = dns.records(environment)
    assert len(held) == 6
    assert {record.services for record in held} == {frozenset({service.id})}
    assert [record.name for record in dns.records(environment, "s2")] == []


def test_publishing_twice_changes_nothing(
    dns: Route53Zone, zone: TestZone, service: ServiceRef, proxy: FaultProxy
) -> None:
    dns.publish(service, [cname(zone, "web")])
    dns.publish(service, [cname(zone, "WEB", "LB.example.net.")])
    assert proxy.count("ChangeResourceRecordSets") == 1


def test_removes_what_the_service_no_longer_asks_for(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef, proxy: FaultProxy
) -> None:
    dns.publish(service, [cname(zone, "old"), cname(zone, "web")])
    dns.publish(service, [cname(zone, "web", "other.example.net")])
    assert zone.summary() == {("web", "CNAME"): ["other.example.net."], ("cname-web", "TXT"): [value(environment)]}
    assert proxy.count("ChangeResourceRecordSets") == 2


def test_a_record_changes_its_type_in_one_batch(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef, proxy: FaultProxy
) -> None:
    dns.publish(service, [cname(zone, "web")])
    dns.publish(service, [address(zone, "web", "192.0.2.1", "192.0.2.2")])
    assert zone.summary() == {("web", "A"): ["192.0.2.1", "192.0.2.2"], ("a-web", "TXT"): [value(environment)]}
    assert proxy.count("ChangeResourceRecordSets") == 2


def test_services_of_an_environment_share_a_host(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef
) -> None:
    other = make_service(environment, "s2")
    dns.publish(service, [cname(zone, "web")])
    dns.publish(other, [cname(zone, "web")])
    assert zone.summary()["cname-web", "TXT"] == [value(environment), value(environment, "s2")]

    dns.withdraw(environment, "s1")
    assert zone.summary() == {
        ("web", "CNAME"): ["lb.example.net."],
        ("cname-web", "TXT"): [value(environment, "s2")],
    }
    dns.withdraw(environment, "s2")
    assert zone.contents() == []


def test_foreign_records_stay_and_are_named(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef
) -> None:
    neighbour = make_service(make_environment(f"{environment.id}0", zone.name))
    dns.publish(neighbour, [cname(zone, "theirs")])
    zone.change("CREATE", "web", "A", "192.0.2.9")
    zone.change("CREATE", "mail", "MX", "10 mx.example.net.")
    zone.change("CREATE", "cname-taken", "TXT", '"somebody else"')
    before = zone.contents()

    with pytest.raises(Permanent, match=rf"A record web\.{zone.name} is there already .* Remove it or choose another"):
        dns.publish(service, [cname(zone, "web")])
    with pytest.raises(Permanent, match=r"MX record mail"):
        dns.publish(service, [cname(zone, "mail")])
    with pytest.raises(Permanent, match=r"TXT record cname-taken"):
        dns.publish(service, [cname(zone, "taken")])
    with pytest.raises(Permanent, match=rf"but of environment {environment.id}0"):
        dns.publish(service, [cname(zone, "theirs")])
    dns.withdraw(environment)
    assert zone.contents() == before
    assert dns.records(environment) == []

    dns.publish(service, [address(zone, "mail", "192.0.2.1")])
    dns.withdraw(environment)
    assert zone.contents() == before


def test_what_is_missing_or_was_changed_is_told_and_left_as_it_is(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef, proxy: FaultProxy
) -> None:
    published = [cname(zone, "web", "LB.example.net"), address(zone, "api", "192.0.2.1", "192.0.2.2")]
    dns.publish(service, published)
    assert dns.ailments(environment, published) == {}

    changed = address(zone, "api", "192.0.2.9")
    zone.change("UPSERT", "api", "A", "192.0.2.9")
    gone, adopted = cname(zone, "gone"), cname(zone, "foreign")
    zone.change("CREATE", "foreign", "CNAME", "lb.example.net.")
    before = zone.contents()
    proxy.clear()

    found = dns.ailments(environment, [*published, gone, adopted])

    assert found == {
        published[1]: f"the DNS record of {changed.name} was changed: it leads to 192.0.2.9 "
        "instead of 192.0.2.1, 192.0.2.2",
        gone: f"the DNS record of {gone.name} is missing",
        adopted: f"the DNS record of {adopted.name} is not marked as ours any more",
    }
    assert zone.contents() == before
    assert proxy.count("ChangeResourceRecordSets") == 0


def test_withdraws_exactly_what_is_the_environments(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef
) -> None:
    neighbour = make_service(make_environment(f"{environment.id}0", zone.name))
    dns.publish(neighbour, [cname(zone, "theirs")])
    zone.change("CREATE", "plain", "A", "192.0.2.9")
    zone.change("CREATE", "weighted", "A", "192.0.2.9", SetIdentifier="one", Weight=1)
    zone.change("CREATE", "", "A", "192.0.2.7")
    before = zone.contents()

    dns.publish(service, [cname(zone, "web"), address(zone, "gone", "192.0.2.1"), address(zone, "moved", "192.0.2.1")])
    zone.change("DELETE", "gone", "A", "192.0.2.1", ttl=60)
    zone.change("UPSERT", "moved", "A", "192.0.2.55", ttl=20)
    dns.withdraw(environment)
    assert zone.contents() == before
    dns.withdraw(environment)
    assert zone.contents() == before


def test_chooses_the_longest_public_zone(
    dns: Route53Zone, clients: AwsClients, zone: TestZone, environment: EnvironmentRef, service: ServiceRef
) -> None:
    below = make_zone(clients.route53, f"deep.{zone.name}")
    private = make_zone(clients.route53, f"inner.{zone.name}", private=True)
    similar = make_zone(clients.route53, f"x{zone.name}")
    dns.publish(service, [cname(zone, "web.deep"), cname(zone, "a.inner"), address(zone, "deep", "192.0.2.1")])

    assert below.summary() == {
        ("web", "CNAME"): ["lb.example.net."],
        ("cname-web", "TXT"): [value(environment)],
        (f"{below.name}.", "A"): ["192.0.2.1"],
        ("a-_apex", "TXT"): [value(environment)],
    }
    assert set(zone.summary()) == {("a.inner", "CNAME"), ("cname-a.inner", "TXT")}
    assert private.contents() == similar.contents() == []
    dns.withdraw(environment)
    assert below.contents() == zone.contents() == []


def test_a_zone_above_the_domain(dns: Route53Zone, zone: TestZone) -> None:
    environment = make_environment("e-above", f"dev.{zone.name}")
    service = make_service(environment)
    zone.change("CREATE", "dev-x", "A", "192.0.2.9")
    zone.change("CREATE", "zzz", "A", "192.0.2.9")
    before = zone.contents()
    dns.publish(service, [cname(zone, "web.dev"), address(zone, "dev", "192.0.2.1")])
    assert set(zone.summary()) >= {("cname-web.dev", "TXT"), ("a-_apex.dev", "TXT")}
    assert len(dns.records(environment)) == 4
    dns.withdraw(environment)
    assert zone.contents() == before


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (DnsRecord("web.elsewhere.test", "A", ("192.0.2.1",)), "not below the domain"),
        (DnsRecord("web.ZONE", "A", ("lb.example.net",)), "A record web"),
        (DnsRecord("web.ZONE", "A", ("192.0.2.300",)), "A record web"),
        (DnsRecord("web.ZONE", "AAAA", ("192.0.2.1",)), "AAAA record web"),
        (DnsRecord("web.ZONE", "CNAME", ("a.test", "b.test")), "it has 2 values"),
        (DnsRecord("web.ZONE", "CNAME", ()), "it has 0 values"),
        (DnsRecord("ZONE", "CNAME", ("a.test",)), "name of its zone"),
        (DnsRecord(f"{'x' * 60}.ZONE", "CNAME", ("a.test",)), "too long"),
    ],
)
def test_refuses_what_dns_can_not_hold(
    dns: Route53Zone, zone: TestZone, service: ServiceRef, record: DnsRecord, reason: str
) -> None:
    asked = DnsRecord(record.name.replace("ZONE", zone.name), record.type, record.values)
    with pytest.raises(Permanent, match=reason):
        dns.publish(service, [asked])
    assert zone.contents() == []


def test_without_domain_or_zone(dns: Route53Zone, zone: TestZone) -> None:
    nowhere = make_environment("e-nowhere", "no.such.zone.example")
    without = make_environment("e-without")
    for environment in (nowhere, without):
        dns.publish(make_service(environment), [])
        dns.withdraw(environment)
        assert dns.records(environment) == []
    with pytest.raises(Permanent, match="no public hosted zone"):
        dns.publish(make_service(nowhere), [DnsRecord("web.no.such.zone.example", "A", ("192.0.2.1",))])
    with pytest.raises(Permanent, match="no domain"):
        dns.publish(make_service(without), [cname(zone, "web")])


def test_two_zones_of_one_name_are_ambiguous(
    dns: Route53Zone, clients: AwsClients, zone: TestZone, service: ServiceRef
) -> None:
    make_zone(clients.route53, zone.name)
    with pytest.raises(Permanent, match="several public hosted zones"):
        dns.publish(service, [cname(zone, "web")])


def test_many_records_by_pages_and_batches(
    dns: Route53Zone, zone: TestZone, environment: EnvironmentRef, service: ServiceRef, proxy: FaultProxy
) -> None:
    zone.change("CREATE", "kept", "A", "192.0.2.9")
    before = zone.contents()
    dns.publish(service, [address(zone, f"web-{number}", "192.0.2.1") for number in range(600)])
    assert proxy.count("ChangeResourceRecordSets") >= 2
    assert len(dns.records(environment)) == 1200
    dns.withdraw(environment)
    assert zone.contents() == before
