"""Where the hostnames of a service can be reached."""

from collections.abc import Mapping, Sequence

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import JsonObject, name_of, part, parts
from jobs.adapters.kubernetes.kinds import INGRESS
from jobs.errors import Blocker, NotYet, Permanent
from jobs.ports import ServiceRef


def published_addresses(api: Api, service: ServiceRef) -> Mapping[str, Sequence[str]]:
    """As `Cluster.published_addresses`. Raises Permanent when there is no Ingress at all."""
    query = {"labelSelector": labels.query(service.environment, service)}
    ingresses = api.items(INGRESS.path(service.environment.namespace), query=query)
    if not ingresses:
        raise Permanent(f"Service {service.name} has no Ingress any more: update the service to have it made again.")
    waiting = [_blocker(ingress) for ingress in ingresses if not _addresses(ingress)]
    if waiting:
        names = ", ".join(blocker.name for blocker in waiting)
        raise NotYet(
            f"waiting until Ingress {names} publishes an address: its controller does that, or say `ingress_address` "
            "for the cluster",
            blockers=waiting,
        )
    found: dict[str, list[str]] = {}
    for ingress in ingresses:
        for rule in parts(ingress, "spec", "rules"):
            known = found.setdefault(rule.get("host", ""), [])
            known += [address for address in _addresses(ingress) if address not in known]
    return found


def _addresses(ingress: JsonObject) -> list[str]:
    points = parts(ingress, "status", "loadBalancer", "ingress")
    return [address for point in points if (address := point.get("hostname") or point.get("ip"))]


def _blocker(ingress: JsonObject) -> Blocker:
    of_class = part(ingress, "spec").get("ingressClassName") or "the default class"
    return Blocker("Ingress", name_of(ingress), f"has no address yet from the controller of {of_class}")
