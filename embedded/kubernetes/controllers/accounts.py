"""What every namespace has: the default service account, and the certificate of the cluster's authority."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.loop import Key
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, is_deleting, name_of, namespace_of

ACCOUNT, AUTHORITY = "default", "kube-root-ca.crt"
_OF_NAMESPACES = {("serviceaccounts", ACCOUNT), ("configmaps", AUTHORITY)}


class Accounts:
    def __init__(self, cluster: Cluster, authority: str) -> None:
        self._cluster = cluster
        self._objects: dict[str, Object] = {
            "serviceaccounts": {"metadata": {"name": ACCOUNT}},
            "configmaps": {"metadata": {"name": AUTHORITY}, "data": {"ca.crt": authority}},
        }

    def concerned(self, change: Change) -> Iterable[Key]:
        """They come back when somebody deletes them."""
        if change.resource.name == "namespaces" and change.type != "DELETED":
            return [("", name_of(change.object))]
        mine = (change.resource.name, name_of(change.object)) in _OF_NAMESPACES
        return [("", namespace_of(change.object))] if mine and change.type == "DELETED" else []

    def reconcile(self, key: Key) -> float | None:
        namespace = self._cluster.store.get("namespaces", *key)
        if namespace is None or is_deleting(namespace):
            return
        for kind, thing in self._objects.items():
            if not self._cluster.store.get(kind, name_of(namespace), name_of(thing)):
                self._cluster.create(kind, name_of(namespace), thing)
