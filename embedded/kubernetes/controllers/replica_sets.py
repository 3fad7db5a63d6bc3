"""Keeps as many pods as a ReplicaSet asks for."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import condition, is_true, stated
from embedded.kubernetes.controllers.children import BURST, active, by_readiness, children, pod_of, ready_and_available
from embedded.kubernetes.controllers.loop import RETRY_SECONDS, Key, its_controller, itself
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, is_deleting, labels_of, metadata, name_of, namespace_of, part

_REPLICA_SETS = "replicasets.apps"
_COMPONENT = "replicaset-controller"


class ReplicaSets:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == "pods":
            return its_controller(change, self._cluster, _REPLICA_SETS)
        return itself(change, _REPLICA_SETS)

    def reconcile(self, key: Key) -> float | None:
        replica_set = self._cluster.store.get(_REPLICA_SETS, *key)
        if replica_set is None:
            return None
        pods = active(children(self._cluster, "pods", replica_set))
        refusal = None if is_deleting(replica_set) else self._scale(replica_set, pods)
        pods = active(children(self._cluster, "pods", replica_set))
        ready, available, seconds = ready_and_available(pods, part(replica_set, "spec").get("minReadySeconds", 0))
        status: Object = {"replicas": len(pods), "observedGeneration": metadata(replica_set).get("generation", 1)}
        wanted = part(replica_set, "spec", "template", "metadata", "labels").items()
        counts = {
            "fullyLabeledReplicas": sum(wanted <= labels_of(pod).items() for pod in pods),
            "readyReplicas": ready,
            "availableReplicas": available,
        }
        status |= {name: count for name, count in counts.items() if count}
        if refusal:
            # told once, as Kubernetes does: the message of each try has another pod's name, and would lead to the next
            failing = condition(replica_set, "ReplicaFailure")
            status["conditions"] = [
                failing or stated(replica_set, "ReplicaFailure", "True", "FailedCreate", str(refusal))
            ]
        self._cluster.set_status(_REPLICA_SETS, replica_set, status)
        return RETRY_SECONDS if refusal else seconds

    def _scale(self, replica_set: Object, pods: list[Object]) -> ApiError | None:
        """Returns the refusal if pods are lacking that can't be made."""
        wanted = part(replica_set, "spec").get("replicas", 1)
        for pod in by_readiness(pods)[: max(0, len(pods) - wanted)]:
            self._cluster.delete("pods", pod)
            self._tell(replica_set, "SuccessfulDelete", f"Deleted pod: {name_of(pod)}")
        for _ in range(min(wanted - len(pods), BURST)):
            try:
                template = part(replica_set, "spec", "template")
                pod = self._cluster.create("pods", namespace_of(replica_set), pod_of(replica_set, template))
            except ApiError as refusal:
                if not is_true(replica_set, "ReplicaFailure"):
                    message = f"Error creating: {refusal}"
                    self._cluster.events.record(replica_set, "Warning", "FailedCreate", message, _COMPONENT)
                return refusal
            self._tell(replica_set, "SuccessfulCreate", f"Created pod: {name_of(pod)}")
        return None

    def _tell(self, replica_set: Object, reason: str, message: str) -> None:
        self._cluster.events.record(replica_set, "Normal", reason, message, _COMPONENT)
