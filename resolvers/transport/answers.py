"""JSON as the answer to a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import orjson
from starlette.types import Receive, Scope, Send

from resolvers.transport.negotiation import EVENT_STREAM, GRAPHQL_JSON, JSON, preferred
from resolvers.transport.refusals import Refusal

#: What was answered holds now, for who has asked, and is JSON.
_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """Sent below Starlette's responses: there is nothing in it but what every answer has."""

    body: bytes
    accept: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", _content_type(self.accept)),
            (b"content-length", str(len(self.body)).encode()),
            *_ALWAYS,
            *[(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()],
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


@lru_cache(256)
def _content_type(accept: str) -> bytes:
    return f"{preferred(accept, (JSON, GRAPHQL_JSON)) or JSON}; charset=utf-8".encode()


def refusal_answer(refusal: Refusal, accept: str) -> JsonAnswer:
    """What a client reads of a refusal; 200 where one that asks for `application/json` only expects it."""
    legacy = preferred(accept, (JSON, GRAPHQL_JSON)) != GRAPHQL_JSON and EVENT_STREAM not in accept
    status = 200 if refusal.understood and legacy else refusal.status
    return JsonAnswer(orjson.dumps({"errors": refusal.errors}), accept, status, refusal.headers)
