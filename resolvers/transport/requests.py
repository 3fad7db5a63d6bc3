"""What a client asks for, read from JSON or a query string. Nothing malformed gets through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson

from resolvers.transport.refusals import Code, refuse

#: orjson reads 1024 levels and writes 254: what is read must be written again, in a pong for example.
DEEPEST = 200


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    operation_name: str | None
    variables: dict[str, Any]
    extensions: dict[str, Any]


def decoded(data: bytes | str) -> object:
    """The value of a JSON text."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise refuse("The request is not valid JSON.", Code.BAD_REQUEST) from None
    if _opened(data) > DEEPEST and _is_deeper(value, DEEPEST):
        raise refuse(f"The request is nested deeper than {DEEPEST} levels.", Code.BAD_REQUEST)
    return value


def _opened(data: bytes | str) -> int:
    """How many brackets there are, at least as many as levels: nearly always too few for a closer look."""
    if isinstance(data, str):
        return data.count("{") + data.count("[")
    return data.count(b"{") + data.count(b"[")


def _is_deeper(value: object, levels: int) -> bool:
    match value:
        case dict():
            inner = cast("dict[str, object]", value).values()
        case list():
            inner = cast("list[object]", value)
        case _:
            return False
    return levels == 0 or any(_is_deeper(one, levels - 1) for one in inner)


def request_from(value: object) -> GraphQLRequest:
    """The request in a JSON value."""
    if isinstance(value, list):
        raise refuse("Batching is not supported: send one operation a request.", Code.BATCHING_NOT_SUPPORTED)
    if not isinstance(value, dict):
        raise refuse("The request must be a JSON object.", Code.BAD_REQUEST)
    parameters = cast("dict[str, object]", value)
    query = parameters.get("query")
    if not isinstance(query, str):
        raise refuse("`query` must be a string.", Code.BAD_REQUEST)
    operation_name = parameters.get("operationName")
    if not isinstance(operation_name, str | None):
        raise refuse("`operationName` must be a string or null.", Code.BAD_REQUEST)
    return GraphQLRequest(query, operation_name, _map(parameters, "variables"), _map(parameters, "extensions"))


def request_from_query_string(query_string: bytes) -> GraphQLRequest:
    """The request in the parameters of a GET."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise refuse("The query string is malformed.", Code.BAD_REQUEST) from None
    parameters = dict[str, object](pairs)
    if len(parameters) != len(pairs):
        raise refuse("A parameter is given twice.", Code.BAD_REQUEST)
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = decoded(cast("str", parameters[name]))
    return request_from({**parameters, "operationName": parameters.get("operationName") or None})


def _map(parameters: Mapping[str, object], name: str) -> dict[str, Any]:
    value = parameters.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise refuse(f"`{name}` must be an object or null.", Code.BAD_REQUEST)
    return cast("dict[str, Any]", value)
