"""DNS records of a service's hostnames."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, ip_address

from jobs.context import Done, Outcome, Skipped, StepContext
from jobs.ports import DnsRecord, Ports, ServiceRef
from models.configuration import ServiceConfiguration
from models.names import hostname


def publish(context: StepContext) -> Outcome:
    records = wanted_records(context.ports, context.service, context.configuration)
    context.ports.dns.publish(context.service, records)
    hosts = sorted({record.name for record in records})
    return Done("Published " + ", ".join(hosts) + ".", count=len(hosts)) if hosts else Skipped("No hostnames.")


def wanted_records(ports: Ports, service: ServiceRef, configuration: ServiceConfiguration) -> Sequence[DnsRecord]:
    """A record for each hostname, to the address configured for the cluster or published by its Ingress.

    Raises NotYet while an Ingress has none.
    """
    domain = service.environment.domain
    rules = configuration.networking.ingress
    hosts = sorted({hostname(rule.host, domain) for rule in rules}) if domain is not None else []
    if not hosts:
        return []
    if ports.ingress_address is not None:
        targets = {host: [ports.ingress_address] for host in hosts}
    else:
        published = ports.cluster.published_addresses(service)
        targets = {host: list(published[host]) for host in hosts}
    return [record for host in hosts for record in _records(host, targets[host])]


def _records(host: str, addresses: Iterable[str]) -> Sequence[DnsRecord]:
    """An address that is a name becomes a CNAME, IP addresses become A and AAAA."""
    by_type: dict[str, list[str]] = {}
    for address in addresses:
        by_type.setdefault(_type(address), []).append(address)
    if "CNAME" in by_type:  # a CNAME stands alone
        by_type = {"CNAME": sorted(by_type["CNAME"])[:1]}
    return [DnsRecord(host, kind, tuple(sorted(values))) for kind, values in sorted(by_type.items())]


def _type(address: str) -> str:
    try:
        return "A" if isinstance(ip_address(address), IPv4Address) else "AAAA"
    except ValueError:
        return "CNAME"
