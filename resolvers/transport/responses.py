"""The responses to one operation, as JSON."""

from collections.abc import AsyncIterator, Hashable, Mapping
from typing import Any

import orjson
from graphql import ExecutionResult
from graphql.execution import Executor

from resolvers.transport.discretion import Hide
from resolvers.transport.execution import ContextFactory, event_result, let_go
from resolvers.transport.live import EventSource, LiveSource
from resolvers.transport.masking import describe
from resolvers.transport.refusals import Code, Refusal


class Responses(AsyncIterator[bytes]):
    """The response to each event of a subscription.

    Every event gets a context of its own, so that nothing loaded for one answers the next.
    """

    def __init__(self, executor: Executor[Any], source: EventSource, make_context: ContextFactory, hide: Hide) -> None:
        self._executor = executor
        self._source: EventSource | None = source
        self._make_context = make_context
        self._hide = hide

    @property
    def topic(self) -> Hashable:
        """What the events are of; None for a source that can't be shared."""
        return self._source.topic if isinstance(self._source, LiveSource) else None

    @property
    def position(self) -> int | None:
        """The place of the last event; None where there is none yet, or for a source that can't be shared."""
        return self._source.position if isinstance(self._source, LiveSource) else None

    async def __anext__(self) -> bytes:
        if self._source is None:
            raise StopAsyncIteration
        event = await anext(self._source)
        return response_to(await event_result(self._executor, event, self._make_context()), self._hide)

    def handed_over(self, make_context: ContextFactory) -> "Responses":
        """What is left of them, with other contexts. Here nothing is left, and nothing to close."""
        source, self._source = self._source, None
        if source is None:
            raise ValueError("they were handed over or closed before")
        return Responses(self._executor, source, make_context, self._hide)

    async def aclose(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            let_go(self._executor)
            await source.aclose()


def response_to(result: ExecutionResult, hide: Hide, extensions: Mapping[str, object] | None = None) -> bytes:
    """The response as JSON. Refused when execution never began: variables that don't fit."""
    errors = result.errors
    if errors and result.data is None and all(error.path is None for error in errors):
        raise Refusal([describe(error, Code.BAD_USER_INPUT, hide) for error in errors], understood=True)
    response: dict[str, object] = {"data": result.data}
    if errors:
        response["errors"] = [describe(error, hide=hide) for error in errors]
    if extensions:
        response["extensions"] = extensions
    return orjson.dumps(response)
