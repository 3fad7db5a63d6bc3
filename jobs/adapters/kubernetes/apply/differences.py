"""What differs between two states of an object, field by field."""

import json
from collections.abc import Iterator
from typing import Any, cast

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.labels import OPERATION, REVISION
from jobs.ports import FieldChange

HIDDEN = "(hidden)"
#: The server's own bookkeeping.
_BOOKKEEPING = frozenset({"metadata.managedFields", "metadata.resourceVersion", "metadata.generation", "status"})
#: Ours, which changes with every operation.
_MARKS = frozenset(f"metadata.annotations.{name}" for name in (OPERATION, REVISION))
#: What tells the items of a list apart, as the API's list types have it.
_KEYS = ("name", "containerPort", "port", "mountPath", "host", "path", "type")


def differences(before: JsonObject, after: JsonObject) -> list[FieldChange]:
    """The fields that differ. What a Secret holds is hidden."""
    secret = after.get("kind") == "Secret"
    return [
        FieldChange(path, _shown(path, one, secret=secret), _shown(path, other, secret=secret))
        for path, one, other in _compare("", before, after)
        if path not in _MARKS
    ]


def _compare(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before == after or path in _BOOKKEEPING:
        return
    one, other = _by_key(before), _by_key(after)
    if one is None or other is None:
        yield path, before, after
        return
    for key in [*one, *(key for key in other if key not in one)]:
        yield from _compare(f"{path}{key}".removeprefix("."), one.get(key), other.get(key))


def _by_key(value: Any) -> dict[str, Any] | None:
    """The parts of an object or of a list of objects by the last step of their path; nothing has no parts."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return {f".{name}": part for name, part in cast("JsonObject", value).items()}
    if isinstance(value, list):
        items = cast("list[Any]", value)
        key = next((key for key in _KEYS if all(isinstance(item, dict) and key in item for item in items)), None)
        return {f"[{key}={item[key]}]": item for item in items} if key else None
    return None


def _shown(path: str, value: Any, *, secret: bool) -> str | None:
    if value is None:
        return None
    if secret and path.partition(".")[0] in ("data", "stringData"):
        return HIDDEN
    return value if isinstance(value, str) else json.dumps(value)
