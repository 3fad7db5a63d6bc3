"""Rollouts of StatefulSets."""

from jobs.adapters.kubernetes.json import JsonObject, labels_of, metadata, owned_by, part, uid_of
from jobs.adapters.kubernetes.rollout.progress import Progress

_POD_REVISION = "controller-revision-hash"


def stateful_set_progress(stateful_set: JsonObject) -> Progress:
    spec, status = part(stateful_set, "spec"), part(stateful_set, "status")
    total = int(spec.get("replicas", 1))
    if status.get("observedGeneration", 0) < metadata(stateful_set).get("generation", 0):
        return Progress("its controller has not seen the change yet", total=total, observed=False)
    same = status.get("currentRevision") == status.get("updateRevision")
    # the controller counts the updated only while there are two revisions
    updated = int(status.get("replicas", 0)) if same else int(status.get("updatedReplicas", 0))
    available = int(status.get("availableReplicas", status.get("readyReplicas", 0)))
    done = min(updated, available)
    if updated < total:
        return Progress(f"{updated} of {total} pods are updated", done, total)
    if available < total:
        return Progress(f"{available} of {total} pods are available", done, total)
    if not same:
        return Progress("its controller has not ended the update yet", done, total)
    return Progress("it is done", total, total, complete=True)


def pods_of_stateful_set(stateful_set: JsonObject, pods: list[JsonObject]) -> list[JsonObject]:
    """Those of the revision that it is updated to."""
    revision = part(stateful_set, "status").get("updateRevision")
    return [pod for pod in owned_by(pods, uid_of(stateful_set)) if labels_of(pod).get(_POD_REVISION) == revision]
