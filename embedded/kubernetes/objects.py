"""Kubernetes objects as they travel: JSON."""

from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import orjson

Object = dict[str, Any]
_T = TypeVar("_T")


def part(thing: Object, *path: str) -> Object:
    """The object at the end of the path, empty where there is none. To be read only."""
    found = thing
    for name in path:
        found = cast("Object", found.get(name) or {})
    return found


def parts(thing: Object, *path: str) -> list[Object]:
    """The list of objects at the end of the path, empty where there is none. To be read only."""
    return cast("list[Object]", part(thing, *path[:-1]).get(path[-1]) or [])


def texts(thing: Object, *path: str) -> list[str]:
    """The list of strings at the end of the path, empty where there is none. To be read only."""
    return cast("list[str]", part(thing, *path[:-1]).get(path[-1]) or [])


def made(thing: Object, *path: str) -> Object:
    """The object at the end of the path, created where there is none, to be written to."""
    found = thing
    for name in path:
        if found.get(name) is None:
            found[name] = {}
        found = cast("Object", found[name])
    return found


def value_at(thing: Any, *path: str) -> Any:
    """What is at the end of the path; None where there is nothing."""
    found = thing
    for name in path:
        if not isinstance(found, dict):
            return None
        found = cast("Object", found).get(name)
    return found


def metadata(thing: Object) -> Object:
    return part(thing, "metadata")


def name_of(thing: Object) -> str:
    return metadata(thing).get("name", "")


def namespace_of(thing: Object) -> str:
    return metadata(thing).get("namespace", "")


def uid_of(thing: Object) -> str:
    return metadata(thing).get("uid", "")


def labels_of(thing: Object) -> dict[str, str]:
    return part(thing, "metadata", "labels")


def annotations_of(thing: Object) -> dict[str, str]:
    return part(thing, "metadata", "annotations")


def owners_of(thing: Object) -> list[Object]:
    return parts(thing, "metadata", "ownerReferences")


def finalizers_of(thing: Object) -> list[str]:
    return metadata(thing).get("finalizers") or []


def is_deleting(thing: Object) -> bool:
    return bool(metadata(thing).get("deletionTimestamp"))


def controller_of(thing: Object) -> str:
    """The uid of the owner that controls it; empty if none does."""
    return next((owner["uid"] for owner in owners_of(thing) if owner.get("controller")), "")


def owner_reference(owner: Object) -> Object:
    """What a controller writes into the objects that it makes for `owner`."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": name_of(owner),
        "uid": uid_of(owner),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def copied(thing: _T) -> _T:
    """A deep copy of JSON. Objects in the store are shared: whoever changes one, changes a copy."""
    return orjson.loads(orjson.dumps(thing))


def now() -> datetime:
    return datetime.now(UTC)


def timestamp(moment: datetime | None = None) -> str:
    """As Kubernetes writes times: UTC, whole seconds."""
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)
