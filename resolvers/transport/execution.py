"""The edge to graphql-core, whose generic executor is not fully typed."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, TypeGuard, cast

import graphql
import strawberry
from graphql import ExecutionResult, GraphQLSchema
from graphql.execution import Executor, create_source_event_stream
from graphql.execution.execute import execute_subscription_event
from strawberry.execution import optimized_is_awaitable

from resolvers.transport.documents import Operation
from resolvers.transport.live import EventSource
from resolvers.transport.masking import describe
from resolvers.transport.refusals import Code, Refusal
from resolvers.transport.requests import GraphQLRequest

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Execution:
    """Runs operations with the executor that the schema was built for."""

    def __init__(self, schema: strawberry.Schema, *, hide_suggestions: bool) -> None:
        if schema.extensions or schema.directives:
            raise ValueError("This transport executes without Strawberry's schema extensions and directives.")
        self.schema: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]
        self._executor_class = cast("type[Executor[Any]]", schema.execution_context_class)
        self._hide_suggestions = hide_suggestions

    async def result(self, operation: Operation, request: GraphQLRequest, context: object) -> ExecutionResult:
        """The result of a query or mutation."""
        result = graphql.execute(
            self.schema,
            operation.document,
            context_value=context,
            variable_values=request.variables,
            operation_name=request.operation_name,
            executor_class=self._executor_class,
            is_awaitable=_is_awaitable,
            hide_suggestions=self._hide_suggestions,
            operation_extensions=request.extensions,
        )
        return await result if isawaitable(result) else result

    def executor(self, operation: Operation, request: GraphQLRequest, context: object) -> Executor[Any]:
        """What executes a subscription. Refused when the variables don't fit."""
        built = self._executor_class.build(
            self.schema,
            operation.document,
            context_value=context,
            raw_variable_values=request.variables,
            operation_name=request.operation_name,
            is_awaitable=_is_awaitable,
            hide_suggestions=self._hide_suggestions,
            operation_extensions=request.extensions,
        )
        if isinstance(built, list):
            raise Refusal([describe(error, Code.BAD_USER_INPUT) for error in built], understood=True)
        return built


async def source_of(executor: Executor[Any]) -> EventSource:
    """The source stream of a subscription. Refused when its resolver refuses."""
    source = create_source_event_stream(executor)
    if isawaitable(source):
        source = await source
    if isinstance(source, ExecutionResult):
        raise Refusal([describe(error) for error in source.errors or ()], understood=True)
    return cast("EventSource", source)


async def event_result(executor: Executor[Any], event: object, context: object) -> ExecutionResult:
    """The result for one source event."""
    per_event: Executor[Any] = executor.build_per_event_executor(event)
    per_event.context_value = context
    # Copied as one for all events, it would remember the fields of each for as long as the subscription lives
    per_event._relevant_sub_fields = {}  # pyright: ignore[reportPrivateUsage]
    result = execute_subscription_event(per_event)
    return await result if isawaitable(result) else result


def let_go(executor: Executor[Any]) -> None:
    """To be called when nothing more is executed: it is freed at once then, not when the garbage collector comes by.

    Its helpers are methods of its own, and with them it holds itself.
    """
    vars(executor).pop("async_helpers", None)
