"""JSON patch (RFC 6902), by the package jsonpatch."""

from typing import Any, cast

import jsonpatch

from embedded.kubernetes.errors import bad_request, unprocessable
from embedded.kubernetes.objects import Object


def patched(target: Object, operations: Any) -> Object:
    """The target after the operations; it is not changed. Raises ApiError: 400 if malformed, 422 if one fails."""
    if not isinstance(operations, list):
        raise bad_request("json: cannot unmarshal object into Go value of type jsonpatch.Patch")
    try:
        return cast("Object", jsonpatch.apply_patch(target, cast("list[Any]", operations)))
    except jsonpatch.InvalidJsonPatch as error:
        raise bad_request(str(error)) from error
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
        raise unprocessable(str(error)) from error
