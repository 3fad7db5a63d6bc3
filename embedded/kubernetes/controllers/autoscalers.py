"""Keeps what an autoscaler scales within its bounds. There is no load, so that it never wants more."""

from collections.abc import Iterable

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import stated
from embedded.kubernetes.controllers.loop import Key, itself, key_of
from embedded.kubernetes.errors import ApiError
from embedded.kubernetes.history import Change
from embedded.kubernetes.objects import Object, is_deleting, name_of, namespace_of, part, timestamp
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.writing import Write

_AUTOSCALERS = "horizontalpodautoscalers.autoscaling"
_SCALER = Write("kube-controller-manager", "scale")
_COMPONENT = "horizontal-pod-autoscaler"


class Autoscalers:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def concerned(self, change: Change) -> Iterable[Key]:
        if "scale" not in change.resource.subresources:
            return itself(change, _AUTOSCALERS)
        namespace, name = key_of(change)
        wanted = (change.resource.kind, name)
        autoscalers = self._cluster.store.all(_AUTOSCALERS, namespace)
        return [(namespace, name_of(one)) for one in autoscalers if _target(one) == wanted]

    def reconcile(self, key: Key) -> float | None:
        autoscaler = self._cluster.store.get(_AUTOSCALERS, *key)
        if autoscaler is None or is_deleting(autoscaler):
            return
        reference = part(autoscaler, "spec", "scaleTargetRef")
        resource = self._cluster.resources.of_kind(reference.get("apiVersion", "apps/v1"), reference["kind"])
        found = resource and self._cluster.store.get(resource.name, namespace_of(autoscaler), reference["name"])
        if resource is None or not found:
            self._tell(autoscaler, None, 0, scaled=False)
            return
        has = part(found, "spec").get("replicas", 1)
        wants = _within(autoscaler, has)
        if wants != has:
            self._scale(autoscaler, resource, found, wants)
        self._tell(autoscaler, has, wants, scaled=wants != has)

    def _scale(self, autoscaler: Object, resource: Resource, target: Object, replicas: int) -> None:
        changed = {**target, "spec": {**target["spec"], "replicas": replicas}}
        try:
            self._cluster.writer.update(resource, target, changed, _SCALER)
        except ApiError as refusal:
            message = f"New size: {replicas}; error: {refusal}"
            self._cluster.events.record(autoscaler, "Warning", "FailedRescale", message, _COMPONENT)
            return
        message = f"New size: {replicas}; reason: Current number of replicas outside the bounds"
        self._cluster.events.record(autoscaler, "Normal", "SuccessfulRescale", message, _COMPONENT)

    def _tell(self, autoscaler: Object, has: int | None, wants: int, *, scaled: bool) -> None:
        status: Object = {"currentReplicas": has or 0, "desiredReplicas": wants}
        last = timestamp() if scaled else part(autoscaler, "status").get("lastScaleTime")
        if last:
            status["lastScaleTime"] = last
        if has is None:
            text = "the HPA controller was unable to get the target's current scale: not found"
            status["conditions"] = [stated(autoscaler, "AbleToScale", "False", "FailedGetScale", text)]
        else:
            text = "recommended size matches current size"
            able = stated(autoscaler, "AbleToScale", "True", "ReadyForNewScale", text)
            idle = stated(autoscaler, "ScalingActive", "False", "FailedGetResourceMetric", "no metrics known")
            status["conditions"] = [able, idle]
        self._cluster.set_status(_AUTOSCALERS, autoscaler, status)


def _within(autoscaler: Object, replicas: int) -> int:
    """Something scaled to 0 stays so: that switches autoscaling off."""
    spec = part(autoscaler, "spec")
    return replicas if not replicas else min(spec["maxReplicas"], max(spec.get("minReplicas", 1), replicas))


def _target(autoscaler: Object) -> tuple[str, str]:
    reference = part(autoscaler, "spec", "scaleTargetRef")
    return reference.get("kind", ""), reference.get("name", "")
