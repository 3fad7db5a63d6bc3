"""Deleting: at once, or after a grace period, finalizers, dependents."""

from dataclasses import dataclass
from datetime import timedelta

from embedded.kubernetes.admission import webhooks
from embedded.kubernetes.errors import conflict, forbidden
from embedded.kubernetes.objects import (
    Object,
    finalizers_of,
    is_deleting,
    metadata,
    name_of,
    now,
    part,
    timestamp,
    value_at,
)
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.store import Store

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
_WAITING = {"Foreground": FOREGROUND, "Orphan": ORPHAN}
_PROTECTED = ("default", "kube-node-lease", "kube-public", "kube-system")


@dataclass(frozen=True)
class DeleteOptions:
    #: Foreground, Background, Orphan; empty for what the kind does by itself.
    propagation: str = ""
    grace_seconds: int | None = None
    uid: str = ""
    resource_version: str = ""
    dry_run: bool = False


def delete_options(sent: Object) -> DeleteOptions:
    orphan = sent.get("orphanDependents")
    older = {True: "Orphan", False: "Background"}.get(orphan, "") if orphan is not None else ""
    return DeleteOptions(
        sent.get("propagationPolicy") or older,
        sent.get("gracePeriodSeconds"),
        part(sent, "preconditions").get("uid") or "",
        part(sent, "preconditions").get("resourceVersion") or "",
        bool(sent.get("dryRun")),
    )


def delete(store: Store, resource: Resource, live: Object, options: DeleteOptions) -> Object:
    """The object as it is after: still there with a deletionTimestamp, or gone. Raises ApiError."""
    _check_preconditions(resource, live, options)
    webhooks.call(store, resource, live, live, "DELETE", "")
    if resource.name == "namespaces":
        return _terminate(store, resource, live, options)
    finalizers = _finalizers(resource, live, options)
    grace = _grace(resource, live, options)
    marked = _marked(live, grace)
    marked["metadata"]["finalizers"] = finalizers
    if not finalizers:
        del marked["metadata"]["finalizers"]
    if options.dry_run or marked == live:
        return marked
    if not finalizers and not grace:
        store.remove(resource, live)
        return marked
    return store.put(resource, marked)


def is_there(store: Store, resource: Resource, thing: Object) -> bool:
    found = store.by_uid(metadata(thing)["uid"])
    return found is not None and found[0].name == resource.name


def release(store: Store, resource: Resource, live: Object, finalizer: str) -> None:
    """Takes a finalizer off. What is being deleted goes when nothing else holds it."""
    left = [one for one in finalizers_of(live) if one != finalizer]
    if is_deleting(live) and not left and not metadata(live).get("deletionGracePeriodSeconds"):
        store.remove(resource, live)
        return
    own = {name: value for name, value in metadata(live).items() if name != "finalizers"}
    store.put(resource, {**live, "metadata": {**own, **({"finalizers": left} if left else {})}})


def _check_preconditions(resource: Resource, live: Object, options: DeleteOptions) -> None:
    own = metadata(live)
    if options.uid and options.uid != own["uid"]:
        why = f"Precondition failed: UID in precondition: {options.uid}, UID in object meta: {own['uid']}"
        raise conflict(resource, name_of(live), why)
    if options.resource_version and options.resource_version != own["resourceVersion"]:
        why = (
            f"Precondition failed: ResourceVersion in precondition: {options.resource_version}, "
            f"ResourceVersion in object meta: {own['resourceVersion']}"
        )
        raise conflict(resource, name_of(live), why)


def _terminate(store: Store, resource: Resource, live: Object, options: DeleteOptions) -> Object:
    """A namespace is emptied first, by its controller."""
    if name_of(live) in _PROTECTED:
        raise forbidden(resource, name_of(live), "this namespace may not be deleted")
    if is_deleting(live) or options.dry_run:
        return live
    marked = _marked(live, 0)
    del marked["metadata"]["deletionGracePeriodSeconds"]
    return store.put(resource, {**marked, "status": {**part(live, "status"), "phase": "Terminating"}})


def _finalizers(resource: Resource, live: Object, options: DeleteOptions) -> list[str]:
    """Those of the object, and the one of the policy that is asked for in the place of another policy's."""
    # Jobs keep their pods unless told otherwise, for compatibility with their first version
    policy = options.propagation or ("Orphan" if resource.name == "jobs.batch" else "")
    kept = finalizers_of(live)
    if policy:
        kept = [one for one in kept if one not in (FOREGROUND, ORPHAN)]
    return [*kept, _WAITING[policy]] if policy in _WAITING else kept


def _grace(resource: Resource, live: Object, options: DeleteOptions) -> int:
    if resource.name != "pods" or value_at(live, "status", "phase") in ("Succeeded", "Failed"):
        return 0
    if not value_at(live, "spec", "nodeName"):
        return 0
    usual = value_at(live, "spec", "terminationGracePeriodSeconds") or 0
    wanted = usual if options.grace_seconds is None else options.grace_seconds
    before = metadata(live).get("deletionGracePeriodSeconds")
    return wanted if before is None else min(before, wanted)


def _marked(live: Object, grace: int) -> Object:
    own = {**live["metadata"], "deletionGracePeriodSeconds": grace}
    if not is_deleting(live):
        own["deletionTimestamp"] = timestamp(now() + timedelta(seconds=grace))
        if "generation" in own:
            own["generation"] += 1
    return {**live, "metadata": own}
