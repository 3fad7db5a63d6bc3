"""The messages of the graphql-transport-ws protocol: what clients may send, and what they are sent."""

from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import GraphQLFormattedError

from resolvers.transport.refusals import Refusal
from resolvers.transport.requests import GraphQLRequest, decoded, request_from

SUBPROTOCOL = "graphql-transport-ws"


class Closed(Exception):
    """The connection must be closed, and with which code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        #: A close frame has room for 123 bytes of it.
        self.reason = reason.encode()[:123].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    request: GraphQLRequest


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


Message = ConnectionInit | Ping | Pong | Subscribe | Complete


def message_from(text: str) -> Message:
    """The message in a text frame. Malformed ones close the connection."""
    try:
        value = decoded(text)
        if not isinstance(value, dict):
            raise _malformed("A message must be an object")
        return _message(cast("dict[str, object]", value))
    except Refusal as refusal:
        raise _malformed(str(refusal)) from None


def _message(fields: dict[str, object]) -> Message:
    match fields.get("type"):
        case "connection_init":
            return ConnectionInit(_payload(fields) or {})
        case "ping":
            return Ping(_payload(fields))
        case "pong":
            _payload(fields)
            return Pong()
        case "subscribe":
            return Subscribe(_id(fields), request_from(fields.get("payload")))
        case "complete":
            return Complete(_id(fields))
        case _:
            raise _malformed("Unknown message type")


def _payload(fields: dict[str, object]) -> dict[str, Any] | None:
    payload = fields.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise _malformed("The payload must be an object")
    return cast("dict[str, Any] | None", payload)


def _id(fields: dict[str, object]) -> str:
    match fields.get("id"):
        case str(id_) if id_:
            return id_
        case _:
            raise _malformed("The id must be a non-empty string")


def _malformed(reason: str) -> Closed:
    return Closed(4400, reason)


ACKNOWLEDGED = b'{"type":"connection_ack"}'
PING = b'{"type":"ping"}'


def pong(payload: dict[str, Any] | None) -> bytes:
    return orjson.dumps({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})


def next_prefix(id_: str) -> bytes:
    """Everything of a `next` message before its payload; a closing brace comes behind it."""
    return b'{"id":%b,"type":"next","payload":' % orjson.dumps(id_)


def error(id_: str, errors: list[GraphQLFormattedError]) -> bytes:
    return orjson.dumps({"id": id_, "type": "error", "payload": errors})


def complete(id_: str) -> bytes:
    return orjson.dumps({"id": id_, "type": "complete"})
