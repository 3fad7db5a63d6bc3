"""Reads what a client sent as the API server reads it: wrong types are refused, unknown fields dropped and told."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from embedded.kubernetes import quantities
from embedded.kubernetes.errors import ApiError, bad_request
from embedded.kubernetes.objects import Object
from embedded.kubernetes.resources import Resource
from embedded.kubernetes.schema.nodes import Schema

_PYTHON: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "int-or-string": (int, str),
    "quantity": (int, float, str),
    "date-time": (str,),
}
_GO = {"integer": "int32", "boolean": "bool", "number": "float64", "date-time": "v1.Time", "object": "map"}
_ZERO: dict[str, Callable[[], Any]] = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


@dataclass
class Decoded:
    thing: Object
    #: The paths of the fields that the kind doesn't have.
    unknown: list[str] = field(default_factory=list[str])


class Mismatch(Exception):
    """A value doesn't fit its place. The message is Go's."""


def decode(thing: Object, resource: Resource) -> Decoded:
    """Raises ApiError (400) if a value is of another type than its field."""
    decoded = Decoded({})
    try:
        decoded.thing = _read(thing, resource.schema, "", decoded.unknown)
    except Mismatch as mismatch:
        kind = resource.kind
        raise bad_request(
            f'{kind} in version "{resource.version}" cannot be handled as a {kind}: {mismatch}'
        ) from mismatch
    return decoded


def refuse_unknown(unknown: list[str]) -> ApiError:
    """What fieldValidation=Strict answers."""
    fields = ", ".join(f'unknown field "{path}"' for path in unknown)
    return bad_request(f"strict decoding error: {fields}")


def _read(value: Any, schema: Schema, path: str, unknown: list[str]) -> Any:
    if schema.type == "":
        return value
    if not isinstance(value, _PYTHON[schema.type]) or (isinstance(value, bool) and schema.type != "boolean"):
        raise Mismatch(_unmarshal(value, schema, path))
    if isinstance(value, dict):
        return _read_fields(cast("Object", value), schema, path, unknown)
    if isinstance(value, list):
        return [
            _read(_ZERO.get(schema.items.type, str)() if item is None else item, schema.items, f"{path}[{n}]", unknown)
            for n, item in enumerate(cast("list[Any]", value))
        ]
    return _read_plain(value, schema)


def _read_fields(value: Object, schema: Schema, path: str, unknown: list[str]) -> Object:
    if schema.takes_anything:
        return value
    read: Object = {}
    for name, entry in value.items():
        where = f"{path}.{name}" if path else name
        if schema.declares(name) or schema.has_entries:
            if entry is not None:
                read[name] = _read(entry, schema.field(name), where, unknown)
        elif schema.keeps_unknown:
            read[name] = entry
        else:
            unknown.append(where)
    return read


def _read_plain(value: Any, schema: Schema) -> Any:
    try:
        if schema.type == "quantity":
            return quantities.canonical(value)
        if schema.type == "date-time":
            datetime.fromisoformat(value)
        elif schema.form == "byte":
            base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise Mismatch("illegal base64 data at input byte 0") from error
    except ValueError as error:
        text = str(error) if schema.type == "quantity" else f'parsing time "{value}" as "2006-01-02T15:04:05Z07:00"'
        raise Mismatch(text) from error
    return value


def _unmarshal(value: Any, schema: Schema, path: str) -> str:
    kinds = ((bool, "bool"), (dict, "object"), (list, "array"), (str, "string"))
    got = next((name for kind, name in kinds if isinstance(value, kind)), "number")
    owner = path.rpartition(".")[0].rpartition(".")[2].partition("[")[0]
    place = f"Go struct field {owner.capitalize()}.{path}" if owner else f"Go struct field .{path}"
    wanted = schema.name.rpartition(".")[2] or _GO.get(schema.type, schema.type)
    return f"json: cannot unmarshal {got} into {place} of type {wanted}"
