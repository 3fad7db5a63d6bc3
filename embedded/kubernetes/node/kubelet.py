"""The controller of pods: gives each one a node and walks it through its life."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.controllers.deadlines import Deadlines
from embedded.kubernetes.controllers.loop import Key, itself
from embedded.kubernetes.deleting import DeleteOptions, delete
from embedded.kubernetes.history import Change
from embedded.kubernetes.node.containers import CRASH_LOOP, NO_IMAGE, PULL_BACK_OFF, waits_for
from embedded.kubernetes.node.pods import next_step, scheduled_status
from embedded.kubernetes.objects import (
    Object,
    is_deleting,
    metadata,
    name_of,
    namespace_of,
    part,
    parts,
    uid_of,
    value_at,
)

NODE = "embedded-node"
_PODS = "pods"
#: What a pod may wait for.
_REFERRED = ("configmaps", "secrets")


class Kubelet:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._resource = cluster.resources.named(_PODS)
        #: The next step of each pod, and its end.
        self._due = Deadlines()

    def concerned(self, change: Change) -> Iterable[Key]:
        if change.resource.name in _REFERRED and change.type != "DELETED":
            pods = self._cluster.store.all(_PODS, namespace_of(change.object))
            return [(namespace_of(pod), name_of(pod)) for pod in pods if value_at(pod, "status", "phase") == "Pending"]
        if change.type == "DELETED" and change.resource.name == _PODS:
            self._due.forget(_step_of(change.object), _end_of(change.object))
            return []
        return itself(change, _PODS)

    def reconcile(self, key: Key) -> float | None:
        pod = self._cluster.store.get(_PODS, *key)
        if pod is None:
            return None
        if is_deleting(pod):
            return self._stop(pod)
        if not value_at(pod, "spec", "nodeName"):
            return self._schedule(pod)
        if value_at(pod, "status", "phase") in ("Succeeded", "Failed"):
            return None
        return self._due.left(_step_of(pod)) or self._step(pod)

    def _schedule(self, pod: Object) -> float:
        spec = {**part(pod, "spec"), "nodeName": NODE}
        bound = self._cluster.store.put(self._resource, {**pod, "spec": spec, "status": scheduled_status(pod)})
        message = f"Successfully assigned {namespace_of(pod)}/{name_of(pod)} to {NODE}"
        self._cluster.events.record(bound, "Normal", "Scheduled", message, "default-scheduler")
        return self._due.left(_step_of(bound), self._cluster.timing.pod_start)

    def _step(self, pod: Object) -> float | None:
        step = next_step(pod, self._cluster.store, self._cluster.timing)
        self._due.forget(_step_of(pod))
        if step.seconds is not None:
            self._due.start(_step_of(pod), step.seconds)
        if step.status != pod.get("status"):
            changed = self._cluster.set_status(_PODS, pod, step.status)
            self._tell(pod, changed)
        return step.seconds

    def _stop(self, pod: Object) -> float | None:
        """The pod ends a moment after it was asked to, and sooner if its grace period is over."""
        grace = metadata(pod).get("deletionGracePeriodSeconds") or 0
        if left := self._due.left(_end_of(pod), min(grace, self._cluster.timing.pod_stop)):
            return left
        if grace:
            delete(self._cluster.store, self._resource, pod, DeleteOptions(grace_seconds=0))
        return None

    def _tell(self, before: Object, pod: Object) -> None:
        old = {one["name"]: one for one in _all_statuses(before)}
        for status in _all_statuses(pod):
            if status["state"] != old[status["name"]]["state"]:
                self._tell_container(pod, status)

    def _tell_container(self, pod: Object, status: Object) -> None:
        events, field = self._cluster.events, f"spec.containers{{{status['name']}}}"
        reason = waits_for(status)
        message = value_at(status, "state", "waiting", "message") or ""
        if "running" in status["state"]:
            events.record(pod, "Normal", "Started", f"Started container {status['name']}", "kubelet", field)
        elif reason == NO_IMAGE:
            text = f'Failed to pull image "{status["image"]}": {message}'
            events.record(pod, "Warning", "Failed", text, "kubelet", field)
        elif reason == PULL_BACK_OFF:
            events.record(pod, "Normal", "BackOff", message, "kubelet", field)
            events.record(pod, "Warning", "Failed", "Error: ImagePullBackOff", "kubelet", field)
        elif reason == CRASH_LOOP:
            text = f"Back-off restarting failed container {status['name']} in pod {name_of(pod)}"
            events.record(pod, "Warning", "BackOff", text, "kubelet", field)
        elif reason == "CreateContainerConfigError":
            events.record(pod, "Warning", "Failed", f"Error: {message}", "kubelet", field)


def _step_of(pod: Object) -> tuple[str, str]:
    return "step", uid_of(pod)


def _end_of(pod: Object) -> tuple[str, str]:
    return "end", uid_of(pod)


def _all_statuses(pod: Object) -> list[Object]:
    return [*parts(pod, "status", "initContainerStatuses"), *parts(pod, "status", "containerStatuses")]
