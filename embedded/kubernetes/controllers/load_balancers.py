"""Gives LoadBalancer services an address, and cleans up behind them, after a while."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.addresses import address_of
from embedded.kubernetes.controllers.deadlines import Deadlines
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
        self._due = Deadlines()

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.type == "DELETED":
            self._due.forget(("provide", uid_of(change.object)), ("clean up", uid_of(change.object)))
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
        if left := self._due.left(("provide", uid_of(service)), self._cluster.timing.load_balancer):
            return left
        status = {"loadBalancer": {"ingress": [{**address_of(service), "ipMode": "VIP"}]}}
        self._cluster.set_status(_SERVICES, service, status)
        self._cluster.events.record(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer", _COMPONENT)
        return None

    def _clean_up(self, service: Object) -> float | None:
        if annotations_of(service).get(SIMULATE) == "stuck":
            return None
        if left := self._due.left(("clean up", uid_of(service)), self._cluster.timing.load_balancer):
            return left
        self._cluster.release(_SERVICES, self._cluster.set_status(_SERVICES, service, {"loadBalancer": {}}), CLEANUP)
        return None
