"""Makes `numbers.json`, the numbers of the fields of all kinds, from the descriptions that a kubectl binary carries.

    uv run python -m embedded.kubernetes.protobuf.extract /path/to/kubectl

A field that JSON shows as the fields inside of it has a + before the name of its type. Numbers never change; a field
that is newer than the binary is not read.
"""

import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embedded.kubernetes.kinds import BUILT_IN, REVIEWS, definition_of
from embedded.kubernetes.protobuf.wire import Malformed, fields_of
from embedded.kubernetes.schema.built_in import DELETE_OPTIONS, NUMBERS, OBJECT_META, Definitions

_GZIP = b"\x1f\x8b\x08"
_LARGEST = 1 << 20
# numbers of fields in descriptor.proto
_PACKAGE, _MESSAGES = 2, 4
_NAME, _FIELDS = 1, 2
_FIELD_NAME, _FIELD_NUMBER, _FIELD_TYPE = 1, 3, 6
_EXTRA = (OBJECT_META, DELETE_OPTIONS, "io.k8s.api.policy.v1.Eviction", "io.k8s.api.authentication.v1.TokenRequest")


@dataclass(frozen=True)
class Field:
    number: int
    name: str
    #: The name of its message as OpenAPI names it; empty for others.
    type: str


def main(binary: Path) -> None:
    messages = dict(_messages(binary.read_bytes()))
    definitions = Definitions()
    waiting = [definition_of(kind) for kind in (*BUILT_IN, *REVIEWS)] + list(_EXTRA)
    found: dict[str, dict[str, str]] = {}
    while waiting:
        name = waiting.pop()
        if name in found or name not in messages:
            continue
        shown = definitions.all.get(name, {}).get("properties")
        found[name] = {}
        for field in messages[name]:
            inside = shown is not None and field.name not in shown and field.type
            found[name][str(field.number)] = f"+{field.type}" if inside else field.name
            waiting.append(field.type)
    lines = [f"{json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found)]
    NUMBERS.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _messages(binary: bytes) -> Iterator[tuple[str, list[Field]]]:
    """Every message of Kubernetes' files that are described somewhere in the binary, gzipped."""
    at = binary.find(_GZIP)
    while at >= 0:
        try:
            described = zlib.decompressobj(31).decompress(binary[at : at + _LARGEST], _LARGEST)
            yield from _of_file(described)
        except (zlib.error, Malformed, UnicodeDecodeError):
            pass  # these bytes happened to look like the start of one
        at = binary.find(_GZIP, at + 1)


def _of_file(described: bytes) -> Iterator[tuple[str, list[Field]]]:
    package = next((_text(value) for number, value in fields_of(described) if number == _PACKAGE), "")
    if not package.startswith("k8s.io."):
        return
    for number, value in fields_of(described):
        if number == _MESSAGES and isinstance(value, bytes):
            name = next(_text(inside) for one, inside in fields_of(value) if one == _NAME)
            fields = [
                _field(inside) for one, inside in fields_of(value) if one == _FIELDS and isinstance(inside, bytes)
            ]
            yield _openapi_name(f"{package}.{name}"), fields


def _field(described: bytes) -> Field:
    parts = dict(fields_of(described))
    number = parts[_FIELD_NUMBER]
    assert isinstance(number, int)
    return Field(number, _text(parts[_FIELD_NAME]), _openapi_name(_text(parts.get(_FIELD_TYPE, b"")).lstrip(".")))


def _openapi_name(name: str) -> str:
    return name.replace("k8s.io.", "io.k8s.", 1) if name.startswith("k8s.io.") else ""


def _text(value: int | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
