"""The edge to graphql-core, whose generic executor is not fully typed."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Awaitable, Callable
from functools import partial
from inspect import isawaitable
from typing import Any, TypeGuard, cast

import strawberry
from graphql import ExecutionResult, GraphQLError, GraphQLSchema
from graphql.execution import Executor, create_source_event_stream
from graphql.execution.execute import execute_subscription_event
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.transport.documents import Operation
from resolvers.transport.live import EventSource
from resolvers.transport.masking import describe
from resolvers.transport.plans.executor import PlanningExecutor
from resolvers.transport.refusals import Code, Refusal
from resolvers.transport.requests import GraphQLRequest

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Execution:
    """Runs operations: by plan where `compiled_plans` is set, else with Strawberry's executor as it is."""

    def __init__(self, schema: strawberry.Schema, *, hide_suggestions: bool, compiled_plans: bool) -> None:
        if schema.extensions or schema.directives:
            raise ValueError("This transport executes without Strawberry's schema extensions and directives.")
        if schema.execution_context_class is not StrawberryGraphQLCoreExecutionContext:
            raise ValueError("This transport executes without execution contexts of a schema's own.")
        self.schema: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]
        self._hide_suggestions = hide_suggestions
        self._compiled_plans = compiled_plans

    async def result(self, operation: Operation, request: GraphQLRequest, context: object) -> ExecutionResult:
        """The result of a query or mutation. Refused when the variables don't fit."""
        result = self.executor(operation, request, context).execute_operation()
        return cast("ExecutionResult", await result if isawaitable(result) else result)

    def executor(self, operation: Operation, request: GraphQLRequest, context: object) -> Executor[Any]:
        """What executes an operation. Refused when the variables don't fit."""
        built = self._build(operation)(
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

    def _build(self, operation: Operation) -> Callable[..., list[GraphQLError] | Executor[Any]]:
        if self._compiled_plans:
            return partial(PlanningExecutor.build, plans=operation.plans)
        return StrawberryGraphQLCoreExecutionContext.build


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
    result = execute_subscription_event(per_event)
    return await result if isawaitable(result) else result
