"""What a workload owns: finding it, adopting it, and making pods of a template."""

from embedded.kubernetes.cluster import Cluster
from embedded.kubernetes.conditions import condition, is_true
from embedded.kubernetes.objects import (
    Object,
    controller_of,
    copied,
    is_deleting,
    labels_of,
    metadata,
    moment_of,
    namespace_of,
    now,
    owner_reference,
    owners_of,
    part,
    uid_of,
    value_at,
)
from embedded.kubernetes.selectors import selects

#: How many pods a controller makes in one look: each of them causes the next look, and clients get their turn between.
BURST = 50


def children(cluster: Cluster, kind: str, owner: Object) -> list[Object]:
    """What `owner` controls of that kind. What its selector selects and nobody controls, it adopts."""
    things: list[Object] = []
    selector, may_adopt = part(owner, "spec", "selector"), not is_deleting(owner)
    for thing in cluster.store.all(kind, namespace_of(owner)):
        if controller_of(thing) == uid_of(owner):
            things.append(thing)
        elif may_adopt and not controller_of(thing) and not is_deleting(thing) and selects(selector, labels_of(thing)):
            things.append(_adopt(cluster, kind, thing, owner))
    return things


def pod_of(owner: Object, template: Object, *, name: str = "", labels: dict[str, str] | None = None) -> Object:
    """A pod of the template; with a generated name unless one is given."""
    own = copied({key: value for key, value in metadata(template).items() if key in ("labels", "annotations")})
    own["labels"] = {**own.get("labels", {}), **(labels or {})}
    own |= {"name": name} if name else {"generateName": f"{metadata(owner)['name']}-"}
    own["ownerReferences"] = [owner_reference(owner)]
    return {"metadata": own, "spec": copied(part(template, "spec"))}


def active(pods: list[Object]) -> list[Object]:
    """Those that neither ended nor were asked to."""
    return [
        pod for pod in pods if not is_deleting(pod) and value_at(pod, "status", "phase") not in ("Succeeded", "Failed")
    ]


def is_ready(pod: Object) -> bool:
    return is_true(pod, "Ready")


def seconds_to_available(pod: Object, min_ready: int) -> float | None:
    """0 if it has been ready long enough; None if it is not ready."""
    if not is_ready(pod):
        return None
    if not min_ready:
        return 0.0
    since = now() - moment_of(condition(pod, "Ready")["lastTransitionTime"])
    return max(0.0, min_ready - since.total_seconds())


def ready_and_available(pods: list[Object], min_ready: int) -> tuple[int, int, float | None]:
    """How many are ready, how many available, and the seconds until the next one becomes available."""
    pauses = [seconds for pod in pods if (seconds := seconds_to_available(pod, min_ready)) is not None]
    waiting = [seconds for seconds in pauses if seconds > 0]
    return len(pauses), len(pauses) - len(waiting), min(waiting, default=None)


def by_readiness(pods: list[Object]) -> list[Object]:
    """In the order in which they are given up: first what is not scheduled, then what is not ready, then the newest."""
    return sorted(pods, key=_worth)


def _worth(pod: Object) -> tuple[bool, bool, int]:
    return bool(value_at(pod, "spec", "nodeName")), is_ready(pod), -int(metadata(pod)["resourceVersion"])


def _adopt(cluster: Cluster, kind: str, thing: Object, owner: Object) -> Object:
    own = {**thing["metadata"], "ownerReferences": [*owners_of(thing), owner_reference(owner)]}
    return cluster.store.put(cluster.resources.named(kind), {**thing, "metadata": own})
