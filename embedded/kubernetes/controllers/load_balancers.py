"""Gives LoadBalancer services an address, and cleans up behind them, after a while."""

import time
from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.addresses import address_of
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, annotations_of, finalizers_of, is_deleting, part, parts, uid_of

CLEANUP = "service.kubernetes.io/load-balancer-cleanup"
#: An annotation of the service: `stuck` means that its cleanup never ends.
SIMULATE = "simulate/load-balancer"
_SERVICES = "services"
_COMPONENT = "service-controller"


class LoadBalancers:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._resource = cluster.resources.named(_SERVICES)
        #: By what is awaited and the service's uid, when it is due, on the monotonic clock.
        self._due: dict[tuple[str, str], float] = {}

    def concerned(self, change: Change) -> Iterable[Key]:
        return itself(change, _SERVICES)

    def reconcile(self, key: Key) -> float | None:
        service = self._cluster.store.get(_SERVICES, *key)
        if service is None:
            return None
        if part(service, "spec").get("type") == "LoadBalancer" and not is_deleting(service):
            return self._provide(service)
        if CLEANUP in finalizers_of(service):
            return self._clean_up(service)
        return None

    def _provide(self, service: Object) -> float | None:
        if CLEANUP not in finalizers_of(service):
            own = {**service["metadata"], "finalizers": [*finalizers_of(service), CLEANUP]}
            service = self._cluster.store.put(self._resource, {**service, "metadata": own})
            message = "Ensuring load balancer"
            self._cluster.events.record(service, "Normal", "EnsuringLoadBalancer", message, _COMPONENT)
        if parts(service, "status", "loadBalancer", "ingress"):
            return None
        if left := self._wait("provide", service):
            return left
        status = {"loadBalancer": {"ingress": [{**address_of(service), "ipMode": "VIP"}]}}
        self._cluster.set_status(_SERVICES, service, status)
        self._cluster.events.record(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer", _COMPONENT)
        return None

    def _clean_up(self, service: Object) -> float | None:
        if annotations_of(service).get(SIMULATE) == "stuck":
            return None
        if left := self._wait("clean up", service):
            return left
        self._cluster.release(_SERVICES, self._cluster.set_status(_SERVICES, service, {"loadBalancer": {}}), CLEANUP)
        return None

    def _wait(self, what: str, service: Object) -> float:
        """The seconds left; 0 once it is due."""
        now = time.monotonic()
        due = self._due.setdefault((what, uid_of(service)), now + self._cluster.timing.load_balancer)
        if due <= now:
            del self._due[what, uid_of(service)]
        return max(0.0, due - now)
