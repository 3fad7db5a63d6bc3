"""Rollouts of Deployments, judged as `kubectl rollout status` does."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.json import (
    JsonObject,
    annotations_of,
    condition,
    labels_of,
    metadata,
    owned_by,
    part,
    uid_of,
)
from jobs.adapters.kubernetes.kinds import REPLICA_SET
from jobs.adapters.kubernetes.labels import SERVICE
from jobs.adapters.kubernetes.rollout.pods import stays_refused
from jobs.adapters.kubernetes.rollout.progress import Progress

_REVISION = "deployment.kubernetes.io/revision"


def deployment_progress(deployment: JsonObject) -> Progress:
    spec, status = part(deployment, "spec"), part(deployment, "status")
    total = int(spec.get("replicas", 1))
    if status.get("observedGeneration", 0) < metadata(deployment).get("generation", 0):
        return Progress("its controller has not seen the change yet", total=total, observed=False)
    updated, available = int(status.get("updatedReplicas", 0)), int(status.get("availableReplicas", 0))
    old = int(status.get("replicas", 0)) - updated
    # those available may be old ones: as many as there are may not be counted for the new
    done = max(0, min(updated, available - max(old, 0)))
    if failure := _failure(deployment):
        return Progress("it failed", done, total, failure=failure)
    if updated < total:
        return Progress(f"{updated} of {total} pods are updated", done, total)
    if old > 0:
        return Progress(f"{old} old pods are still there", done, total)
    if available < updated:
        return Progress(f"{available} of {updated} updated pods are available", done, total)
    return Progress("it is done", total, total, complete=True)


def pods_of_deployment(api: Api, deployment: JsonObject, pods: list[JsonObject], namespace: str) -> list[JsonObject]:
    """Those of its current ReplicaSet."""
    revision = annotations_of(deployment).get(_REVISION)
    selector = f"{SERVICE}={labels_of(deployment)[SERVICE]}"
    sets = owned_by(api.items(REPLICA_SET.path(namespace), query={"labelSelector": selector}), uid_of(deployment))
    current = next((one for one in sets if annotations_of(one).get(_REVISION) == revision), None)
    return owned_by(pods, uid_of(current)) if current else []


def _failure(deployment: JsonObject) -> str | None:
    if part(deployment, "spec").get("paused"):
        return "It is paused: resume it with `kubectl rollout resume`."
    progressing = condition(deployment, "Progressing")
    if progressing.get("status") == "False":
        return f"{progressing.get('reason')}: {progressing.get('message')}"
    failing = condition(deployment, "ReplicaFailure")
    if failing.get("status") == "True" and stays_refused(failing.get("message", "")):
        return f"{failing.get('reason')}: {failing.get('message')}"
    return None
