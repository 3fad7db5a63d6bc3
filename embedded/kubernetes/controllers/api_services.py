"""Tells of each APIService whether the server behind it answers."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import stated
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.controllers.unavailable import API_SERVICES
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, part


class ApiServices:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        return itself(change, API_SERVICES)

    def reconcile(self, key: Key) -> float | None:
        api_service = self._cluster.store.get(API_SERVICES, *key)
        if api_service is not None:
            self._cluster.set_status(API_SERVICES, api_service, {"conditions": [self._availability(api_service)]})

    def _availability(self, api_service: Object) -> Object:
        service = part(api_service, "spec", "service")
        if not service:
            return stated(api_service, "Available", "True", "Local", "Local APIServices are always available")
        name, namespace = service.get("name", ""), service.get("namespace", "")
        if self._cluster.store.get("services", namespace, name):
            text = f"failing or missing response from https://{name}.{namespace}.svc: connection refused"
            return stated(api_service, "Available", "False", "FailedDiscoveryCheck", text)
        text = f'service/{name} in "{namespace}" is not present'
        return stated(api_service, "Available", "False", "ServiceNotFound", text)
