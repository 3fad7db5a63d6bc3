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
#: Of integers, by format; without one they have 64 bits.
_LIMITS = {"int32": 2**31, "int64": 2**63, "": 2**63}
_GO = {"integer": "int32", "boolean": "bool", "number": "float64", "date-time": "v1.Time", "object": "map"}
_ZERO: dict[str, Callable[[], Any]] = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


@dataclass(frozen=True)
class Decoded:
    thing: Object
    #: The paths of the fields that the kind doesn't have.
    unknown: list[str]


class Mismatch(Exception):
    """A value doesn't fit its place. The message is Go's."""


def decode(thing: Object, resource: Resource) -> Decoded:
    """Raises ApiError (400) if a value is of another type than its field."""
    reader = _Reader(keeps_empty=resource.custom)
    try:
        return Decoded(reader.fields(thing, resource.schema, ""), reader.unknown)
    except Mismatch as mismatch:
        kind = resource.kind
        raise bad_request(
            f'{kind} in version "{resource.version}" cannot be handled as a {kind}: {mismatch}'
        ) from mismatch


def refuse_unknown(unknown: list[str]) -> ApiError:
    """What fieldValidation=Strict answers."""
    fields = ", ".join(f'unknown field "{path}"' for path in unknown)
    return bad_request(f"strict decoding error: {fields}")


@dataclass(frozen=True)
class _Reader:
    """Built-in kinds leave out maps and lists that are empty, as their Go structs do (`omitempty`)."""

    keeps_empty: bool
    unknown: list[str] = field(default_factory=list[str])

    def fields(self, thing: Object, schema: Schema, path: str) -> Object:
        if schema.takes_anything:
            return thing
        read: Object = {}
        for name, value in thing.items():
            where = f"{path}.{name}" if path else name
            if not schema.declares(name) and not schema.has_entries:
                if schema.keeps_unknown:
                    read[name] = value
                else:
                    self.unknown.append(where)
            elif value is not None and not self._is_left_out(name, value, schema):
                read[name] = self._value(value, schema.field(name), where)
        return read

    def _value(self, value: Any, schema: Schema, path: str) -> Any:
        if schema.type == "":
            return value
        if not isinstance(value, _PYTHON[schema.type]) or (isinstance(value, bool) and schema.type != "boolean"):
            raise Mismatch(_unmarshal(value, schema, path))
        if isinstance(value, dict):
            return self.fields(cast("Object", value), schema, path)
        if not isinstance(value, list):
            return _read_plain(value, schema)
        zero = _ZERO.get(schema.items.type, str)
        return [
            self._value(zero() if item is None else item, schema.items, f"{path}[{place}]")
            for place, item in enumerate(cast("list[Any]", value))
        ]

    def _is_left_out(self, name: str, value: Any, schema: Schema) -> bool:
        if self.keeps_empty or value not in ({}, []) or name in schema.required:
            return False
        inside = schema.field(name)
        return inside.type == "array" or inside.has_entries


def _read_plain(value: Any, schema: Schema) -> Any:
    try:
        if schema.type == "quantity":
            return quantities.canonical(value)
        if schema.type == "integer" and not -_LIMITS[schema.form] <= value < _LIMITS[schema.form]:
            raise Mismatch(f"json: cannot unmarshal number {value} into Go value of type {schema.form}")
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
