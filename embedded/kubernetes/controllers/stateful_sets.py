"""Runs StatefulSets: pods in order, each with its own volumes, replaced one by one from the last to the first."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.children import children, is_ready, ready_and_available, seconds_to_available
from embedded.kubernetes.controllers.loop import RETRY_SECONDS, Key, its_controller, itself
from embedded.kubernetes.controllers.revisions import current_revision, forget_history
from embedded.kubernetes.controllers.stateful_pods import (
    create_pod,
    delete_claims,
    ordinal_of,
    ordinals,
    revision_of,
)
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, is_deleting, metadata, name_of, part, value_at

_STATEFUL_SETS = "statefulsets.apps"
_COMPONENT = "statefulset-controller"


class StatefulSets:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name == "pods":
            return its_controller(change, self._cluster, _STATEFUL_SETS)
        return itself(change, _STATEFUL_SETS)

    def reconcile(self, key: Key) -> float | None:
        stateful_set = self._cluster.store.get(_STATEFUL_SETS, *key)
        if stateful_set is None or is_deleting(stateful_set):
            return None
        update = name_of(current_revision(self._cluster, stateful_set))
        current = part(stateful_set, "status").get("currentRevision") or update
        refused = False
        try:
            self._manage(stateful_set, current, update)
        except ApiError as refusal:
            refused = True
            message = f"create Pod in StatefulSet {name_of(stateful_set)} failed error: {refusal}"
            self._cluster.events.record(stateful_set, "Warning", "FailedCreate", message, _COMPONENT)
        seconds = self._tell(stateful_set, current, update)
        return RETRY_SECONDS if refused else seconds

    def _manage(self, stateful_set: Object, current: str, update: str) -> None:
        """Does what may be done now; with the policy OrderedReady one thing at a time."""
        spec = part(stateful_set, "spec")
        ordered = spec["podManagementPolicy"] == "OrderedReady"
        partition = part(spec, "updateStrategy", "rollingUpdate").get("partition", 0)
        pods = self._pods(stateful_set)
        for ordinal in ordinals(stateful_set):
            pod = pods.get(ordinal)
            if pod is None:
                create_pod(self._cluster, stateful_set, ordinal, update if ordinal >= partition else current)
            elif value_at(pod, "status", "phase") in ("Failed", "Succeeded") and not is_deleting(pod):
                self._cluster.delete("pods", pod)
            if ordered and (pod is None or not self._is_available(stateful_set, pod)):
                return
        if self._shrink(stateful_set, pods) and ordered:
            return
        if spec["updateStrategy"]["type"] == "RollingUpdate":
            self._replace(stateful_set, pods, update, partition)

    def _shrink(self, stateful_set: Object, pods: dict[int, Object]) -> bool:
        """Gives up the last pod that is too many. Tells whether there is one."""
        wanted = ordinals(stateful_set)
        extra = sorted((one for one in pods if one not in wanted), reverse=True)
        for ordinal in extra:
            if not is_deleting(pods[ordinal]):
                self._cluster.delete("pods", pods[ordinal])
                delete_claims(self._cluster, stateful_set, ordinal)
            if part(stateful_set, "spec")["podManagementPolicy"] == "OrderedReady":
                break
        return bool(extra)

    def _replace(self, stateful_set: Object, pods: dict[int, Object], update: str, partition: int) -> None:
        for ordinal in reversed(ordinals(stateful_set)):
            pod = pods.get(ordinal)
            if ordinal < partition or pod is None or is_deleting(pod):
                return
            if revision_of(pod) != update:
                self._cluster.delete("pods", pod)
                return
            if not self._is_available(stateful_set, pod):
                return

    def _is_available(self, stateful_set: Object, pod: Object) -> bool:
        least = part(stateful_set, "spec").get("minReadySeconds", 0)
        return not is_deleting(pod) and seconds_to_available(pod, least) == 0

    def _tell(self, stateful_set: Object, current: str, update: str) -> float | None:
        pods = list(self._pods(stateful_set).values())
        least = part(stateful_set, "spec").get("minReadySeconds", 0)
        living = [pod for pod in pods if not is_deleting(pod)]
        ready, available, seconds = ready_and_available(living, least)
        updated = sum(revision_of(pod) == update for pod in living)
        wanted = part(stateful_set, "spec")["replicas"]
        if updated == wanted == len(pods) and all(is_ready(pod) for pod in pods):
            current = update
        status: Object = {
            "observedGeneration": metadata(stateful_set).get("generation", 1),
            "replicas": len(pods),
            "availableReplicas": available,
            "currentRevision": current,
            "updateRevision": update,
            "collisionCount": 0,
        }
        counts = {
            "readyReplicas": ready,
            "currentReplicas": sum(revision_of(pod) == current for pod in living),
            "updatedReplicas": updated,
        }
        status |= {name: count for name, count in counts.items() if count}
        self._cluster.set_status(_STATEFUL_SETS, stateful_set, status)
        forget_history(self._cluster, stateful_set, {current, update, *map(revision_of, pods)})
        return seconds

    def _pods(self, stateful_set: Object) -> dict[int, Object]:
        return {ordinal_of(pod): pod for pod in children(self._cluster, "pods", stateful_set)}
