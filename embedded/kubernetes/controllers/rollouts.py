"""How many pods of which ReplicaSet a Deployment wants next, so that never too many and never too few run."""

import math
from dataclasses import dataclass

from embedded.kubernetes.objects import Object, part, uid_of


@dataclass(frozen=True)
class Bounds:
    """How many pods more and how many fewer than asked for a rollout may run."""

    surge: int
    unavailable: int


def bounds(deployment: Object) -> Bounds:
    spec = part(deployment, "spec")
    rolling = part(spec, "strategy", "rollingUpdate")
    replicas = spec["replicas"]
    if part(spec, "strategy").get("type") == "Recreate":
        return Bounds(0, replicas)
    surge = _amount(rolling.get("maxSurge", 0), replicas, up=True)
    unavailable = _amount(rolling.get("maxUnavailable", 0), replicas, up=False)
    return Bounds(surge, unavailable if surge or unavailable else 1)


def next_scales(deployment: Object, new: Object, old: list[Object]) -> dict[str, int]:
    """The wanted replicas of each ReplicaSet, by uid."""
    wanted = deployment["spec"]["replicas"]
    scales = {uid_of(one): _asked(one) for one in (new, *old)}
    if part(deployment, "spec", "strategy").get("type") == "Recreate":
        scales |= {uid_of(one): 0 for one in old}
        if not any(_running(one) for one in old):
            scales[uid_of(new)] = wanted
        return scales
    limits = bounds(deployment)
    total = sum(scales.values())
    if _asked(new) < wanted:
        scales[uid_of(new)] = _asked(new) + max(0, min(wanted - _asked(new), wanted + limits.surge - total))
    else:
        scales[uid_of(new)] = wanted
    _shrink(scales, wanted - limits.unavailable, new, old)
    return scales


def _shrink(scales: dict[str, int], least: int, new: Object, old: list[Object]) -> None:
    """Takes from the old ones: first pods that don't run anyway, then as many as leaves `least` available."""
    lacking = _asked(new) - _available(new)
    spare = max(0, _asked(new) + sum(_asked(one) for one in old) - least - lacking)
    for one in old:
        unhealthy = min(spare, max(0, scales[uid_of(one)] - _available(one)))
        scales[uid_of(one)] -= unhealthy
        spare -= unhealthy
    spare = max(0, _available(new) + sum(min(scales[uid_of(one)], _available(one)) for one in old) - least)
    for one in old:
        less = min(spare, scales[uid_of(one)])
        scales[uid_of(one)] -= less
        spare -= less


def _amount(value: int | str, replicas: int, *, up: bool) -> int:
    if isinstance(value, int):
        return value
    share = int(value.rstrip("%")) * replicas / 100
    return math.ceil(share) if up else math.floor(share)


def _asked(replica_set: Object) -> int:
    return part(replica_set, "spec").get("replicas", 0)


def _running(replica_set: Object) -> int:
    return part(replica_set, "status").get("replicas", 0)


def _available(replica_set: Object) -> int:
    return part(replica_set, "status").get("availableReplicas", 0)
