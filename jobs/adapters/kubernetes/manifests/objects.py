"""All objects of a service."""

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.kinds import APPLIED, kind_of
from jobs.adapters.kubernetes.manifests.networking import ingresses, services
from jobs.adapters.kubernetes.manifests.scaling import autoscalers, disruption_budgets
from jobs.adapters.kubernetes.manifests.variables import config_maps, secrets
from jobs.adapters.kubernetes.manifests.volumes import claims
from jobs.adapters.kubernetes.manifests.workloads import workload
from jobs.ports import Desired, ServiceRef


def objects_of(service: ServiceRef, desired: Desired) -> list[JsonObject]:
    """Every object that the service should have, in the order of `kinds.APPLIED`.

    All but the claims are called like the service, of which there is one in a namespace.
    """
    objects = [
        *config_maps(service, desired),
        *secrets(service, desired),
        *claims(service, desired),
        *services(service, desired),
        workload(service, desired),
        *autoscalers(service, desired),
        *disruption_budgets(service, desired),
        *ingresses(service, desired),
    ]
    return sorted(objects, key=lambda one: APPLIED.index(kind_of(one["kind"])))
