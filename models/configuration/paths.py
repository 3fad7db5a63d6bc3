"""Ways into a caller's input, in the contract's spelling."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

Path = tuple[str, ...]

_OWN_SPELLINGS = {"size_gib": "sizeGiB"}
_MISSING = object()


def contract_name(field: str) -> str:
    """`memory_limit` as the contract spells it: `memoryLimit`."""
    if field in _OWN_SPELLINGS:
        return _OWN_SPELLINGS[field]
    first, *others = field.split("_")
    return first + "".join(part.capitalize() for part in others)


def contract_path(location: Sequence[str | int]) -> Path:
    return tuple(contract_name(part) if isinstance(part, str) else str(part) for part in location)


def locate(path: Path, said: Mapping[str, Any]) -> Path:
    """As much of `path` as leads into what the caller said, and the first field on it that wasn't said.

    An item of a list that the caller didn't send can't be pointed at: the way ends at the list.
    """
    here: object = said
    for depth, part in enumerate(path):
        inner = _inside(here, part)
        if inner is _MISSING:
            return path[: depth + 1] if isinstance(here, Mapping) else path[:depth]
        here = inner
    return path


def is_said(path: Path, said: Mapping[str, Any]) -> bool:
    """Whether all of `path` leads into what the caller said."""
    here: object = said
    for part in path:
        here = _inside(here, part)
    return here is not _MISSING


def _inside(value: object, part: str) -> object:
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        return next((inner for field, inner in fields.items() if contract_name(field) == part), _MISSING)
    if isinstance(value, list | tuple):
        items = cast("Sequence[object]", value)
        return items[int(part)] if part.isdecimal() and int(part) < len(items) else _MISSING
    return _MISSING
