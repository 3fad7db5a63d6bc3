"""Reading a request's body, no further than it may be long."""

import asyncio
from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from resolvers.transport.limits import TransportLimits
from resolvers.transport.negotiation import JSON
from resolvers.transport.pausing import continued
from resolvers.transport.refusals import Code, Refusal, refuse

#: What the header section of a request says, by the names in lower case.
Head = Mapping[bytes, bytes]


async def json_body(head: Head, receive: Receive, limits: TransportLimits) -> bytes:
    """The bytes of a JSON request. Other media types are refused: a form of another site could send them.

    Raises ClientDisconnect when the client goes before all of it has come.
    """
    content_type = head.get(b"content-type", b"")
    if content_type != b"application/json":
        _check_content_type(content_type.decode("latin-1"))
    if head.get(b"content-encoding", b"identity").lower() != b"identity":
        raise refuse("Compressed requests are not supported.", Code.UNSUPPORTED_MEDIA_TYPE, 415)
    reading = _bounded(head, receive, limits.body_size)
    try:
        pending = reading.send(None)
    except StopIteration as all_there:
        return all_there.value
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await continued(reading, pending)
    except TimeoutError:
        message = f"The request did not arrive within {limits.body_seconds:g} seconds."
        raise refuse(message, Code.REQUEST_TIMEOUT, 408, connection="close") from None


def _check_content_type(content_type: str) -> None:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if media_type != JSON:
        raise refuse(f"The content type must be {JSON}.", Code.UNSUPPORTED_MEDIA_TYPE, 415, accept_post=JSON)
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8"):
            raise refuse("The charset must be UTF-8.", Code.UNSUPPORTED_MEDIA_TYPE, 415)


async def _bounded(head: Head, receive: Receive, limit: int) -> bytes:
    announced = head.get(b"content-length", b"0")
    if announced.isdigit() and len(announced) < 20 and int(announced) > limit:
        raise _too_large(limit)
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        more = message.get("more_body", False)
    return bytes(body)


def _too_large(limit: int) -> Refusal:
    # The connection stays open: the server below discards the rest, and the client gets to read this
    return refuse(f"The request is larger than {limit} bytes.", Code.PAYLOAD_TOO_LARGE, 413)
