"""Reads an object in protobuf, by the numbers of its fields and the schema of its kind."""

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from embedded.kubernetes.objects import Object
from embedded.kubernetes.protobuf.wire import Malformed, Value, fields_of, signed
from embedded.kubernetes.schema.nodes import Schema

MEDIA_TYPE = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\x00"
#: Fields that are not sent apart from their zero: JSON leaves it out.
_PLAIN = frozenset(
    {
        "generation",
        "healthCheckNodePort",
        "hostIPC",
        "hostNetwork",
        "hostPID",
        "hostPort",
        "initialDelaySeconds",
        "minReadySeconds",
        "nodePort",
        "observedGeneration",
        "paused",
        "publishNotReadyAddresses",
        "readOnly",
        "stdin",
        "stdinOnce",
        "tty",
    }
)


def envelope(data: bytes) -> tuple[str, str, bytes]:
    """API version and kind of what is inside, and its message. Raises Malformed."""
    if not data.startswith(_MAGIC):
        raise Malformed("it does not start as a Kubernetes object")
    outer = dict(fields_of(data[len(_MAGIC) :]))
    kinds = dict(fields_of(_bytes(outer.get(1, b""))))
    return _bytes(kinds.get(1, b"")).decode(), _bytes(kinds.get(2, b"")).decode(), _bytes(outer.get(2, b""))


@dataclass(frozen=True)
class Reader:
    #: By definition, the numbers of its fields, and their names.
    numbers: Mapping[str, Mapping[str, str]]

    def read(self, message: bytes, schema: Schema) -> Object:
        """Raises Malformed."""
        found: Object = {}
        self._fields(message, schema.name, schema, found)
        return found

    def _fields(self, message: bytes, name: str, schema: Schema, found: Object) -> None:
        numbers = self.numbers.get(name, {})
        for number, value in fields_of(message):
            field = numbers.get(str(number), "")
            if field.startswith("+"):
                self._fields(_bytes(value), field[1:], schema, found)
            elif schema.declares(field):
                self._field(found, field, value, schema.field(field))

    def _field(self, found: Object, field: str, value: Value, schema: Schema) -> None:
        if schema.type == "array":
            cast("list[Any]", found.setdefault(field, [])).append(self._value(value, schema.items))
        elif schema.has_entries:
            entry = dict(fields_of(_bytes(value)))
            key = _bytes(entry.get(1, b"")).decode()
            cast("Object", found.setdefault(field, {}))[key] = self._entry(entry.get(2, b""), schema.field(""))
        else:
            shown = self._value(value, schema)
            if shown not in ("", None) and (shown or field not in _PLAIN):
                found[field] = shown

    def _entry(self, value: Value, schema: Schema) -> Any:
        """Of a map. A list there is a message of its own, of one repeated field."""
        if schema.type != "array":
            return self._value(value, schema)
        return [self._value(item, schema.items) for _, item in fields_of(_bytes(value))]

    def _value(self, value: Value, schema: Schema) -> Any:
        if isinstance(value, int):
            return bool(value) if schema.type == "boolean" else signed(value)
        if schema.type == "string":
            return base64.b64encode(value).decode() if schema.form == "byte" else value.decode()
        if schema.type == "number":
            if len(value) != 8:
                raise Malformed("a number of 64 bits has another length")
            return struct.unpack("<d", value)[0]
        if schema.type == "object" and not schema.takes_anything:
            return self.read(value, schema)
        return _special(dict(fields_of(value)), schema)


def _special(inside: dict[int, Value], schema: Schema) -> Any:
    """What has a message of its own, and a plain form in JSON."""
    if schema.type == "quantity":
        return _bytes(inside.get(1, b"")).decode()
    if schema.type == "int-or-string":
        return _bytes(inside.get(3, b"")).decode() if inside.get(1) else signed(_integer(inside.get(2, 0)))
    if schema.type == "date-time":
        seconds = signed(_integer(inside.get(1, 0)))
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if 1 in inside else None
    raw = _bytes(inside.get(1, b""))
    return orjson.loads(raw) if raw else None


def _bytes(value: Value) -> bytes:
    if isinstance(value, int):
        raise Malformed("a number stands where a message is expected")
    return value


def _integer(value: Value) -> int:
    if isinstance(value, bytes):
        raise Malformed("a message stands where a number is expected")
    return value
