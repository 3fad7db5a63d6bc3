"""Publishes the address of each ingress, after a while."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.addresses import ingress_address
from embedded.kubernetes.controllers.deadlines import Deadlines
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import is_deleting, parts, uid_of

_INGRESSES = "ingresses.networking.k8s.io"


class Ingresses:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._due = Deadlines()

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.type == "DELETED":
            self._due.forget(uid_of(change.object))
        return itself(change, _INGRESSES)

    def reconcile(self, key: Key) -> float | None:
        ingress = self._cluster.store.get(_INGRESSES, *key)
        if ingress is None or is_deleting(ingress):
            return None
        address = ingress_address(ingress)
        wanted = [address] if address else []
        if parts(ingress, "status", "loadBalancer", "ingress") == wanted:
            self._due.forget(uid_of(ingress))
            return None
        if left := self._due.left(uid_of(ingress), self._cluster.timing.load_balancer):
            return left
        self._cluster.set_status(_INGRESSES, ingress, {"loadBalancer": {"ingress": wanted} if wanted else {}})
        return None
