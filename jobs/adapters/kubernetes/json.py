"""Kubernetes objects as they travel: JSON."""

from collections.abc import Iterable
from typing import Any, cast

JsonObject = dict[str, Any]


def part(thing: JsonObject, *path: str) -> JsonObject:
    """The object at the end of the path, empty where there is none."""
    found = thing
    for name in path:
        found = cast("JsonObject", found.get(name) or {})
    return found


def parts(thing: JsonObject, *path: str) -> list[JsonObject]:
    """The list of objects at the end of the path, empty where there is none."""
    return cast("list[JsonObject]", part(thing, *path[:-1]).get(path[-1]) or [])


def metadata(thing: JsonObject) -> JsonObject:
    return part(thing, "metadata")


def name_of(thing: JsonObject) -> str:
    return metadata(thing).get("name", "")


def uid_of(thing: JsonObject) -> str:
    return metadata(thing).get("uid", "")


def labels_of(thing: JsonObject) -> dict[str, str]:
    return part(thing, "metadata", "labels")


def annotations_of(thing: JsonObject) -> dict[str, str]:
    return part(thing, "metadata", "annotations")


def owners_of(thing: JsonObject) -> list[JsonObject]:
    return parts(thing, "metadata", "ownerReferences")


def owned_by(things: Iterable[JsonObject], uid: str) -> list[JsonObject]:
    """Those that `uid` controls or owns."""
    return [thing for thing in things if any(owner.get("uid") == uid for owner in owners_of(thing))]


def condition(thing: JsonObject, kind: str) -> JsonObject:
    """The condition of that type in its status, empty if there is none."""
    return next((one for one in parts(thing, "status", "conditions") if one.get("type") == kind), JsonObject())


def without_nothing(**fields: Any) -> JsonObject:
    """The fields that say something: neither None nor empty."""
    return {name: value for name, value in fields.items() if value is not None and value != [] and value != {}}
