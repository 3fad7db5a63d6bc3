"""Sets of fields, as managedFields hold them (FieldsV1).

A path is a tuple of steps: `f:<field>`, `k:<key fields of a list item, as JSON>`, `v:<value in a set, as JSON>`.
"""

from collections.abc import Iterable
from typing import Any, cast

import orjson

from embedded.kubernetes.objects import Object

Path = tuple[str, ...]
#: Stands, in FieldsV1, for the thing itself beside the fields inside of it.
SELF = "."


def to_fields_v1(paths: Iterable[Path]) -> Object:
    ordered = sorted(paths)
    root: Object = {}
    for path in ordered:
        node = root
        for step in path:
            node = cast("Object", node.setdefault(step, {}))
    for path in ordered:
        if node := node_at(root, path):
            node[SELF] = {}
    return root


def from_fields_v1(fields: Object, before: Path = ()) -> set[Path]:
    found: set[Path] = set()
    for step, inside in fields.items():
        if step == SELF:
            continue
        path = (*before, step)
        if not inside or SELF in inside:
            found.add(path)
        found |= from_fields_v1(inside, path)
    return found


def node_at(root: Object, path: Path) -> Object:
    node = root
    for step in path:
        node = cast("Object", node[step])
    return node


def item_step(item: Any, keys: tuple[str, ...]) -> str:
    """The step to an item of a list: by its key fields, or by its value where there are none."""
    if not keys:
        return f"v:{orjson.dumps(item).decode()}"
    return f"k:{orjson.dumps(item_identity(item, keys), option=orjson.OPT_SORT_KEYS).decode()}"


def item_identity(item: Object, keys: tuple[str, ...]) -> Object:
    """The key fields of an item. A port that doesn't say its protocol means TCP."""
    identity = {key: item.get(key) for key in keys}
    if "protocol" in identity and identity["protocol"] is None:
        identity["protocol"] = "TCP"
    return {key: value for key, value in identity.items() if value is not None}


def written(path: Path) -> str:
    """For a message: `.spec.ports[port=80,protocol="TCP"].name`."""
    return "".join(_step(step) for step in path)


def _step(step: str) -> str:
    kind, _, rest = step.partition(":")
    if kind == "f":
        return f".{rest}"
    if kind == "v":
        return f"[={rest}]"
    keys = cast("Object", orjson.loads(rest))
    return "[" + ",".join(f"{key}={orjson.dumps(value).decode()}" for key, value in keys.items()) + "]"
