"""Finds or makes a volume for each claim, lets it grow, and keeps claims that a pod uses."""

from collections.abc import Iterable

from embedded.kubernetes import quantities
from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import (
    Object,
    annotations_of,
    finalizers_of,
    is_deleting,
    metadata,
    name_of,
    namespace_of,
    part,
    parts,
    uid_of,
    value_at,
)

CLAIMS, VOLUMES = "persistentvolumeclaims", "persistentvolumes"
CLAIM_IN_USE, VOLUME_IN_USE = "kubernetes.io/pvc-protection", "kubernetes.io/pv-protection"
_CLASSES = "storageclasses.storage.k8s.io"
_COMPONENT = "persistentvolume-controller"
_BOUND = {"pv.kubernetes.io/bind-completed": "yes"}


class Claims:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name in (_CLASSES, VOLUMES) and change.type != "DELETED":
            claims = self._cluster.store.all(CLAIMS)
            return [
                (namespace_of(one), name_of(one)) for one in claims if part(one, "status").get("phase") == "Pending"
            ]
        if change.resource.name == "pods":
            return [(namespace_of(change.object), name) for name in _claims_of(change.object)]
        return itself(change, CLAIMS)

    def reconcile(self, key: Key) -> float | None:
        claim = self._cluster.store.get(CLAIMS, *key)
        if claim is None:
            return None
        if is_deleting(claim):
            self._let_go(claim)
        elif part(claim, "status").get("phase") == "Pending":
            self._bind(claim)
        else:
            self._grow(claim)
        return None

    def _let_go(self, claim: Object) -> None:
        users = [
            pod for pod in self._cluster.store.all("pods", namespace_of(claim)) if name_of(claim) in _claims_of(pod)
        ]
        if CLAIM_IN_USE in finalizers_of(claim) and not any(_runs(pod) for pod in users):
            self._cluster.release(CLAIMS, claim, CLAIM_IN_USE)

    def _bind(self, claim: Object) -> None:
        named = part(claim, "spec").get("volumeName")
        volume = self._cluster.store.get(VOLUMES, "", named) if named else self._provisioned(claim)
        if volume is None:
            return
        owner = part(volume, "spec", "claimRef").get("uid")
        if owner not in (None, uid_of(claim)):
            message = f'volume "{name_of(volume)}" already bound to a different claim.'
            self._cluster.events.record(claim, "Warning", "FailedBinding", message, _COMPONENT)
            return
        resource = self._cluster.resources.named(VOLUMES)
        spec = {**part(volume, "spec"), "claimRef": _reference(claim)}
        bound = self._cluster.store.put(resource, {**volume, "spec": spec, "status": {"phase": "Bound"}})
        own = {**metadata(claim), "annotations": {**annotations_of(claim), **_BOUND}}
        changed = {**claim, "metadata": own, "spec": {**part(claim, "spec"), "volumeName": name_of(bound)}}
        changed["status"] = {
            "phase": "Bound",
            "accessModes": part(claim, "spec")["accessModes"],
            "capacity": part(bound, "spec")["capacity"],
        }
        self._cluster.store.put(self._cluster.resources.named(CLAIMS), changed)

    def _provisioned(self, claim: Object) -> Object | None:
        """A new volume of the claim's class; None, and an event, if there is no such class."""
        name = part(claim, "spec").get("storageClassName") or ""
        storage_class = self._cluster.store.get(_CLASSES, "", name) if name else None
        if storage_class is None:
            reason = "ProvisioningFailed" if name else "FailedBinding"
            message = f'storageclass.storage.k8s.io "{name}" not found'
            if not name:
                message = "no persistent volumes available for this claim and no storage class is set"
            self._cluster.events.record(claim, "Warning" if name else "Normal", reason, message, _COMPONENT)
            return None
        message = f"Successfully provisioned volume pvc-{uid_of(claim)}"
        self._cluster.events.record(claim, "Normal", "ProvisioningSucceeded", message, storage_class["provisioner"])
        return self._cluster.create(VOLUMES, "", _volume(claim, storage_class))

    def _grow(self, claim: Object) -> None:
        wanted = part(claim, "spec", "resources", "requests").get("storage", "0")
        has = part(claim, "status", "capacity").get("storage", "0")
        volume = self._cluster.store.get(VOLUMES, "", part(claim, "spec").get("volumeName", ""))
        if volume is None or quantities.parsed(wanted) <= quantities.parsed(has):
            return
        spec = {**part(volume, "spec"), "capacity": {"storage": wanted}}
        self._cluster.store.put(self._cluster.resources.named(VOLUMES), {**volume, "spec": spec})
        self._cluster.set_status(CLAIMS, claim, {**part(claim, "status"), "capacity": {"storage": wanted}})


def _volume(claim: Object, storage_class: Object) -> Object:
    spec = part(claim, "spec")
    own: Object = {
        "name": f"pvc-{uid_of(claim)}",
        "annotations": {"pv.kubernetes.io/provisioned-by": storage_class["provisioner"]},
    }
    volume = {
        "accessModes": spec["accessModes"],
        "capacity": {"storage": spec["resources"]["requests"]["storage"]},
        "claimRef": _reference(claim),
        "csi": {"driver": storage_class["provisioner"], "volumeHandle": uid_of(claim)},
        "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
        "storageClassName": name_of(storage_class),
        "volumeMode": spec.get("volumeMode", "Filesystem"),
    }
    return {"metadata": own, "spec": volume}


def _reference(claim: Object) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "namespace": namespace_of(claim),
        "name": name_of(claim),
        "uid": uid_of(claim),
        "resourceVersion": metadata(claim)["resourceVersion"],
    }


def _claims_of(pod: Object) -> list[str]:
    volumes = parts(pod, "spec", "volumes")
    return [name for one in volumes if (name := value_at(one, "persistentVolumeClaim", "claimName"))]


def _runs(pod: Object) -> bool:
    return value_at(pod, "status", "phase") not in ("Succeeded", "Failed")
