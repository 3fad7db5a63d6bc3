"""Who owns which field of an object, as server-side apply records it in `metadata.managedFields`.

https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

from typing import cast

from jobs.adapters.kubernetes.json import JsonObject, part, parts
from jobs.adapters.kubernetes.labels import MANAGER


def has_updated(live: JsonObject) -> bool:
    """Whether we own fields by a create or an update. No apply ever drops those."""
    return any(_ours(entry, "Update") for entry in _entries(live))


def as_applied(live: JsonObject) -> list[JsonObject]:
    """The owners with all that is ours as if it had been applied, so that the next apply drops what it leaves out."""
    mine = [entry for entry in _entries(live) if _ours(entry, "Update") or _ours(entry, "Apply")]
    fields = JsonObject()
    for entry in mine:
        fields = _union(fields, part(entry, "fieldsV1"))
    others = [entry for entry in _entries(live) if entry not in mine]
    return [*others, {**mine[0], "operation": "Apply", "fieldsV1": fields}]


def owns(live: JsonObject, *path: str) -> bool:
    """Whether the field is ours, alone or with others."""
    *above, field = (f"f:{name}" for name in path)
    return any(field in part(entry, "fieldsV1", *above) for entry in _entries(live) if _ours(entry))


def _entries(live: JsonObject) -> list[JsonObject]:
    return parts(live, "metadata", "managedFields")


def _ours(entry: JsonObject, operation: str | None = None) -> bool:
    return (
        entry.get("manager") == MANAGER
        and not entry.get("subresource")
        and (operation is None or entry.get("operation") == operation)
    )


def _union(one: JsonObject, other: JsonObject) -> JsonObject:
    both = {name: _union(one[name], cast("JsonObject", other[name])) for name in one.keys() & other.keys()}
    return {**one, **other, **both}
