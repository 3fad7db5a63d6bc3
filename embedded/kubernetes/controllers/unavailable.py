"""API versions that another server should serve and that nobody can reach: APIServices with a service.

Nothing runs in this cluster, so that every one of them is unavailable.
"""

from embedded.kubernetes.objects import Object, part
from embedded.kubernetes.store import Store

API_SERVICES = "apiservices.apiregistration.k8s.io"


def unavailable_services(store: Store) -> list[Object]:
    return [one for one in store.all(API_SERVICES) if part(one, "spec", "service")]


def unavailable_versions(store: Store) -> list[str]:
    return [f"{one['spec']['group']}/{one['spec']['version']}" for one in unavailable_services(store)]
