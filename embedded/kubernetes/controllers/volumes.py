"""What becomes of a volume whose claim is gone: it goes too, or stays, released, until somebody deletes it."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.claims import CLAIMS, VOLUME_IN_USE, VOLUMES
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import finalizers_of, is_deleting, name_of, part, uid_of


class Volumes:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == CLAIMS and change.type == "DELETED":
            uid = uid_of(change.object)
            volumes = self._cluster.store.all(VOLUMES)
            return [("", name_of(one)) for one in volumes if part(one, "spec", "claimRef").get("uid") == uid]
        return itself(change, VOLUMES)

    def reconcile(self, key: Key) -> float | None:
        volume = self._cluster.store.get(VOLUMES, *key)
        if volume is None:
            return
        uid = part(volume, "spec", "claimRef").get("uid")
        in_use = bool(uid) and self._cluster.store.by_uid(uid) is not None
        if is_deleting(volume):
            if not in_use and VOLUME_IN_USE in finalizers_of(volume):
                self._cluster.release(VOLUMES, volume, VOLUME_IN_USE)
        elif not uid:
            self._cluster.set_status(VOLUMES, volume, {"phase": "Available"})
        elif not in_use:
            volume = self._cluster.set_status(VOLUMES, volume, {"phase": "Released"})
            if part(volume, "spec").get("persistentVolumeReclaimPolicy") == "Delete":
                self._cluster.delete(VOLUMES, volume)
