"""Deletes what lost its owner, and lets owners go when what they own is gone."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.loop import Key
from embedded.kubernetes.deleting import FOREGROUND, ORPHAN, DeleteOptions, delete, release
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, finalizers_of, is_deleting, owners_of, uid_of
from embedded.kubernetes.resources import Resource


class GarbageCollector:
    """Its keys are uids."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._store = cluster.store

    def concerned(self, change: Change) -> Iterable[Key]:
        uid = uid_of(change.object)
        if change.type == "DELETED":
            owners = [owner["uid"] for owner in owners_of(change.object)]
            return [("", one) for one in (*owners, *self._dependents(uid))]
        if is_deleting(change.object) and self._waits(change.object):
            return [("", one) for one in (uid, *self._dependents(uid))]
        return [("", uid)] if owners_of(change.object) else []

    def reconcile(self, key: Key) -> float | None:
        found = self._store.by_uid(key[1])
        if found is None:
            return None
        self._look_at(*found)
        return None

    def _look_at(self, resource: Resource, thing: Object) -> None:
        if is_deleting(thing) and ORPHAN in finalizers_of(thing):
            self._orphan(resource, thing)
        elif is_deleting(thing) and FOREGROUND in finalizers_of(thing):
            self._end_foreground(resource, thing)
        if self._store.by_uid(uid_of(thing)) and owners_of(thing):
            self._look_at_owners(resource, thing)

    def _look_at_owners(self, resource: Resource, thing: Object) -> None:
        solid = [owner for owner in owners_of(thing) if self._is_solid(owner)]
        if len(solid) == len(owners_of(thing)):
            return
        if solid:
            self._keep_owners(resource, thing, solid)
        elif not is_deleting(thing):
            waited_for = any(self._store.by_uid(owner["uid"]) for owner in owners_of(thing))
            foreground = waited_for and bool(self._dependents(uid_of(thing)))
            policy = "Foreground" if foreground or FOREGROUND in finalizers_of(thing) else "Background"
            if ORPHAN in finalizers_of(thing):
                policy = "Orphan"
            delete(self._store, resource, thing, DeleteOptions(policy, uid=uid_of(thing)))

    def _is_solid(self, owner: Object) -> bool:
        """Whether an owner is there, and not waiting for what it owns to go first."""
        found = self._store.by_uid(owner["uid"])
        if found is None:
            return False
        return not (is_deleting(found[1]) and FOREGROUND in finalizers_of(found[1]))

    def _orphan(self, resource: Resource, owner: Object) -> None:
        for kind, dependent in self._store.dependents(uid_of(owner)):
            left = [one for one in owners_of(dependent) if one["uid"] != uid_of(owner)]
            self._keep_owners(kind, dependent, left)
        release(self._store, resource, owner, ORPHAN)

    def _end_foreground(self, resource: Resource, owner: Object) -> None:
        for _, dependent in self._store.dependents(uid_of(owner)):
            if any(one["uid"] == uid_of(owner) and one.get("blockOwnerDeletion") for one in owners_of(dependent)):
                return
        release(self._store, resource, owner, FOREGROUND)

    def _keep_owners(self, resource: Resource, thing: Object, owners: list[Object]) -> None:
        own = {name: value for name, value in thing["metadata"].items() if name != "ownerReferences"}
        if owners:
            own["ownerReferences"] = owners
        self._store.put(resource, {**thing, "metadata": own})

    def _dependents(self, uid: str) -> list[str]:
        return [uid_of(thing) for _, thing in self._store.dependents(uid)]

    @staticmethod
    def _waits(thing: Object) -> bool:
        return FOREGROUND in finalizers_of(thing) or ORPHAN in finalizers_of(thing)
