"""How a service is reached: from its namespace by its name, from outside by its hostnames."""

from collections.abc import Iterable

from jobs.adapters.kubernetes.json import JsonObject, without_nothing
from jobs.adapters.kubernetes.kinds import INGRESS, SERVICE
from jobs.adapters.kubernetes.labels import selector
from jobs.adapters.kubernetes.manifests.marking import marked
from jobs.ports import Desired, ServiceRef
from models.configuration import IngressRule
from models.names import hostname
from models.vocabulary import ServiceKind


def services(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    """A StatefulSet needs a headless Service even where it has no ports."""
    ports = [
        {"name": port.name, "port": port.number, "targetPort": port.name, "protocol": "TCP"}
        for port in desired.configuration.networking.ports
    ]
    headless = service.kind is ServiceKind.DATASOURCE
    if not ports and not headless:
        return []
    spec = without_nothing(
        type="ClusterIP",
        clusterIP="None" if headless else None,
        selector=selector(service),
        ports=ports,
    )
    return [marked(SERVICE, service, desired, {"spec": spec})]


def ingresses(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    """One for all hosts. A service in an environment without a domain has no hosts."""
    domain = service.environment.domain
    if domain is None or not desired.configuration.networking.ingress:
        return []
    rules_of: dict[str, list[IngressRule]] = {}
    for rule in desired.configuration.networking.ingress:
        rules_of.setdefault(hostname(rule.host, domain), []).append(rule)
    spec = without_nothing(
        rules=[{"host": host, "http": {"paths": _paths(service, rules)}} for host, rules in rules_of.items()],
        tls=[
            {"hosts": [host], "secretName": certificate_name(host)}
            for host, rules in rules_of.items()
            if any(rule.tls for rule in rules)
        ],
    )
    return [marked(INGRESS, service, desired, {"spec": spec})]


def certificate_name(host: str) -> str:
    """The Secret with the certificate of a host. Others make it; services that share a host share it."""
    return f"{host}.tls"


def _paths(service: ServiceRef, rules: Iterable[IngressRule]) -> list[JsonObject]:
    return [
        {
            "path": rule.path,
            "pathType": "Prefix",
            "backend": {"service": {"name": service.name, "port": {"name": rule.port}}},
        }
        for rule in rules
    ]
