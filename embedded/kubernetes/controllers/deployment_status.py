"""What a Deployment says about its rollout."""

from embedded.kubernetes.conditions import condition, stated
from embedded.kubernetes.controllers.rollouts import bounds
from embedded.kubernetes.objects import Object, metadata, moment_of, name_of, now, part

_FAR = 2**31


def next_status(
    deployment: Object, new: Object | None, replica_sets: list[Object], started: str
) -> tuple[Object, float | None]:
    """The status, and the seconds until its deadline is over; None if there is none.

    `started` tells of the rollout that begins just now; empty if none does.
    """
    counts = _counts(new, replica_sets)
    status: Object = {
        "observedGeneration": metadata(deployment).get("generation", 1),
        **{name: count for name, count in counts.items() if count},
    }
    progress, seconds = _progress(deployment, new, counts, started)
    conditions = [_availability(deployment, counts), *([progress] if progress else [])]
    failures = [condition(one, "ReplicaFailure") for one in replica_sets if condition(one, "ReplicaFailure")]
    if failures:
        conditions.append(
            stated(deployment, "ReplicaFailure", "True", failures[0]["reason"], failures[0]["message"], updated=True)
        )
    return {**status, "conditions": conditions}, seconds


def _counts(new: Object | None, replica_sets: list[Object]) -> dict[str, int]:
    available = _sum(replica_sets, "availableReplicas")
    asked = sum(part(one, "spec").get("replicas", 0) for one in replica_sets)
    return {
        "replicas": _sum(replica_sets, "replicas"),
        "updatedReplicas": _sum([new] if new else [], "replicas"),
        "readyReplicas": _sum(replica_sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(0, asked - available),
    }


def _sum(replica_sets: list[Object], name: str) -> int:
    return sum(part(one, "status").get(name, 0) for one in replica_sets)


def _availability(deployment: Object, counts: dict[str, int]) -> Object:
    least = deployment["spec"]["replicas"] - bounds(deployment).unavailable
    if counts["availableReplicas"] >= least:
        text = "Deployment has minimum availability."
        return stated(deployment, "Available", "True", "MinimumReplicasAvailable", text, updated=True)
    text = "Deployment does not have minimum availability."
    return stated(deployment, "Available", "False", "MinimumReplicasUnavailable", text, updated=True)


def _progress(
    deployment: Object, new: Object | None, counts: dict[str, int], started: str
) -> tuple[Object | None, float | None]:
    spec, before = part(deployment, "spec"), condition(deployment, "Progressing")
    if new is None:
        paused = stated(deployment, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", updated=True)
        return paused, None
    deadline = spec.get("progressDeadlineSeconds", _FAR)
    if deadline == _FAR:
        return None, None
    called = f'ReplicaSet "{name_of(new)}"'
    wanted = spec["replicas"]
    if counts["updatedReplicas"] == counts["replicas"] == counts["availableReplicas"] == wanted:
        text = f"{called} has successfully progressed."
        return stated(deployment, "Progressing", "True", "NewReplicaSetAvailable", text, updated=True), None
    if started or not before:
        reason = "NewReplicaSetCreated" if started.startswith("Created") else "FoundNewReplicaSet"
        return _fresh(deployment, reason, started or f'Found new replica set "{name_of(new)}"'), deadline
    if _has_moved(part(deployment, "status"), counts):
        return _fresh(deployment, "ReplicaSetUpdated", f"{called} is progressing."), deadline
    if before["reason"] == "NewReplicaSetAvailable":
        # it was complete and lost pods since: no rollout, no deadline
        return before, None
    left = deadline - (now() - moment_of(before["lastUpdateTime"])).total_seconds()
    if left > 0:
        return before, left
    text = f"{called} has timed out progressing."
    return stated(deployment, "Progressing", "False", "ProgressDeadlineExceeded", text, updated=True), None


def _fresh(deployment: Object, reason: str, text: str) -> Object:
    """Progress starts the deadline anew, also when the condition says what it said before."""
    untouched = {**deployment, "status": Object()}
    told = stated(untouched, "Progressing", "True", reason, text, updated=True)
    before = condition(deployment, "Progressing")
    if before.get("status") == "True":
        told["lastTransitionTime"] = before["lastTransitionTime"]
    return told


def _has_moved(before: Object, counts: dict[str, int]) -> bool:
    """More updated, ready or available pods, or fewer old ones."""
    grown = any(
        counts[name] > before.get(name, 0) for name in ("updatedReplicas", "readyReplicas", "availableReplicas")
    )
    old = before.get("replicas", 0) - before.get("updatedReplicas", 0)
    return grown or counts["replicas"] - counts["updatedReplicas"] < old
