"""Runs DaemonSets: one pod, for there is one node."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.children import active, children, pod_of, ready_and_available
from embedded.kubernetes.controllers.loop import RETRY_SECONDS, Key, its_controller, itself
from embedded.kubernetes.controllers.revisions import HASH, current_revision, forget_history
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, is_deleting, labels_of, metadata, name_of, namespace_of, part

_DAEMON_SETS = "daemonsets.apps"


class DaemonSets:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == "pods":
            return its_controller(change, self._cluster, _DAEMON_SETS)
        return itself(change, _DAEMON_SETS)

    def reconcile(self, key: Key) -> float | None:
        daemon_set = self._cluster.store.get(_DAEMON_SETS, *key)
        if daemon_set is None or is_deleting(daemon_set):
            return None
        revision = labels_of(current_revision(self._cluster, daemon_set))[HASH]
        pods = children(self._cluster, "pods", daemon_set)
        for pod in active(pods):
            outdated = labels_of(pod).get(HASH) != revision
            if outdated and part(daemon_set, "spec", "updateStrategy")["type"] == "RollingUpdate":
                self._cluster.delete("pods", pod)
        try:
            if not pods:
                template = part(daemon_set, "spec", "template")
                self._cluster.create(
                    "pods", namespace_of(daemon_set), pod_of(daemon_set, template, labels={HASH: revision})
                )
        except ApiError as refusal:
            message = f"Error creating: {refusal}"
            self._cluster.events.record(daemon_set, "Warning", "FailedCreate", message, "daemonset-controller")
            return RETRY_SECONDS
        return self._tell(daemon_set, revision)

    def _tell(self, daemon_set: Object, revision: str) -> float | None:
        pods = active(children(self._cluster, "pods", daemon_set))
        ready, available, seconds = ready_and_available(pods, part(daemon_set, "spec").get("minReadySeconds", 0))
        status: Object = {
            "observedGeneration": metadata(daemon_set).get("generation", 1),
            "currentNumberScheduled": len(pods),
            "desiredNumberScheduled": 1,
            "numberMisscheduled": 0,
            "numberReady": ready,
            "updatedNumberScheduled": sum(labels_of(pod).get(HASH) == revision for pod in pods),
            "numberAvailable": available,
        }
        self._cluster.set_status(_DAEMON_SETS, daemon_set, status)
        forget_history(self._cluster, daemon_set, {f"{name_of(daemon_set)}-{revision}"})
        return seconds
