"""Objects in protobuf, written here by hand: what kubectl sends for `create deployment` and the like."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedded.kubernetes import RunningKubernetes
from embedded.kubernetes.protobuf.reading import MEDIA_TYPE, Reader, envelope
from embedded.kubernetes.protobuf.wire import Malformed, fields_of
from embedded.kubernetes.schema.built_in import Definitions
from embedded.kubernetes.schema.nodes import Schema
from tests.embedded.kubernetes.client import Client, Object, config_map, deployment

_DEFINITIONS = Definitions()


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _field(number: int, value: Any, schema: Schema) -> bytes:
    if schema.type == "array":
        return b"".join(_field(number, item, schema.items) for item in value)
    if schema.has_entries:
        inside = schema.field("")
        entries = (_bytes(1, key.encode()) + _field(2, one, inside) for key, one in value.items())
        return b"".join(_bytes(number, entry) for entry in entries)
    if schema.type == "int-or-string":
        kind = isinstance(value, str)
        return _bytes(
            number, _varint(8) + _varint(kind) + (_bytes(3, value.encode()) if kind else _varint(16) + _varint(value))
        )
    if schema.type == "quantity":
        return _bytes(number, _bytes(1, value.encode()))
    if isinstance(value, dict):
        return _bytes(number, _message(value, schema))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _bytes(number, value.encode())


def _message(thing: Object, schema: Schema, name: str = "") -> bytes:
    numbers = {field: int(number) for number, field in _DEFINITIONS.numbers[name or schema.name].items()}
    written = b"".join(
        _field(numbers[field], value, schema.field(field)) for field, value in thing.items() if field in numbers
    )
    for field, number in numbers.items():
        if field.startswith("+"):
            inside = set(_DEFINITIONS.numbers[field[1:]].values()) & thing.keys()
            part = {name: thing[name] for name in inside}
            written += _bytes(number, _message(part, schema, field[1:]))
    return written


def _sent(thing: Object, schema: Schema) -> bytes:
    kinds = _bytes(1, thing["apiVersion"].encode()) + _bytes(2, thing["kind"].encode())
    return b"k8s\x00" + _bytes(1, kinds) + _bytes(2, _message(thing, schema))


_POD_SPEC: Object = {
    "containers": [
        {
            "name": "main",
            "image": "nginx:1",
            "args": ["a", "b"],
            "ports": [{"containerPort": 80, "protocol": "TCP"}],
            "env": [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
            "resources": {"limits": {"cpu": "1"}},
            "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 5},
        }
    ],
    "volumes": [{"name": "v", "emptyDir": {}}, {"name": "c", "configMap": {"name": "c", "optional": False}}],
}


def test_reads_what_was_written() -> None:
    thing = deployment("web", replicas=0)
    thing["spec"]["template"]["spec"] = _POD_SPEC
    thing["spec"]["strategy"] = {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}
    schema = _DEFINITIONS.schema("apps", "v1", "Deployment")
    version, kind, message = envelope(_sent(thing, schema))
    assert {**Reader(_DEFINITIONS.numbers).read(message, schema), "apiVersion": version, "kind": kind} == thing


def test_is_taken_and_answered_in_json(shared_server: RunningKubernetes, client: Client, core: str) -> None:
    def post(data: bytes) -> httpx.Response:
        headers = {"Content-Type": MEDIA_TYPE, "Accept": f"{MEDIA_TYPE},application/json"}
        headers["Authorization"] = f"Bearer {shared_server.token}"
        return client.send("POST", f"{core}/configmaps", data, headers)

    answer = post(_sent(config_map("a", {"k": "ü"}), _DEFINITIONS.schema("", "v1", "ConfigMap")))
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert client.get(f"{core}/configmaps/a")["data"] == {"k": "ü"}
    for wrong in (
        b"{}",
        b"k8s\x00\xff",
        _sent({**config_map("b"), "kind": "No"}, _DEFINITIONS.schema("", "v1", "ConfigMap")),
    ):
        assert post(wrong).status_code == 400


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    try:
        envelope(b"k8s\x00" + data)
        Reader(_DEFINITIONS.numbers).read(data, _DEFINITIONS.schema("", "v1", "Pod"))
    except (Malformed, ValueError):
        return


@pytest.mark.parametrize("data", [b"\x08", b"\x0a\x05a", b"\x0b", b"\x08" + b"\xff" * 10])
def test_what_ends_early_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        list(fields_of(data))
