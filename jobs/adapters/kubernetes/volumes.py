"""Persistent volumes: what is behind the claims, and may outlive them and their namespace.

They belong to no namespace. Before a claim goes, our labels are put on its volume, so that it can still be found; a
volume to be retained is told to outlive its claim.
"""

from collections.abc import Sequence

from jobs.adapters.kubernetes.api import MERGE, Api
from jobs.adapters.kubernetes.json import annotations_of, labels_of, part, uid_of
from jobs.adapters.kubernetes.kinds import CLAIM, PERSISTENT_VOLUME
from jobs.adapters.kubernetes.labels import (
    ENVIRONMENT,
    INSTALLATION,
    MANAGED_BY,
    MANAGER,
    ON_DELETE,
    SERVICE,
    query,
)
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.parallel import in_parallel
from jobs.errors import Permanent, Transient
from jobs.ports import EnvironmentRef, ServiceRef

_RETAIN = "Retain"
#: The marks of a claim that its volume gets too.
_OF_THE_CLAIM = (ENVIRONMENT, SERVICE, INSTALLATION)


def volume_of(api: Api, claim: Found) -> Found | None:
    """The volume that is bound to the claim."""
    whole = api.find(claim.path)
    name = part(whole or {}, "spec").get("volumeName")
    volume = api.find(PERSISTENT_VOLUME.path(name=name)) if name else None
    if volume is None or part(volume, "spec", "claimRef").get("uid") != claim.uid:
        return None
    return Found(PERSISTENT_VOLUME, volume)


def mark_volumes(api: Api, found: Sequence[Found]) -> None:
    """Marks the volumes of the claims among these as ours. Raises Permanent, Transient before any claim goes."""
    claims = [one for one in found if one.kind == CLAIM and ENVIRONMENT in labels_of(one.thing)]
    for answer in in_parallel(lambda claim: _mark(api, claim), claims):
        if isinstance(answer, (Permanent, Transient)):
            raise answer


def _mark(api: Api, claim: Found) -> None:
    volume = volume_of(api, claim)
    if volume is None:
        return
    labels = {name: value for name, value in labels_of(claim.thing).items() if name in _OF_THE_CLAIM}
    labels[MANAGED_BY] = MANAGER
    annotations = {ON_DELETE: annotations_of(claim.thing).get(ON_DELETE, "DELETE")}
    policy = {"persistentVolumeReclaimPolicy": _RETAIN} if claim.retained else {}
    body = {"metadata": {"uid": volume.uid, "labels": labels, "annotations": annotations}, "spec": policy}
    already = labels_of(volume.thing).items() >= labels.items() and volume.retained == claim.retained
    if not already or (claim.retained and _policy(volume) != _RETAIN):
        api.call("PATCH", volume.path, body=body, content_type=MERGE)


def our_volumes(api: Api, environment: EnvironmentRef, service: ServiceRef | None) -> list[Found]:
    """The volumes that were marked as ours, unless somebody else uses them now."""
    things = api.items(PERSISTENT_VOLUME.path(), query={"labelSelector": query(environment, service)})
    return [
        Found(PERSISTENT_VOLUME, thing)
        for thing in things
        if part(thing, "spec", "claimRef").get("namespace") == environment.namespace and uid_of(thing)
    ]


def abandoned(volume: Found) -> bool:
    """Whether its claim is gone and nothing in the cluster will remove it: we do."""
    return part(volume.thing, "status").get("phase") == "Released" and _policy(volume) == _RETAIN


def state_of(volume: Found) -> str:
    """What it waits for, for a message."""
    status = part(volume.thing, "status")
    said = f": {status['message']}" if status.get("message") else ""
    return f"is {status.get('phase', 'there')} with reclaim policy {_policy(volume)}{said}"


def _policy(volume: Found) -> str:
    return part(volume.thing, "spec").get("persistentVolumeReclaimPolicy", "")
