"""PersistentVolumeClaims: they may only grow."""

from collections.abc import Iterator

from embedded.kubernetes import quantities
from embedded.kubernetes.causes import Cause, forbidden, required, unsupported, wrong
from embedded.kubernetes.objects import Object, part, texts

_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_IMMUTABLE = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"


def check_claim(claim: Object, before: Object | None) -> Iterator[Cause]:
    spec = part(claim, "spec")
    yield from check_claim_spec(spec, "spec")
    if before is None:
        return
    old = part(before, "spec")
    if _fixed(spec) != _fixed(old):
        yield forbidden("spec", _IMMUTABLE)
    new_size, old_size = _size(spec), _size(old)
    if not new_size or not old_size or new_size == old_size:
        return
    if part(before, "status").get("phase") != "Bound":
        yield forbidden("spec", _IMMUTABLE)
    elif quantities.parsed(new_size) < quantities.parsed(old_size):
        yield forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")


def check_claim_spec(spec: Object, field: str) -> Iterator[Cause]:
    modes = texts(spec, "accessModes")
    if not modes:
        yield required(f"{field}.accessModes", "at least 1 access mode is required")
    for mode in modes:
        if mode not in _MODES:
            yield unsupported(f"{field}.accessModes", mode, _MODES)
    size = _size(spec)
    if size is None:
        yield required(f"{field}.resources[storage]")
    elif quantities.parsed(size) <= 0:
        yield wrong(f"{field}.resources[storage]", size, "must be greater than zero")


def _size(spec: Object) -> str | None:
    return part(spec, "resources", "requests").get("storage")


def _fixed(spec: Object) -> Object:
    """All but the size, and the volume that was found for it."""
    return {name: value for name, value in spec.items() if name not in ("resources", "volumeName")}
