"""Which fields an object has that somebody can own."""

from typing import Any, cast

from embedded.kubernetes.apply.paths import Path, item_step
from embedded.kubernetes.objects import Object
from embedded.kubernetes.schema.nodes import Schema

#: The value of a thing that is owned beside the fields inside of it: a list item, an entry of a map.
INSIDE = object()

#: What the server owns.
_SYSTEM = frozenset(
    {("f:apiVersion",), ("f:kind",)}
    | {
        ("f:metadata", f"f:{name}")
        for name in (
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "managedFields",
            "selfLink",
        )
    }
)


def fields_of(thing: Object, schema: Schema) -> dict[Path, Any]:
    """Each field that can be owned, with its value: scalars, whole (atomic) lists and maps, list items, map entries."""
    found: dict[Path, Any] = {}
    _fields(thing, schema, (), found)
    return {path: value for path, value in found.items() if path[:1] not in _SYSTEM and path[:2] not in _SYSTEM}


def _collect(value: Any, schema: Schema, path: Path, found: dict[Path, Any]) -> None:
    if isinstance(value, dict) and value and not schema.whole_map:
        _fields(cast("Object", value), schema, path, found)
    elif isinstance(value, list) and not schema.whole_list:
        for item in cast("list[Any]", value):
            here = (*path, item_step(item, schema.item_keys))
            found[here] = INSIDE
            if isinstance(item, dict):
                _fields(cast("Object", item), schema.items, here, found)
    else:
        found[path] = value


def _fields(thing: Object, schema: Schema, path: Path, found: dict[Path, Any]) -> None:
    for name, value in thing.items():
        here = (*path, f"f:{name}")
        if not schema.declares(name):
            found[here] = INSIDE
        _collect(value, schema.field(name), here, found)


def with_parents(paths: set[Path], schema: Schema) -> set[Path]:
    """The paths, and the declared fields that they are inside of: who owns all of a part, owns the part."""
    found = set(paths)
    for path in paths:
        node = schema
        for length, step in enumerate(path[:-1], 1):
            if not step.startswith("f:"):
                node = node.items
                continue
            if node.declares(step[2:]):
                found.add(path[:length])
            node = node.field(step[2:])
    return found
