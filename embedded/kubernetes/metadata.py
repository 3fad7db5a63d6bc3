"""What the server itself writes into an object: uid, times, versions, generation; and who may write its status."""

import uuid

from embedded.kubernetes.causes import immutable
from embedded.kubernetes.errors import bad_request, invalid, modified
from embedded.kubernetes.objects import Object, copied, made, metadata, name_of, timestamp
from embedded.kubernetes.resources import Resource

_KEPT = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion")
_GIVEN = (*_KEPT, "selfLink", "managedFields")
#: Kinds with a spec whose changes Kubernetes doesn't count.
_NOT_COUNTED = frozenset(
    {
        "horizontalpodautoscalers.autoscaling",
        "leases.coordination.k8s.io",
        "limitranges",
        "namespaces",
        "nodes",
        "persistentvolumeclaims",
        "persistentvolumes",
        "resourcequotas",
        "services",
    }
)


def start_metadata(thing: Object, resource: Resource, namespace: str) -> None:
    """Of an object that is being created. Raises ApiError (400) if it names another namespace."""
    own = made(thing, "metadata")
    for name in _GIVEN:
        own.pop(name, None)
    _place(thing, resource, namespace)
    own |= {"uid": str(uuid.uuid4()), "creationTimestamp": timestamp()}
    if resource.name == "namespaces":
        made(thing, "spec")["finalizers"] = ["kubernetes"]


def carry_over(thing: Object, resource: Resource, live: Object) -> None:
    """Keeps what a change may not touch. Raises ApiError: 409 if another state is meant, 422 if another object is."""
    own, before = made(thing, "metadata"), metadata(live)
    if own.get("uid") not in (None, "", before["uid"]):
        raise invalid(resource, name_of(live), [immutable("metadata.uid", own["uid"])])
    if own.get("name", before["name"]) != before["name"]:
        raise bad_request("the name of the object does not match the name on the URL")
    if own.get("resourceVersion") not in (None, "", before["resourceVersion"]):
        raise modified(resource, name_of(live))
    _place(thing, resource, before.get("namespace", ""))
    own["name"] = before["name"]
    for name in _KEPT:
        if name in before:
            own[name] = before[name]
        else:
            own.pop(name, None)
    if resource.name == "namespaces":
        thing["spec"] = live["spec"]


def isolate_status(thing: Object, resource: Resource, live: Object | None, subresource: str) -> Object:
    """The status is written through its subresource, and nothing else is."""
    if not resource.has_status:
        return thing
    if live is not None and subresource == "status":
        changed = copied({name: value for name, value in live.items() if name != "status"})
        return {**changed, "status": thing["status"]} if "status" in thing else changed
    thing.pop("status", None)
    if live is not None and "status" in live:
        thing["status"] = live["status"]
    return thing


def next_generation(thing: Object, resource: Resource, live: Object | None) -> None:
    """Counts the changes of what the object's author wants."""
    if resource.name in _NOT_COUNTED or ("spec" not in thing and not resource.custom):
        return
    if live is None:
        thing["metadata"]["generation"] = 1
    elif _wanted(thing) != _wanted(live):
        thing["metadata"]["generation"] = metadata(live).get("generation", 0) + 1


def _wanted(thing: Object) -> Object:
    return {name: value for name, value in thing.items() if name not in ("metadata", "status")}


def _place(thing: Object, resource: Resource, namespace: str) -> None:
    own = made(thing, "metadata")
    if not resource.namespaced:
        own.pop("namespace", None)
        return
    if own.get("namespace", namespace) not in ("", namespace):
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    own["namespace"] = namespace
