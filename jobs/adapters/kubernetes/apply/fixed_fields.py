"""Fields that the API server never changes in place, and what to do about them."""

from typing import Any, cast

from jobs.adapters.kubernetes.json import JsonObject, part
from jobs.adapters.kubernetes.objects import Found
from jobs.errors import Permanent
from models.quantities import parse_quantity

#: By kind, as its validation in the API server has them.
_FIXED = {
    "Deployment": ("spec.selector",),
    "StatefulSet": ("spec.serviceName", "spec.selector", "spec.podManagementPolicy", "spec.volumeClaimTemplates"),
    "PersistentVolumeClaim": ("spec.accessModes", "spec.storageClassName", "spec.volumeMode"),
    "Service": ("spec.clusterIP",),
    "Secret": ("type",),
}
_SIZE = "spec.resources.requests.storage"


def require_changeable(wanted: JsonObject, found: Found) -> None:
    """Raises Permanent naming the first field that would have to change and can't."""
    for path in _FIXED.get(found.kind.kind, ()):
        before, after = _at(found.thing, path), _at(wanted, path)
        if after is not None and before is not None and not _says(before, after):
            raise Permanent(
                f"{path} of {found} can't be changed from {before} to {after} in place. "
                f"Keep it, or delete the service and add it again."
            )
    if found.kind.kind == "PersistentVolumeClaim":
        _check_size(wanted, found)


def _check_size(wanted: JsonObject, found: Found) -> None:
    before, after = _at(found.thing, _SIZE), _at(wanted, _SIZE)
    if before is not None and after is not None and parse_quantity(after) < parse_quantity(before):
        raise Permanent(
            f"{_SIZE} of {found} can't go from {before} to {after}: a volume only grows. "
            f"Ask for {before} or more, or for a new volume under another name."
        )


def _at(thing: JsonObject, path: str) -> Any:
    *above, field = path.split(".")
    return part(thing, *above).get(field)


def _says(live: Any, wanted: Any) -> bool:
    """Whether `live` holds all that `wanted` says; the server adds its defaults to what it was told."""
    if isinstance(wanted, dict) and isinstance(live, dict):
        held = cast("JsonObject", live)
        return all(name in held and _says(held[name], value) for name, value in cast("JsonObject", wanted).items())
    if isinstance(wanted, list) and isinstance(live, list):
        ours, theirs = cast("list[Any]", wanted), cast("list[Any]", live)
        return len(ours) == len(theirs) and all(_says(one, other) for one, other in zip(theirs, ours, strict=True))
    return bool(live == wanted)
