"""DNS records of a service's hostnames."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, ip_address

from jobs.context import Done, Outcome, Skipped, StepContext
from jobs.ports import DnsRecord
from models.names import hostname


def publish(context: StepContext) -> Outcome:
    """A record for each hostname, to the address configured for the cluster or published by its Ingress."""
    domain = context.environment.domain
    rules = context.configuration.networking.ingress
    hosts = sorted({hostname(rule.host, domain) for rule in rules}) if domain is not None else []
    if not hosts:
        context.ports.dns.publish(context.service, [])
        return Skipped("No hostnames.")
    if context.ports.ingress_address is not None:
        targets = {host: [context.ports.ingress_address] for host in hosts}
    else:
        published = context.ports.cluster.published_addresses(context.service)
        targets = {host: list(published[host]) for host in hosts}
    records = [record for host in hosts for record in _records(host, targets[host])]
    context.ports.dns.publish(context.service, records)
    return Done("Published " + ", ".join(hosts) + ".", count=len(hosts))


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
