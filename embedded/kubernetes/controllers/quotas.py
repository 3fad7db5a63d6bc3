"""Tells in each quota how much of it is used."""

from collections.abc import Iterable

from embedded.kubernetes import quantities
from embedded.kubernetes.admission.quotas import used_in
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import name_of, namespace_of, part

_QUOTAS = "resourcequotas"


class Quotas:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == _QUOTAS:
            return itself(change, _QUOTAS)
        namespace = namespace_of(change.object)
        if not namespace or change.resource.name == "events":
            return []
        return [(namespace, name_of(one)) for one in self._cluster.store.all(_QUOTAS, namespace)]

    def reconcile(self, key: Key) -> float | None:
        quota = self._cluster.store.get(_QUOTAS, *key)
        if quota is None:
            return
        used = {name: quantities.written(amount) for name, amount in used_in(self._cluster.store, quota).items()}
        self._cluster.set_status(_QUOTAS, quota, {"hard": part(quota, "spec", "hard"), "used": used})
