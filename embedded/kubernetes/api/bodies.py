"""What a client sent: JSON, YAML or protobuf."""

from typing import Any, cast

import orjson
import yaml
from starlette.requests import Request

from embedded.kubernetes.api.requests import APPLY_PATCH, JSON, PATCHES, YAML, media_type
from embedded.kubernetes.errors import bad_request, unsupported_media_type
from embedded.kubernetes.objects import Object
from embedded.kubernetes.protobuf.reading import MEDIA_TYPE, Reader, envelope
from embedded.kubernetes.protobuf.wire import Malformed
from embedded.kubernetes.schema.built_in import Definitions, definition_name


async def body_of(request: Request, definitions: Definitions) -> Any:
    """Raises ApiError: 400 if it can't be read, 415 if it is of another format."""
    data = await request.body()
    if not data:
        return None
    kind = media_type(request)
    try:
        if kind in (YAML, APPLY_PATCH):
            return yaml.safe_load(data)
        if kind in (JSON, *PATCHES):
            return orjson.loads(data)
        if kind == MEDIA_TYPE:
            return _from_protobuf(data, definitions)
    except (yaml.YAMLError, Malformed, ValueError) as error:
        raise bad_request(f"error decoding the body of the request: {error}") from error
    raise unsupported_media_type((JSON, YAML, MEDIA_TYPE))


async def object_of(request: Request, definitions: Definitions) -> Object:
    """The body, which has to be an object. Raises ApiError."""
    sent = await body_of(request, definitions)
    if not isinstance(sent, dict):
        raise bad_request("the body of the request is not an object")
    return cast("Object", sent)


def _from_protobuf(data: bytes, definitions: Definitions) -> Object:
    version, kind, message = envelope(data)
    group, _, number = version.rpartition("/")
    name = definition_name(group, number, kind)
    if name not in definitions.all:
        raise Malformed(f"no kind {kind} is known in version {version}")
    thing = Reader(definitions.numbers).read(message, definitions.named(name))
    return {**thing, "apiVersion": version, "kind": kind}
