"""What all workloads share: a selector that fits the template and never changes; Deployments' strategies."""

from collections.abc import Iterator

from embedded.kubernetes.admission.rules.metadata import check_labels
from embedded.kubernetes.admission.rules.pods import check_pod_spec
from embedded.kubernetes.causes import Cause, forbidden, immutable, required, unsupported, wrong
from embedded.kubernetes.objects import Object, part
from embedded.kubernetes.selectors import selects


def check_workload(workload: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(workload, "spec")
    yield from _check_counts(spec)
    selector = part(spec, "selector")
    labels = part(spec, "template", "metadata", "labels")
    yield from check_labels(labels, "spec.template.metadata.labels")
    if not spec.get("selector"):
        yield required("spec.selector")
    elif not selector.get("matchLabels") and not selector.get("matchExpressions"):
        yield wrong("spec.selector", selector, "empty selector is invalid for deployment")
    elif not selects(selector, labels):
        yield wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
    yield from check_pod_spec(part(spec, "template", "spec"), "spec.template.spec")
    policy = part(spec, "template", "spec").get("restartPolicy", "Always")
    if policy != "Always":
        yield unsupported("spec.template.spec.restartPolicy", policy, ("Always",))
    if before and part(before, "spec", "selector") != selector:
        yield immutable("spec.selector", selector)


def check_deployment(deployment: Object, before: Object | None) -> Iterator[Cause]:
    yield from check_workload(deployment, before)
    spec = part(deployment, "spec")
    kind, rolling = part(spec, "strategy").get("type"), part(spec, "strategy").get("rollingUpdate")
    if kind not in ("Recreate", "RollingUpdate"):
        yield unsupported("spec.strategy.type", kind, ("Recreate", "RollingUpdate"))
    elif kind == "Recreate" and rolling:
        yield forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
    elif rolling and all(_is_zero(rolling.get(name)) for name in ("maxSurge", "maxUnavailable")):
        field = "spec.strategy.rollingUpdate.maxUnavailable"
        yield wrong(field, rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0")
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None and deadline <= spec.get("minReadySeconds", 0):
        yield wrong("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


def _check_counts(spec: Object) -> Iterator[Cause]:
    for name in ("replicas", "minReadySeconds", "revisionHistoryLimit"):
        if spec.get(name, 0) < 0:
            yield wrong(f"spec.{name}", spec[name], "must be greater than or equal to 0")


def _is_zero(amount: int | str | None) -> bool:
    return str(amount).rstrip("%") == "0"
