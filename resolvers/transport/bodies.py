"""Reading a request's body, no further than it may be long."""

import asyncio

from starlette.requests import Request

from resolvers.transport.limits import TransportLimits
from resolvers.transport.negotiation import JSON
from resolvers.transport.refusals import Code, Refusal, refuse


async def json_body(request: Request, limits: TransportLimits) -> bytes:
    """The bytes of a JSON request. Other media types are refused: a form of another site could send them."""
    media_type, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    if media_type != JSON:
        raise refuse(f"The content type must be {JSON}.", Code.UNSUPPORTED_MEDIA_TYPE, 415, accept_post=JSON)
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8"):
            raise refuse("The charset must be UTF-8.", Code.UNSUPPORTED_MEDIA_TYPE, 415)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise refuse("Compressed requests are not supported.", Code.UNSUPPORTED_MEDIA_TYPE, 415)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _bounded(request, limits.body_size)
    except TimeoutError:
        message = f"The request did not arrive within {limits.body_seconds:g} seconds."
        raise refuse(message, Code.REQUEST_TIMEOUT, 408, connection="close") from None


async def _bounded(request: Request, limit: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> Refusal:
    # The connection stays open: the server below discards the rest, and the client gets to read this
    return refuse(f"The request is larger than {limit} bytes.", Code.PAYLOAD_TOO_LARGE, 413)
