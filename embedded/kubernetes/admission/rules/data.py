"""ConfigMaps and Secrets."""

import base64
from collections.abc import Iterator

from embedded.kubernetes import names
from embedded.kubernetes.causes import Cause, forbidden, immutable, too_long, wrong
from embedded.kubernetes.objects import Object, part

_MOST_BYTES = 1024 * 1024


def check_config_map(config_map: Object, before: Object | None) -> Iterator[Cause]:
    data, binary = part(config_map, "data"), part(config_map, "binaryData")
    yield from _check_keys(data, "data")
    yield from _check_keys(binary, "binaryData")
    for key in data.keys() & binary.keys():
        yield wrong("data", key, "duplicate of key present in binaryData")
    if _size(data) + _size(binary) > _MOST_BYTES:
        yield too_long("", _MOST_BYTES)
    yield from _check_immutable(config_map, before, ("data", "binaryData"))


def check_secret(secret: Object, before: Object | None) -> Iterator[Cause]:
    data = part(secret, "data")
    yield from _check_keys(data, "data")
    if sum(len(base64.b64decode(value)) for value in data.values()) > _MOST_BYTES:
        yield too_long("data", _MOST_BYTES)
    if before and before.get("type") != secret.get("type"):
        yield immutable("type", secret.get("type"))
    yield from _check_immutable(secret, before, ("data",))


def _check_keys(data: Object, field: str) -> Iterator[Cause]:
    for key in data:
        for problem in names.data_key_problems(key):
            yield wrong(f"{field}[{key}]", key, problem)


def _check_immutable(thing: Object, before: Object | None, fields: tuple[str, ...]) -> Iterator[Cause]:
    if before is None or not before.get("immutable"):
        return
    if not thing.get("immutable"):
        yield forbidden("immutable", "field is immutable when `immutable` is set")
    for field in fields:
        if thing.get(field) != before.get(field):
            yield forbidden(field, "field is immutable when `immutable` is set")


def _size(data: Object) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in data.items())
