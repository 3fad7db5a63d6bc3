"""What a client sent: JSON, YAML or protobuf."""

from typing import Any, cast

import orjson
import yaml
from starlette.requests import Request

from embedded.kubernetes.api.requests import APPLY_PATCH, JSON, PATCHES, YAML, media_type
from embedded.kubernetes.errors import bad_request, too_large, unsupported_media_type
from embedded.kubernetes.objects import Object, value_at
from embedded.kubernetes.protobuf.reading import MEDIA_TYPE, Reader, envelope
from embedded.kubernetes.protobuf.wire import Malformed
from embedded.kubernetes.schema.built_in import Definitions, definition_name

_MOST_BYTES = 3 * 1024 * 1024
_NAMES = ("generateName", "name", "namespace", "resourceVersion", "uid")


async def body_of(request: Request, definitions: Definitions) -> Any:
    """Raises ApiError: 400 if it can't be read, 413 if it is too large, 415 if it is of another format."""
    if int(request.headers.get("content-length") or 0) > _MOST_BYTES:
        raise too_large(_MOST_BYTES)
    data = await request.body()
    if not data:
        return None
    kind = media_type(request)
    try:
        if kind in (YAML, APPLY_PATCH):
            return _from_yaml(data)
        if kind in (JSON, *PATCHES):
            return orjson.loads(data)
        if kind == MEDIA_TYPE:
            return _from_protobuf(data, definitions)
    except (yaml.YAMLError, Malformed, ValueError, TypeError) as error:
        raise bad_request(f"error decoding the body of the request: {error}") from error
    raise unsupported_media_type((JSON, YAML, MEDIA_TYPE))


async def object_of(request: Request, definitions: Definitions) -> Object:
    """The body, which has to be an object. Raises ApiError."""
    sent = await body_of(request, definitions)
    if not isinstance(sent, dict):
        raise bad_request("the body of the request is not an object")
    thing = cast("Object", sent)
    own = thing.get("metadata")
    if own is not None and not isinstance(own, dict):
        raise bad_request("json: cannot unmarshal metadata into Go value of type v1.ObjectMeta")
    if any(not isinstance(value_at(own, name), str | None) for name in _NAMES):
        raise bad_request("json: cannot unmarshal the name in metadata into Go value of type string")
    return thing


def _from_yaml(data: bytes) -> Any:
    """As JSON: YAML knows dates, and keys that are no strings. Most clients send JSON, which is YAML, and quicker."""
    try:
        return orjson.loads(data)
    except ValueError:
        return orjson.loads(orjson.dumps(yaml.safe_load(data)))


def _from_protobuf(data: bytes, definitions: Definitions) -> Object:
    version, kind, message = envelope(data)
    group, _, number = version.rpartition("/")
    name = definition_name(group, number, kind)
    if name not in definitions.all:
        raise Malformed(f"no kind {kind} is known in version {version}")
    thing = Reader(definitions.numbers).read(message, definitions.named(name))
    return {**thing, "apiVersion": version, "kind": kind}
