"""Rolls Deployments out: a ReplicaSet for each template, the newest one grows while the others shrink."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.children import children
from embedded.kubernetes.controllers.deployment_status import next_status
from embedded.kubernetes.controllers.hashes import short_hash
from embedded.kubernetes.controllers.loop import RETRY_SECONDS, Key, its_controller, itself
from embedded.kubernetes.controllers.rollouts import bounds, next_scales
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import (
    Object,
    annotations_of,
    copied,
    is_deleting,
    made,
    metadata,
    name_of,
    namespace_of,
    owner_reference,
    part,
    uid_of,
)

_DEPLOYMENTS, _REPLICA_SETS = "deployments.apps", "replicasets.apps"
_HASH = "pod-template-hash"
_REVISION = "deployment.kubernetes.io/revision"
_COMPONENT = "deployment-controller"


class Deployments:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == _REPLICA_SETS:
            return its_controller(change, self._cluster, _DEPLOYMENTS)
        return itself(change, _DEPLOYMENTS)

    def reconcile(self, key: Key) -> float | None:
        deployment = self._cluster.store.get(_DEPLOYMENTS, *key)
        if deployment is None or is_deleting(deployment):
            return None
        replica_sets = children(self._cluster, _REPLICA_SETS, deployment)
        new = next((one for one in replica_sets if _template(one) == part(deployment, "spec", "template")), None)
        paused = bool(part(deployment, "spec").get("paused"))
        started = ""
        if new is None and not paused:
            try:
                new = self._create(deployment, replica_sets)
                started = f'Created new replica set "{name_of(new)}"'
            except ApiError as refusal:
                message = f"Failed to create new replica set: {refusal}"
                self._cluster.events.record(deployment, "Warning", "ReplicaSetCreateError", message, _COMPONENT)
                return RETRY_SECONDS
        if new is not None:
            if not started and _revision(new) <= _newest(one for one in replica_sets if uid_of(one) != uid_of(new)):
                started = f'Found new replica set "{name_of(new)}"'
            deployment, new = self._renumber(deployment, new, replica_sets)
            others = [one for one in replica_sets if uid_of(one) != uid_of(new)]
            new, others = self._scale(deployment, new, [one for one in others if not is_deleting(one)])
            self._forget_history(deployment, others)
            replica_sets = [new, *others]
        status, seconds = next_status(deployment, new, replica_sets, started)
        self._cluster.set_status(_DEPLOYMENTS, deployment, status)
        return seconds

    def _create(self, deployment: Object, others: list[Object]) -> Object:
        template = copied(part(deployment, "spec", "template"))
        digest = short_hash(template)
        made(template, "metadata", "labels")[_HASH] = digest
        selector = copied(part(deployment, "spec", "selector"))
        made(selector, "matchLabels")[_HASH] = digest
        spec = {"replicas": 0, "selector": selector, "template": template}
        if least := part(deployment, "spec").get("minReadySeconds"):
            spec["minReadySeconds"] = least
        own: Object = {
            "name": f"{name_of(deployment)}-{digest}",
            "labels": template["metadata"]["labels"],
            "annotations": {**annotations_of(deployment), _REVISION: str(_newest(others) + 1)},
            "ownerReferences": [owner_reference(deployment)],
        }
        return self._cluster.create(_REPLICA_SETS, namespace_of(deployment), {"metadata": own, "spec": spec})

    def _renumber(self, deployment: Object, new: Object, all_of_them: list[Object]) -> tuple[Object, Object]:
        """The template in use has the newest revision, also when it is an earlier one again."""
        newest = _newest(one for one in all_of_them if uid_of(one) != uid_of(new))
        if _revision(new) <= newest:
            new = self._annotate(_REPLICA_SETS, new, str(newest + 1))
        if annotations_of(deployment).get(_REVISION) != str(_revision(new)):
            deployment = self._annotate(_DEPLOYMENTS, deployment, str(_revision(new)))
        return deployment, new

    def _annotate(self, kind: str, thing: Object, revision: str) -> Object:
        own = {**thing["metadata"], "annotations": {**annotations_of(thing), _REVISION: revision}}
        return self._cluster.store.put(self._cluster.resources.named(kind), {**thing, "metadata": own})

    def _scale(self, deployment: Object, new: Object, old: list[Object]) -> tuple[Object, list[Object]]:
        scales = next_scales(deployment, new, old)
        scaled = [self._scale_one(deployment, one, scales[uid_of(one)]) for one in (new, *old)]
        return scaled[0], scaled[1:]

    def _scale_one(self, deployment: Object, replica_set: Object, replicas: int) -> Object:
        before = part(replica_set, "spec")["replicas"]
        if before == replicas:
            return replica_set
        direction = "up" if replicas > before else "down"
        message = f"Scaled {direction} replica set {name_of(replica_set)} from {before} to {replicas}"
        self._cluster.events.record(deployment, "Normal", "ScalingReplicaSet", message, _COMPONENT)
        most = deployment["spec"]["replicas"] + bounds(deployment).surge
        marks = {
            "deployment.kubernetes.io/desired-replicas": str(deployment["spec"]["replicas"]),
            "deployment.kubernetes.io/max-replicas": str(most),
        }
        own: Object = {
            **metadata(replica_set),
            "annotations": {**annotations_of(replica_set), **marks},
            "generation": metadata(replica_set).get("generation", 1) + 1,
        }
        spec = {**replica_set["spec"], "replicas": replicas}
        changed = {**replica_set, "metadata": own, "spec": spec}
        return self._cluster.store.put(self._cluster.resources.named(_REPLICA_SETS), changed)

    def _forget_history(self, deployment: Object, old: list[Object]) -> None:
        idle = [one for one in old if not part(one, "spec")["replicas"] and not part(one, "status").get("replicas")]
        kept = deployment["spec"].get("revisionHistoryLimit", 10)
        for one in sorted(idle, key=_revision)[: max(0, len(idle) - kept)]:
            self._cluster.delete(_REPLICA_SETS, one)


def _template(replica_set: Object) -> Object:
    """As the Deployment has it: without the mark of the ReplicaSet."""
    template = copied(part(replica_set, "spec", "template"))
    made(template, "metadata", "labels").pop(_HASH, None)
    return template


def _newest(replica_sets: Iterable[Object]) -> int:
    return max((_revision(one) for one in replica_sets), default=0)


def _revision(replica_set: Object) -> int:
    return int(annotations_of(replica_set).get(_REVISION, "0"))
