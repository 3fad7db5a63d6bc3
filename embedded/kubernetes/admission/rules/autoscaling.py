"""HorizontalPodAutoscalers and PodDisruptionBudgets."""

from collections.abc import Iterator

from embedded.kubernetes.causes import Cause, required, wrong
from embedded.kubernetes.objects import Object, part


def check_autoscaler(autoscaler: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(autoscaler, "spec")
    target = part(spec, "scaleTargetRef")
    for name in ("kind", "name"):
        if not target.get(name):
            yield required(f"spec.scaleTargetRef.{name}")
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    if least < 1:
        yield wrong("spec.minReplicas", least, "must be greater than or equal to 1")
    if most < 1:
        yield wrong("spec.maxReplicas", most, "must be greater than 0")
    elif most < least:
        yield wrong("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")


def check_disruption_budget(budget: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(budget, "spec")
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield wrong("spec", spec, "minAvailable and maxUnavailable cannot be both set")
