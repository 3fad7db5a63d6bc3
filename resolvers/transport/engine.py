"""Answers operations on a schema. Knows nothing of HTTP or WebSocket."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from graphql import ExecutionResult, OperationType
from graphql.execution import Executor

from resolvers.transport.documents import Documents, Operation
from resolvers.transport.execution import Execution, event_result, source_of
from resolvers.transport.limits import TransportLimits
from resolvers.transport.masking import describe
from resolvers.transport.refusals import Code, Refusal, refuse
from resolvers.transport.requests import GraphQLRequest

ContextFactory = Callable[[], object]


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """An operation that may be executed: valid, within its limits, its variables at hand."""

    operation: Operation
    request: GraphQLRequest
    cost: int

    @property
    def is_subscription(self) -> bool:
        return self.operation.kind is OperationType.SUBSCRIPTION

    @property
    def is_mutation(self) -> bool:
        return self.operation.kind is OperationType.MUTATION


class Engine:
    """One schema with its limits."""

    def __init__(self, schema: strawberry.Schema, limits: TransportLimits) -> None:
        self._execution = Execution(schema, hide_suggestions=not limits.introspection)
        self._documents = Documents(self._execution.schema, limits)
        self._limits = limits

    def prepare(self, request: GraphQLRequest) -> PreparedOperation:
        """Finds the operation to execute, or refuses."""
        if request.variables and len(orjson.dumps(request.variables)) > self._limits.variables_size:
            limit = self._limits.variables_size
            raise refuse(f"The variables are larger than {limit} bytes.", Code.PAYLOAD_TOO_LARGE, 413)
        operation = self._documents.of(request.query).operation(request.operation_name)
        cost = operation.cost.of(request.variables)
        if cost > self._limits.cost:
            message = f"The operation may cost {cost}; at most {self._limits.cost} is allowed."
            extensions = {"code": Code.COST_LIMIT_EXCEEDED, **self._cost_report(cost)}
            raise Refusal([{"message": message, "extensions": extensions}], understood=True)
        return PreparedOperation(operation, request, cost)

    async def execute(self, prepared: PreparedOperation, context: object) -> bytes:
        """The response to a query or mutation."""
        result = await self._execution.result(prepared.operation, prepared.request, context)
        return response_to(result, self._cost_report(prepared.cost))

    async def subscribe(
        self, prepared: PreparedOperation, make_context: ContextFactory
    ) -> AsyncGenerator[tuple[object, bytes]]:
        """Creates the source stream of a subscription; then come its events, each with its response.

        Every event gets a context of its own, so that nothing loaded for one answers the next.
        """
        executor = self._execution.executor(prepared.operation, prepared.request, make_context())
        return _responses(executor, await source_of(executor), make_context)

    def _cost_report(self, cost: int) -> Mapping[str, object]:
        return {"cost": {"requested": cost, "limit": self._limits.cost}}


async def _responses(
    executor: Executor[Any], source: AsyncGenerator[object], make_context: ContextFactory
) -> AsyncGenerator[tuple[object, bytes]]:
    async with aclosing(source):
        async for event in source:
            yield event, response_to(await event_result(executor, event, make_context()))


def response_to(result: ExecutionResult, extensions: Mapping[str, object] | None = None) -> bytes:
    """The response as JSON. Refused when execution never began: variables that don't fit."""
    errors = result.errors
    if errors and result.data is None and all(error.path is None for error in errors):
        raise Refusal([describe(error, Code.BAD_USER_INPUT) for error in errors], understood=True)
    response: dict[str, object] = {"data": result.data}
    if errors:
        response["errors"] = [describe(error) for error in errors]
    if extensions:
        response["extensions"] = extensions
    return orjson.dumps(response)
